from __future__ import annotations

from datetime import timedelta

import pytest

from hygge_core.cli.board import Board

from .conftest import START


def after(seconds):
    return START + timedelta(seconds=seconds)


@pytest.fixture
def board():
    return Board()


def test_a_table_goes_from_waiting_to_settled(board, event):
    steps = [
        (event("table.waiting"), "waiting", 0, 0),
        (event("table.started", at=1), "moving", 0, 0),
        (event("table.progress", at=2, rows=10, bytes=100), "moving", 10, 100),
        (event("table.drift", at=2.5, changes=("x",)), "moving", 10, 100),
        (event("table.staged", at=3, rows=20, bytes=50, files=1), "settling", 20, 50),
        (event("table.committed", at=4, rows=20, bytes=50, files=1, seconds=2.5), "settled", 20, 50),
    ]
    for step, state, rows, size in steps:
        board.take(step)
        standing = board.tables["tea.cups"]
        assert (standing.state, standing.rows, standing.size) == (state, rows, size)
    assert standing.elapsed(after(99)) == 2.5


def test_time_runs_from_the_start_and_stops_at_the_end(board, event):
    board.take(event("table.waiting"))
    assert board.tables["tea.cups"].elapsed(after(5)) == 0
    board.take(event("table.started", at=10))
    assert board.tables["tea.cups"].elapsed(after(13)) == 3
    board.take(event("table.failed", at=14, error="x"))
    assert board.tables["tea.cups"].elapsed(after(99)) == 4


def test_a_retry_starts_counting_rows_again(board, event):
    for step in (event("table.started"), event("table.progress", rows=9, bytes=9), event("table.retry", attempt=1)):
        board.take(step)
    standing = board.tables["tea.cups"]
    assert (standing.state, standing.rows, standing.size) == ("retrying", 0, 0)


def test_events_of_the_run_are_not_a_table(board, event):
    board.take(event("run.started", flow="", entity="", tables=3))
    board.take(event("table.waiting", flow="tea", entity=""))
    assert not board.tables


def test_of_two_hundred_tables_the_moving_and_the_latest_show(board, event):
    for number in range(200):
        board.take(event("table.waiting", entity=f"t{number:03}"))
    for number in range(100):
        board.take(event("table.started", entity=f"t{number:03}"))
    for number in range(95):
        board.take(event("table.committed", entity=f"t{number:03}", rows=1, seconds=1.0))
    assert [table.name for table in board.top(8)] == [
        f"tea.t{number:03}" for number in (92, 93, 94, 95, 96, 97, 98, 99)
    ]
    assert len(board.top(3)) == 3
    assert board.top(-5) == []
    assert (board.count("settled"), board.count("moving"), board.count("waiting")) == (95, 5, 100)
