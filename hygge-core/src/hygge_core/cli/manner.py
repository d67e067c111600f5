"""How ``go`` is asked to move tables: as their flows say, whole, what is new, or a range again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve, frozen

from hygge_core.cli.selection import incrementally
from hygge_core.errors import UsageError


if TYPE_CHECKING:
    from hygge_core.config.model import EntityConfig
    from hygge_core.watermark.window import Backfill


@frozen(kw_only=True)
class Manner:
    """The options of the command line that say how; ``low`` and ``high`` are those of ``--from`` and ``--to``."""

    incremental: bool = False
    full_drop: bool = False
    low: str | None = None
    high: str | None = None
    move_watermark: bool = False

    @property
    def ranged(self) -> bool:
        """Tell whether a range was asked for."""
        return self.low is not None or self.high is not None

    @property
    def backfill(self) -> Backfill | None:
        """The range that was asked for."""
        from hygge_core.watermark.window import Backfill

        return Backfill(low=self.low, high=self.high, moves=self.move_watermark) if self.ranged else None

    def applied(self, entities: tuple[EntityConfig, ...]) -> tuple[EntityConfig, ...]:
        """Have the entities moved this way. Raises `UsageError` for options or entities that do not allow it."""
        self._demand_sense()
        if self.full_drop:
            return tuple(evolve(entity, run_type="full_drop") for entity in entities)
        if self.ranged:
            return incrementally(entities, "--from" if self.low is not None else "--to")
        return incrementally(entities, "--incremental") if self.incremental else entities

    def _demand_sense(self) -> None:
        if self.incremental and self.full_drop:
            raise UsageError("--incremental and --full-drop exclude each other", fix="give one of them, or neither")
        if self.ranged and self.full_drop:
            what = "--full-drop replaces the whole table, and --from and --to ask for a part of it"
            raise UsageError(what, fix="leave --full-drop out")
        if self.move_watermark and not self.ranged:
            what = "--move-watermark goes with --from and --to"
            raise UsageError(what, fix="to set a watermark alone, use `hygge journal set`")
