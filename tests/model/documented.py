"""What docs/incremental.md and docs/upsert-and-deletes.md say of a run, as a few lines of pure Python.

Watermarks are plain numbers here, called ticks; no code of hygge is used.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Literal

from attrs import evolve, frozen


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@frozen(kw_only=True, order=True)
class Row:
    """One row, in the source or in the store. ``note`` is a column that the source gets later."""

    region: str
    id: int
    tick: int | None
    value: int
    gone: bool = False
    note: int | None = None

    @property
    def key(self):
        return self.region, self.id

    @property
    def version(self):
        return self.region, self.id, self.tick


@frozen(kw_only=True)
class Options:
    """What a flow says."""

    write: Literal["append", "upsert"] = "append"
    nulls: Literal["error", "include", "once"] = "error"
    lag: int = 0
    initial: int | None = None
    deletes: Literal["key_diff", "soft"] | None = None


@frozen(kw_only=True)
class State:
    """The store: every row that readers see, and how far the table has come.

    ``rows`` is None before the first commit.
    """

    rows: frozenset[Row] | None = None
    tick: int | None = None


@frozen(kw_only=True)
class Source:
    """The source at the moment that a run reads, and the keys that it has a little later."""

    rows: list[Row]
    later: frozenset[tuple[str, int]]

    @property
    def highest(self) -> int | None:
        return max((row.tick for row in self.rows if row.tick is not None), default=None)

    def between(self, low: int | None, high: int | None) -> list[Row]:
        ticks = [row for row in self.rows if row.tick is not None]
        return [row for row in ticks if (low is None or row.tick >= low) and (high is None or row.tick <= high)]


class Refused(Exception):
    """The run must fail and leave the store as it is."""


def incremental(options: Options, state: State, source: Source) -> Iterator[State]:
    """Run with the watermark."""
    without = [row for row in source.rows if row.tick is None]
    if options.nulls == "error" and without:
        raise Refused
    low, high = _low(options, state), source.highest
    moved = source.between(low, high)
    if options.nulls == "include" or (options.nulls == "once" and state.tick is None):
        moved += without
    reached = None if low is not None and high is not None and high < low else high
    for rows in _written(options, state, source, moved):
        yield State(rows=rows, tick=_later(state.tick, reached))


def backfill(options: Options, state: State, source: Source, *, ends: tuple[int, int], moves: bool) -> Iterator[State]:
    """Run over a range that a person names, both ends included."""
    first, last = ends
    reached = source.highest
    reached = None if reached is None or reached < first or not moves else min(last, reached)
    for rows in _written(options, state, source, source.between(first, last)):
        yield State(rows=rows, tick=_later(state.tick, reached))


def full_drop(options: Options, state: State, source: Source) -> Iterator[State]:
    """Load everything anew; a source without rows leaves a table alone."""
    rows = _present(options, source.rows)
    keeps = not rows and state.rows is not None
    yield state if keeps else State(rows=frozenset(rows), tick=source.highest)


def marked(_: Options, state: State, __: Source, tick: int | None) -> Iterator[State]:
    """Let a person move the watermark, or reset it."""
    yield evolve(state, tick=tick)


def _written(options: Options, state: State, source: Source, moved: list[Row]) -> Iterator[frozenset[Row]]:
    """Return what the table may hold when these rows were moved."""
    before = state.rows or frozenset()
    if options.write == "append":
        known = {row.version for row in before}
        yield before | frozenset(row for row in moved if row.version not in known)
        return
    keys = {row.key for row in moved}
    after = frozenset(row for row in before if row.key not in keys) | frozenset(_present(options, moved))
    if options.deletes == "key_diff" and state.rows is not None and source.later:
        yield from _compared(after, keys, source.later)
    else:
        yield after


def _compared(after: frozenset[Row], moved: set, later: frozenset) -> Iterator[frozenset[Row]]:
    """Take out what the source does not have; what is deleted while the run moves it may go at once or next time."""
    gone = {row for row in after if row.key not in later}
    unsure = [row for row in gone if row.key in moved]
    for count in range(len(unsure) + 1):
        for spared in combinations(unsure, count):
            yield after - (gone - set(spared))


def _present(options: Options, rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if not (options.deletes == "soft" and row.gone)]


def _low(options: Options, state: State) -> int | None:
    """Go back by the lag, but not below where the table was told to begin."""
    if state.tick is None:
        return options.initial
    low = state.tick - options.lag
    return low if options.initial is None else min(state.tick, max(low, options.initial))


def _later(one: int | None, other: int | None) -> int | None:
    return max((tick for tick in (one, other) if tick is not None), default=None)
