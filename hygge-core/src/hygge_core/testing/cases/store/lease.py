"""One writer per table: the second is told who the first is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Any, ClassVar

import polars as pl
import pytest
from attrs import evolve

from hygge_core.errors import Locked
from hygge_core.store import Leases
from hygge_core.testing.frames import difference, small
from hygge_core.testing.judge import holds, needs
from hygge_core.testing.process import in_process, named
from hygge_core.testing.publish import publish


if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygge_core.commit import Table, TableRun
    from hygge_core.store import Store
    from hygge_core.testing.judge import NewRun, OpenStore, Read


class LeaseCases:
    """The cases of a store that keeps a second writer out."""

    promise: ClassVar[str] = "a second writer is turned away, and told who the first is"
    opener: ClassVar[str] = ""

    def test_a_promised_single_writer_has_leases(self, store: Store) -> None:
        needs(store.capabilities.single_writer.kept, store.capabilities.single_writer.reason)
        assert isinstance(store, Leases), "broken promise: single_writer is declared as kept, but there is no `lease`"

    def test_a_second_writer_is_told_who_holds_the_table(
        self, store: Store, open_store: OpenStore, table: Table, new_run: NewRun
    ) -> None:
        first = new_run()
        with _leasing(store).lease(table, first):
            for other in (store, open_store()):
                _is_locked(_leasing(other), table, new_run(), first)

    def test_a_thread_of_the_same_process_is_a_second_writer(self, store: Store, table: Table, new_run: NewRun) -> None:
        first, second = new_run(), new_run()
        leasing = _leasing(store)
        with leasing.lease(table, first), ThreadPoolExecutor(1) as thread:
            thread.submit(_is_locked, leasing, table, second, first).result()

    def test_another_process_is_a_second_writer(self, place: Any, store: Store, table: Table, new_run: NewRun) -> None:
        needs(bool(self.opener), "the store names no opener: it dies with its process")
        first = new_run()
        with _leasing(store).lease(table, first):
            ending = in_process(_lease_elsewhere, self.opener, place, table, new_run())
        assert ending.kind == "Locked", f"broken promise: a second process is locked out, but: {ending}"
        assert first.id in ending.error, f"broken promise: `Locked` names the holder's run {first.id}: {ending.error}"

    def test_a_released_table_is_free(self, store: Store, open_store: OpenStore, table: Table, new_run: NewRun) -> None:
        with _leasing(store).lease(table, new_run()):
            pass
        with pytest.raises(ZeroDivisionError), _leasing(store).lease(table, new_run()):
            raise ZeroDivisionError
        with _leasing(open_store()).lease(table, new_run()):
            pass

    def test_other_tables_are_free(self, store: Store, table: Table, new_run: NewRun) -> None:
        leasing = _leasing(store)
        with leasing.lease(table, new_run()), leasing.lease(evolve(table, name="contact"), new_run()):
            pass

    def test_of_writers_at_once_each_commits_whole_or_is_turned_away(
        self, open_store: OpenStore, store: Store, read: Read, table: Table, new_run: NewRun
    ) -> None:
        _leasing(store)
        start = Barrier(4)
        stores = [open_store() for _ in range(4)]
        with ThreadPoolExecutor(4) as threads:
            jobs = [threads.submit(_race, start, *each) for each in _entries(stores, table, new_run)]
            won = [frame for job in jobs if (frame := job.result()) is not None]
        assert won, "broken promise: of writers that begin at once one may write"
        if table.mode == "append":
            holds(read, table, pl.concat(won), "writers at once each append whole, or are turned away")
            return
        found = read(table)
        differences = [difference(found, frame) for frame in won]
        assert "" in differences, (
            f"broken promise: of writers at once the table holds one whole. It holds: {differences}"
        )


def _entries(
    stores: list[Store], table: Table, new_run: NewRun
) -> Iterator[tuple[Store, Table, TableRun, pl.DataFrame]]:
    for number, store in enumerate(stores):
        yield store, table, new_run(), small(number * 10)


def _race(start: Barrier, store: Store, table: Table, run: TableRun, rows: pl.DataFrame) -> pl.DataFrame | None:
    """Publish together with others; returns the rows, None when another one held the table."""
    start.wait(60)
    try:
        publish(store, table, run, [[rows]])
    except Locked:
        return None
    return rows


def _leasing(store: Store) -> Leases:
    needs(isinstance(store, Leases), "the store has no leases")
    assert isinstance(store, Leases)
    return store


def _is_locked(store: Leases, table: Table, run: TableRun, holder: TableRun) -> None:
    with pytest.raises(Locked) as refused, store.lease(table, run):
        pass
    assert holder.id in refused.value.holder, (
        f"broken promise: `Locked` names the holder's run {holder.id}, not {refused.value.holder!r}"
    )


def _lease_elsewhere(opener: str, place: Any, table: Table, run: TableRun) -> None:
    store: Store = named(opener)(place)
    assert isinstance(store, Leases)
    with store.lease(table, run):
        pass
