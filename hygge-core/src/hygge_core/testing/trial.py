"""What the processes of a crash matrix do: publish, be stopped, recover, run again, look."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

import polars as pl
from attrs import frozen

from hygge_core.commit import Table, TableRun
from hygge_core.mark import Mark, Watermark
from hygge_core.schema import columns_of
from hygge_core.store import Recovers, Remembers
from hygge_core.testing.incremental import marked_wrong, run_incremental
from hygge_core.testing.origins import ROWS, deleted, numbers
from hygge_core.testing.process import named
from hygge_core.testing.publish import leased, publish
from hygge_core.testing.shim import recording, striking


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from multiprocessing.connection import Connection

    from hygge_core.commit import CommitRecord
    from hygge_core.store import Store
    from hygge_core.testing.plan import Level, Point, Scenario, Subject
    from hygge_core.testing.shim import Shim

T = TypeVar("T")

TABLE = "account"


@frozen(kw_only=True)
class Seen:
    """What the last process of a point saw: the table before and after it ran again, and what was left.

    ``wrong`` says where an incremental table's watermark and its rows parted ways.
    """

    before: dict[str, list[int]] | None
    after: dict[str, list[int]] | None
    left: tuple[str, ...]
    wrong: tuple[str, ...] = ()


def record(subject: Subject, scenario: Scenario, place: str, level: Level, thorough: bool) -> list[str]:  # noqa: FBT001 - named by its caller
    """Publish undisturbed and return every operation that it took."""
    prepare(subject, scenario, place)
    with recording(place, level, thorough=thorough) as (shim, operations):
        _publish_and_close(_open(subject, place, shim), scenario)
    return operations


def strike(line: Connection, subject: Subject, scenario: Scenario, place: str, point: Point) -> None:
    """Publish and be stopped at the point. A second writer is asked for over the line."""
    prepare(subject, scenario, place)
    with striking(line, place, point) as shim:
        _publish_and_close(_open(subject, place, shim), scenario)


def publish_new(subject: Subject, scenario: Scenario, place: str) -> None:
    """Publish the new rows, over what `prepare` left; whoever stops it does so from outside."""
    _publish_and_close(_open(subject, place), scenario)


def publish_when_told(line: Connection, subject: Subject, scenario: Scenario, place: str) -> None:
    """Do the same in a process of its own: name the process over the line and wait for the word to begin."""
    line.send(os.getpid())
    line.recv()
    publish_new(subject, scenario, place)


def rival(subject: Subject, scenario: Scenario, place: str) -> None:
    """Publish from beginning to end while another process stands still in the middle of it."""
    store = _open(subject, place)
    try:
        _publish(store, scenario, "rival")
    finally:
        store.close()


def recover(line: Connection, subject: Subject, scenario: Scenario, place: str, point: Point) -> None:
    """Recover, as the next run would, and be killed at an operation of the recovery."""
    with striking(line, place, point) as shim:
        _recovered(_open(subject, place, shim), scenario)


def run_again(subject: Subject, scenario: Scenario, place: str) -> Seen:
    """Look at the table, run again as the next ``hygge go`` would, and look once more."""
    before = _look(subject, place)
    store = _open(subject, place)
    committed = scenario.mode != "replace" and _recovered(store, scenario)
    wrong = [*_marked_wrong(subject, scenario, place, store)]
    if scenario.incremental or not committed:
        _publish(store, scenario, "new", attempt=2)
    store.close()
    wrong += _marked_wrong(subject, scenario, place, store)
    left = tuple(named(subject.leftovers)(place))
    return Seen(before=before, after=_look(subject, place), left=left, wrong=tuple(wrong))


def _marked_wrong(subject: Subject, scenario: Scenario, place: str, store: Store) -> Iterator[str]:
    if scenario.incremental:
        yield from marked_wrong(store, scenario, _table(scenario), _look(subject, place) or ())


def _recovered(store: Store, scenario: Scenario) -> bool:
    """Recover and say whether the new rows have been committed, by the store's own memory."""
    table = _table(scenario)
    with leased(store, table, _run("recovery")):
        if isinstance(store, Recovers):
            store.recover(table)
        last = store.last(table) if isinstance(store, Remembers) else None
    return "new" in _origins(last).split()


def prepare(subject: Subject, scenario: Scenario, place: str) -> None:
    """Publish the old rows, unless the scenario begins without any."""
    if scenario.over_old:
        store = _open(subject, place)
        _publish(store, scenario, "old")
        store.close()


def _publish_and_close(store: Store, scenario: Scenario) -> None:
    try:
        _publish(store, scenario, "new")
    finally:
        store.close()


def _publish(store: Store, scenario: Scenario, origin: str, *, attempt: int = 1) -> None:
    table = _table(scenario)
    if scenario.incremental:
        run_incremental(store, scenario, origin, table)
        return

    def seen() -> Watermark:
        last = store.last(table) if isinstance(store, Remembers) else None
        origins = f"{_origins(last)} {origin}".strip()
        return Watermark(column="origin", mark=Mark(dtype="string", text=origins))

    publish(
        store,
        table,
        _run(origin, attempt),
        list(_streams(scenario, origin)),
        watermark=seen,
        key=("number",) if scenario.mode == "upsert" else (),
        deleted=pl.LazyFrame({"number": deleted(scenario, origin)}, schema={"number": pl.Int64}),
    )


def _origins(last: CommitRecord | None) -> str:
    """Return what the table has seen, which its watermark tells."""
    return last.watermark.mark.text if last and last.watermark and last.watermark.mark else ""


def _unhindered(target: T) -> T:
    return target


def _open(subject: Subject, place: str, shim: Shim = _unhindered) -> Store:
    store: Store = named(subject.open)(place, shim)
    return store


def _look(subject: Subject, place: str) -> dict[str, list[int]] | None:
    """Read the numbers of the rows of each origin, None when there is no table."""
    columns = named(subject.read)(place, TABLE)
    if columns is None:
        return None
    seen: dict[str, list[int]] = {}
    for origin, number in zip(columns["origin"], columns["number"], strict=True):
        seen.setdefault(origin, []).append(number)
    return {origin: sorted(numbers) for origin, numbers in seen.items()}


def _streams(scenario: Scenario, origin: str) -> Iterator[list[pl.DataFrame]]:
    every = numbers(scenario, origin)
    batches = [_batch(origin, every[first : first + ROWS]) for first in range(0, len(every), ROWS)]
    for writer in range(scenario.writers):
        yield batches[writer * scenario.batches :][: scenario.batches]


def _batch(origin: str, held: Sequence[int]) -> pl.DataFrame:
    return pl.DataFrame({"origin": [origin] * len(held), "number": held})


def _table(scenario: Scenario) -> Table:
    return Table(name=TABLE, flow="crash", columns=columns_of(_batch("", [0]).schema), mode=scenario.mode)


def _run(name: str, attempt: int = 1) -> TableRun:
    started = datetime(2024, 2, 29, tzinfo=UTC)
    return TableRun(id=f"20240229T000000-{name}", flow="crash", entity=TABLE, started=started, attempt=attempt)
