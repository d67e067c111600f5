"""Replacing a mirrored table: its folder goes, the database lets go of the table, then it comes back.

Best practices of Microsoft (2026-09): wait until the table is gone from the mirrored database before the folder is
made again, or rows of both mix.  How far a rebuild has come lies beside the commit record, so
that a run after a crash goes on there.
"""

from __future__ import annotations

import json
import logging
import time
from typing import TYPE_CHECKING, Any, Literal

from attrs import field, frozen

from hygge_core.errors import Interrupted, StoreUnavailable
from hygge_store_openmirroring.publishing.tables import Unknown


if TYPE_CHECKING:
    from collections.abc import Callable

    from hygge_core.lake import Lake
    from hygge_core.staging.place import Place
    from hygge_store_openmirroring.publishing.tables import MirroredTables


Step = Literal["dropping", "waiting", "publishing"]


@frozen(kw_only=True)
class Rebuild:
    """How long to wait for what; all in seconds.

    ``tables`` tells whether the mirrored database shows a table.  Where it cannot tell, ``drop_wait`` must
    pass after the folder is gone; where it can, it is asked every ``poll`` and at most for ``drop_timeout``;
    afterwards for ``return_wait``, until it shows the table again.
    """

    tables: MirroredTables = field(factory=Unknown)
    drop_wait: float = 120.0
    drop_timeout: float = 900.0
    return_wait: float = 300.0
    poll: float = 5.0
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.time

    def clear(self, lake: Lake, place: Place, token: str, check: Callable[[], None]) -> None:
        """Bring the table's place to where nothing is left of the old table; returns at once when that was done.

        ``check`` raises once this writer may have lost the table to another.
        """
        step, since = _read(lake, place, token)
        if step == "publishing":
            return
        if step == "":
            if lake.stat(place.table) is None and self.tables.has(place.table) is not True:
                self._note(lake, place, token, "publishing")
                return
            self._note(lake, place, token, "dropping")
        if step != "waiting":
            check()
            lake.delete_directory(place.table)
            since = self.clock()
            self._note(lake, place, token, "waiting", since)
        self._wait_until_gone(lake, place, since)
        self._note(lake, place, token, "publishing", since)

    def done(self, lake: Lake, place: Place) -> None:
        """Forget how far it came, once everything is published; after a drop, look whether the table came back."""
        dropped = _noted(lake, place).get("since", 0.0) > 0
        lake.delete(_note_of(place))
        if dropped and not self._came_back(place):
            logging.getLogger("hygge").warning(
                "%s: published anew, and after %s s the mirrored database does not show it yet; "
                "`hygge mirror status` tells how it goes on",
                lake.url(place.table),
                f"{self.return_wait:,.0f}",
            )

    def _came_back(self, place: Place) -> bool:
        """Wait until the table is seen, or nobody can tell, or it was long enough, or the run is to stop."""
        began = self.clock()
        while self.tables.has(place.table) is False:
            if max(self.clock() - began, 0.0) >= self.return_wait:
                return False
            try:
                self.sleep(min(self.poll, self.return_wait))
            except Interrupted:
                return True  # everything is published; nothing is known to be wrong
        return True

    def _wait_until_gone(self, lake: Lake, place: Place, since: float) -> None:
        while True:
            there = self.tables.has(place.table)
            passed = max(self.clock() - since, 0.0)
            if there is False or (there is None and passed >= self.drop_wait):
                return
            if there and passed >= self.drop_timeout:
                raise StoreUnavailable(
                    f"the mirrored database still shows this table {passed:,.0f} s after its folder was deleted",
                    where=lake.url(place.table),
                    fix="look at its state in Fabric; nothing is lost: the rows are staged and the next run goes on",
                )
            self.sleep(self.poll if there else min(self.poll, self.drop_wait - passed))

    @staticmethod
    def _note(lake: Lake, place: Place, token: str, step: Step, since: float = 0.0) -> None:
        lake.put(_note_of(place), json.dumps({"run": token, "step": step, "since": since}).encode())


def _note_of(place: Place) -> str:
    return f"{place.state}/rebuild.json"


def _read(lake: Lake, place: Place, token: str) -> tuple[str, float]:
    """Return how far this commit's rebuild came. A note of another commit that never ended counts as not begun."""
    said = _noted(lake, place)
    return (said["step"], said["since"]) if said.get("run") == token else ("", 0.0)


def _noted(lake: Lake, place: Place) -> dict[str, Any]:
    """Read the note; empty where there is none."""
    if lake.stat(_note_of(place)) is None:
        return {}
    said: dict[str, Any] = json.loads(lake.read(_note_of(place)))
    return said
