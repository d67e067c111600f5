"""A home is opened once and used from many threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import zip_longest
from threading import Barrier
from typing import TYPE_CHECKING, ClassVar

import polars as pl
from attrs import evolve

from hygge_core.testing.frames import small
from hygge_core.testing.readings import beginning, rows_of, same, together


if TYPE_CHECKING:
    from hygge_core.home import Home, ReadRequest
    from hygge_core.testing.readings import Fill, Sample


_TABLES = 4
_THREADS = 8
_PATIENCE = 60


class ThreadCases:
    """The engine reads as many tables at once as ``concurrency`` says, from one home."""

    promise: ClassVar[str] = "readings do not disturb each other, in one thread or in many"

    def test_many_threads_read_several_tables(self, home: Home, fill: Fill) -> None:
        frames = {f"table{number}": small(number * 1000, 400) for number in range(_TABLES)}
        requests = {name: evolve(fill(name, frame), batch_bytes=2048) for name, frame in frames.items()}
        start = Barrier(_THREADS)

        def read(number: int) -> tuple[str, pl.DataFrame]:
            name = f"table{number % _TABLES}"
            start.wait(_PATIENCE)
            return name, rows_of(home, requests[name])

        with ThreadPoolExecutor(_THREADS) as threads:
            for name, found in threads.map(read, range(_THREADS)):
                same(found, frames[name], f"a table read by one of {_THREADS} threads is whole")

    def test_two_readings_take_turns(self, home: Home, fill: Fill) -> None:
        frames = {"one": small(0, 300), "other": small(5000, 300)}
        one, other = (evolve(fill(name, frame), batch_bytes=2048) for name, frame in frames.items())
        _take_turns(home, one, other, [frames["one"], frames["other"]])

    def test_one_table_is_read_twice_at_once(self, home: Home, fill: Fill) -> None:
        frame = small(0, 300)
        request = evolve(fill("twice", frame), batch_bytes=2048)
        _take_turns(home, request, request, [frame, frame])

    def test_a_reading_may_change_threads(self, home: Home, sample: Sample) -> None:
        with ThreadPoolExecutor(1) as first, ThreadPoolExecutor(1) as second:
            reading = first.submit(home.read, sample.request).result(_PATIENCE)
            with closing(reading):
                found = second.submit(together, reading).result(_PATIENCE)
        same(found, sample.rows, "a reading may be opened by one thread, read by another and closed by a third")


def _take_turns(home: Home, one: ReadRequest, other: ReadRequest, expected: list[pl.DataFrame]) -> None:
    """Read two tables, one batch of each after the other."""
    with beginning(home, one) as (_, left, first), beginning(home, other) as (_, right, second):
        found = [first], [second]
        for pair in zip_longest(left, right):
            for batches, batch in zip(found, pair, strict=True):
                batches.extend([] if batch is None else [batch])
    for batches, frame in zip(found, expected, strict=True):
        same(pl.concat(batches), frame, "two readings that take turns yield what each would alone")
