"""A killed process leaves the old table and does not stand in the next run's way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from hygge_core.store import Leases, Recovers
from hygge_core.testing.frames import small
from hygge_core.testing.judge import holds, needs
from hygge_core.testing.process import die, in_process, named
from hygge_core.testing.publish import publish, write


if TYPE_CHECKING:
    import polars as pl

    from hygge_core.commit import Recovery, Table, TableRun
    from hygge_core.store import Store
    from hygge_core.testing.judge import NewRun, OpenStore, Read


class CrashCases:
    """Processes of their own are really killed; for every single operation see the crash matrix."""

    promise: ClassVar[str] = "a killed run leaves the table as it was, and does not stand in the next run's way"
    opener: ClassVar[str] = ""

    def test_killed_while_writing(
        self, place: Any, store: Store, read: Read, table: Table, new_run: NewRun, rows: pl.DataFrame
    ) -> None:
        self._killed(place, store, read, table, new_run, rows, "writing")

    def test_killed_between_seal_and_commit(
        self, place: Any, store: Store, read: Read, table: Table, new_run: NewRun, rows: pl.DataFrame
    ) -> None:
        self._killed(place, store, read, table, new_run, rows, "sealed")

    def test_recovery_sweeps_a_killed_stage_once(
        self, place: Any, store: Store, open_store: OpenStore, read: Read, table: Table, new_run: NewRun
    ) -> None:
        needs(isinstance(store, Recovers), "the store does not recover")
        self._kill(place, table, new_run(), "sealed")
        first = _recover(open_store(), table)
        assert first.swept, "broken promise: recovery says which stages of killed runs it swept"
        assert not first.rolled_forward, "broken promise: what was never committed is not rolled forward"
        assert not _recover(open_store(), table).swept, "broken promise: recovering again finds nothing left"
        holds(read, table, None, "recovery never makes an unrecorded stage visible")

    def test_a_killed_holders_lease_is_taken_over(
        self, place: Any, store: Store, read: Read, table: Table, new_run: NewRun, rows: pl.DataFrame
    ) -> None:
        needs(isinstance(store, Leases), "the store has no leases")
        self._kill(place, table, new_run(), "leased")
        publish(store, table, new_run(), [[rows]])
        holds(read, table, rows, "the lease of a killed holder is taken over")

    def test_another_process_recovers_and_goes_on(
        self, place: Any, store: Store, read: Read, table: Table, new_run: NewRun, rows: pl.DataFrame
    ) -> None:
        publish(store, table, new_run(), [[small(50)]])
        self._kill(place, table, new_run(), "sealed")
        ending = in_process(_publish_elsewhere, self.opener, place, table, new_run(), rows)
        assert not ending.error, f"broken promise: a process that knows nothing but the place goes on: {ending.error}"
        expected = rows if table.mode == "replace" else small(50).vstack(rows)
        holds(read, table, expected, "another process recovers what a killed one left, and publishes")

    def _killed(
        self, place: Any, store: Store, read: Read, table: Table, new_run: NewRun, rows: pl.DataFrame, when: str
    ) -> None:
        publish(store, table, new_run(), [[small(50)]])
        self._kill(place, table, new_run(), when)
        holds(read, table, small(50), "a killed run leaves the old table as it was")
        publish(store, table, new_run(), [[rows]])
        expected = rows if table.mode == "replace" else small(50).vstack(rows)
        holds(read, table, expected, "the run after a killed one is not spoiled by it")

    def _kill(self, place: Any, table: Table, run: TableRun, when: str) -> None:
        needs(bool(self.opener), "the store names no opener: it dies with its process")
        ending = in_process(_run_and_die, self.opener, place, table, run, when)
        assert ending.killed, f"the process that was to be killed ended by itself: {ending.error or ending.value}"


def _run_and_die(opener: str, place: Any, table: Table, run: TableRun, when: str) -> None:
    store: Store = named(opener)(place)
    if when == "leased" and isinstance(store, Leases):
        with store.lease(table, run):
            die()
    stage = store.stage(table, run)
    if when == "writing":
        stage.writer().write(small(100))
        die()
    write(stage, [[small(100), small(200)]])
    die()


def _publish_elsewhere(opener: str, place: Any, table: Table, run: TableRun, rows: pl.DataFrame) -> None:
    store: Store = named(opener)(place)
    try:
        publish(store, table, run, [[rows]])
    finally:
        store.close()


def _recover(store: Store, table: Table) -> Recovery:
    assert isinstance(store, Recovers)
    return store.recover(table)
