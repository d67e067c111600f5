"""One table of the original as its defects look at it: where it came from, where it went, and how it moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from hygge_core.migrate.rules.values import truth


if TYPE_CHECKING:
    from hygge_core.migrate.merging import OldTable


_FILTERING = frozenset({"mssql"})
"""Homes of the original that could read what is new."""


@frozen(kw_only=True)
class Case:
    """One old table; ``journal`` tells whether there was one for it."""

    table: OldTable
    journal: bool

    @property
    def home(self) -> str:
        """The type of its home."""
        return self.table.word(self.table.home, "type", "parquet")

    @property
    def store(self) -> str:
        """The type of its store."""
        return self.table.word(self.table.store, "type", "parquet")

    @property
    def incremental(self) -> bool:
        """Whether it added to what was there."""
        if self.table.word(self.table.store, "incremental", ""):
            return truth(self.table.word(self.table.store, "incremental", ""), {}) is True
        if self.table.full_drop is not None:
            return truth(self.table.full_drop.value, {}) is not True
        return self.table.word(self.table.moving, "run_type", "full_drop") == "incremental"

    @property
    def followed(self) -> bool:
        """Whether its watermark was looked at at all."""
        watermark = any(path[0] == "watermark" for path in self.table.moving)
        return self.home in _FILTERING and ("query",) not in self.table.home and watermark and self.journal

    def polished(self, part: str) -> bool:
        """Tell whether the polish has a part."""
        return any(path[:2] == ("polish", part) for path in self.table.store)
