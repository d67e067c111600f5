"""Reading ahead keeps order, its bound in bytes, and errors in their place."""

from __future__ import annotations

import threading
import time

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygge_core.engine.memory import batch_bytes, run_budget
from hygge_core.engine.queue import ahead


def frames(sizes):
    for number, size in enumerate(sizes):
        yield pl.DataFrame({"number": [number] * size})


@given(sizes=st.lists(st.integers(0, 50), max_size=20), limit=st.integers(1, 400))
def test_every_batch_comes_once_and_in_order(sizes, limit):
    taken = list(ahead(frames(sizes), limit))
    assert [frame.height for frame in taken] == sizes
    assert [frame["number"][0] for frame in taken if frame.height] == [n for n, size in enumerate(sizes) if size]


def test_no_more_is_read_than_the_bound_allows():
    made = []

    def source():
        for frame in frames([100] * 20):
            made.append(frame.estimated_size())
            yield frame

    one = int(next(frames([100])).estimated_size())
    reading = ahead(source(), 3 * one)
    for taken in range(1, 11):
        next(reading)
        time.sleep(0.02)
        assert len(made) <= taken + 3 + 1
    reading.close()


def test_an_error_comes_after_the_batches_before_it():
    def source():
        yield from frames([1, 1])
        raise ValueError("gone")

    reading = ahead(source(), 10**6)
    assert [next(reading).height, next(reading).height] == [1, 1]
    with pytest.raises(ValueError, match="gone"):
        next(reading)


def test_closing_early_ends_the_thread_and_closes_the_source():
    closed = threading.Event()

    def source():
        try:
            yield from frames([10] * 1000)
        finally:
            closed.set()

    reading = ahead(source(), 100)
    next(reading)
    reading.close()
    assert closed.is_set()
    assert not [thread for thread in threading.enumerate() if thread.name == "hygge-reader"]


def test_the_budget_is_what_is_configured_or_a_part_of_what_is_free():
    assert run_budget(5) == 5
    assert run_budget(None) > 1 << 20


@given(budget=st.integers(0, 1 << 50), tables=st.integers(1, 500))
def test_a_batch_is_never_tiny_nor_huge(budget, tables):
    assert 1 << 20 <= batch_bytes(budget, tables) <= 64 << 20
