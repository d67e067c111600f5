"""A reader beside a writer sees the old table or the new one, in each mode that a store declares to be one step."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TYPE_CHECKING, ClassVar

import polars as pl
from attrs import evolve

from hygge_core.testing.frames import small
from hygge_core.testing.judge import declared, needs, needs_mode, writers_of
from hygge_core.testing.publish import publish


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hygge_core.commit import Mode, Table
    from hygge_core.store import Promise, Store
    from hygge_core.testing.judge import NewRun, Read

    Rows = tuple[tuple[object, ...], ...] | None
    """The sorted rows of a table as a reader saw it; None is no table."""

_COMMITS = 4


class AtomicReplaceCases:
    """The table as a whole changes in one step."""

    promise: ClassVar[str] = "a reader sees the old table or the new one while it is replaced"

    def test_a_reader_beside_replacements_sees_one_of_them(
        self, store: Store, read: Read, table: Table, new_run: NewRun
    ) -> None:
        _needs(store, "replace", store.capabilities.atomic_replace)
        _watched(store, read, table, new_run, "replace")


class UnmixedCases:
    """Also where a replacement takes several steps, with no table between them."""

    promise: ClassVar[str] = "a reader never sees rows of two replacements together"

    def test_a_reader_beside_replacements_sees_no_two_together(
        self, store: Store, read: Read, table: Table, new_run: NewRun
    ) -> None:
        _needs(store, "replace", declared(store, "unmixed"))
        _watched(store, read, table, new_run, "replace", gaps=True)


class AtomicAppendCases:
    """All rows of a commit come in one step."""

    promise: ClassVar[str] = "a reader sees all rows of an append or none"

    def test_a_reader_beside_appends_sees_each_whole(
        self, store: Store, read: Read, table: Table, new_run: NewRun
    ) -> None:
        _needs(store, "append", store.capabilities.atomic_append)
        _watched(store, read, table, new_run, "append")


class AtomicUpsertCases:
    """Rows come, change and go in one step."""

    promise: ClassVar[str] = "a reader sees an upsert whole or not at all"

    def test_a_reader_beside_upserts_sees_each_whole(
        self, store: Store, read: Read, table: Table, new_run: NewRun
    ) -> None:
        _needs(store, "upsert", store.capabilities.atomic_upsert)
        _watched(store, read, table, new_run, "upsert")


def _needs(store: Store, mode: Mode, promise: Promise) -> None:
    needs(promise.kept, promise.reason)
    needs_mode(store, mode)


def _watched(store: Store, read: Read, table: Table, new_run: NewRun, mode: Mode, *, gaps: bool = False) -> None:
    """Commit several times while a reader looks as often as it can; every look must be the table after some commit."""
    first, commits = "replace" if mode == "upsert" else mode, list(_commits(mode, writers_of(store, 3)))
    publish(store, evolve(table, mode=first), new_run(), commits[0])
    begun, ended = Event(), Event()
    with ThreadPoolExecutor(1) as thread:
        looks = thread.submit(_look, read, table, begun, ended)
        try:
            begun.wait(60)
            for streams in commits[1:]:
                key = table.key if mode == "upsert" else ()
                publish(store, evolve(table, mode=mode), new_run(), streams, key=key)
        finally:
            ended.set()
        seen = looks.result(120)
    whole = [_rows(frame) for frame in _after_each(mode, commits)]
    strange = [look for look in seen if look not in whole and not (gaps and look is None)]
    assert not strange, (
        f"broken promise: a reader of {table.name!r} sees a {mode} whole or not at all. It saw: {strange[0]}"
    )


def _commits(mode: Mode, writers: int) -> list[Sequence[Sequence[pl.DataFrame]]]:
    """Make the batches of each commit: other rows in an append, else the same keys with other texts."""
    return [
        [[_named(writer * 10 + (number * 100 if mode == "append" else 0), number)] for writer in range(writers)]
        for number in range(_COMMITS)
    ]


def _named(start: int, commit: int) -> pl.DataFrame:
    return small(start, 10).with_columns(name=pl.format(f"commit {commit}, row {{}}", "id"))


def _after_each(mode: Mode, commits: Sequence[Sequence[Sequence[pl.DataFrame]]]) -> list[pl.DataFrame]:
    frames = [pl.concat([batch for stream in commit for batch in stream]) for commit in commits]
    return [pl.concat(frames[: number + 1]) for number in range(_COMMITS)] if mode == "append" else frames


def _look(read: Callable[[Table], pl.DataFrame | None], table: Table, begun: Event, ended: Event) -> set[Rows]:
    """Read again and again; a reader that a switch overtook, and that was told so by an error, reads once more."""
    seen: set[Rows] = set()
    while not ended.is_set():
        try:
            seen.add(_rows(read(table)))
        except Exception:  # noqa: BLE001, S112 - files that vanished under a reader are an error of its own, and loud
            continue
        finally:
            begun.set()
    seen.add(_rows(read(table)))
    return seen


def _rows(frame: pl.DataFrame | None) -> Rows:
    return None if frame is None else tuple(sorted(frame.select("id", "name").rows()))
