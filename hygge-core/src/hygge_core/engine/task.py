"""What one table run needs to know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from hygge_core.commit import Table, TableRun
from hygge_core.home import ReadRequest


if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from hygge_core.commit import Receipt
    from hygge_core.config.model import EntityConfig
    from hygge_core.engine.stop import Stop
    from hygge_core.engine.teller import TableTeller
    from hygge_core.home import Home
    from hygge_core.plugins import Plugins
    from hygge_core.store import Store
    from hygge_core.watermark.window import Backfill


@frozen(kw_only=True)
class TableTask:
    """One table to move, with everything that its run shares with the others.

    ``now`` is the moment of the whole run, ``attempts`` counts the first one, ``memory`` is
    what this table may have in flight and ``batch_bytes`` what one batch should be near.
    ``recovered`` is told of each commit of a killed run that this one finished.
    """

    entity: EntityConfig
    home: Home
    store: Store
    plugins: Plugins
    teller: TableTeller
    stop: Stop
    run_id: str
    now: datetime
    attempts: int
    batch_bytes: int
    memory: int
    recovered: Callable[[Receipt], None]
    backfill: Backfill | None = None

    @property
    def table(self) -> Table:
        """The table as it is known before its columns and its last commit are."""
        return Table(name=self.entity.name, flow=self.entity.flow)

    @property
    def request(self) -> ReadRequest:
        """What to read, all of it."""
        return ReadRequest(entity=self.entity.name, flow=self.entity.flow, batch_bytes=self.batch_bytes)

    def run(self, attempt: int) -> TableRun:
        """Name one attempt of this table run."""
        return TableRun(
            id=self.run_id, flow=self.entity.flow, entity=self.entity.name, started=self.now, attempt=attempt
        )
