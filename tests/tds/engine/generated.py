"""Tables whose rows are made while they are read, so that they may be larger than memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from tds.contract import Encoded, SqlError
from tds.engine.storage.versions import Version


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tds.engine.storage.versions import Changes, Row


@frozen
class Generated(Version):
    """A version whose rows come from something that can be gone through many times; it is never written."""

    source: Iterable[Any] = field(kw_only=True, repr=False)

    def rows(self) -> Iterator[Any]:
        """Yield the rows, as bytes where they were given so."""
        return iter(self.source)

    @property
    def encoded(self) -> bool:
        """Say whether the rows are bytes, which nothing can look into."""
        return isinstance(next(iter(self.source), None), Encoded)

    def numbered(self) -> Iterator[tuple[int, Row]]:
        """Refuse: these rows have no numbers."""
        raise SqlError(3906, "Failed to update: the rows of this table are made while they are read.")

    def __len__(self) -> int:
        return sum(row.rows if isinstance(row, Encoded) else 1 for row in self.source)

    def with_changes(self, changes: Changes) -> Version:
        """Return this version, which nothing changes."""
        if changes.rows or changes.deleted:
            raise SqlError(3906, "Failed to update: the rows of this table are made while they are read.")
        return self
