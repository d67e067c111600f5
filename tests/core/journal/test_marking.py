"""A watermark is moved under the table's lease, in one commit or not at all, in any store that can."""

from __future__ import annotations

from pathlib import Path

import pytest

from hygge_core import Locked, StoreError, Table, UsageError
from hygge_core.engine.marking import move_watermark, parse_watermark
from hygge_core.engine.opened import Opened
from hygge_core.mark import Mark, Watermark
from hygge_core.testing import MemoryHome, MemoryPlace, MemoryStore
from hygge_core.testing.proxy import proxied
from hygge_core.watermark.config import WatermarkConfig
from table_runs import FRAME, NONE, entity, go


TABLE = Table(name="teas", flow="shop", mode="append")
FOLLOWED = WatermarkConfig(column="id", key=("name",))


def teas(store, **settings):
    home = MemoryHome({"teas": FRAME})
    return entity(home, store, **{"run_type": "incremental", "watermark": FOLLOWED, **settings})


def move(store, text, **settings):
    with Opened(Path.cwd(), (), NONE, 0) as opened:
        mark = None if text is None else Mark(dtype="int64", text=text)
        return move_watermark(opened, teas(store, **settings), mark, origin="set", by="mia@shop")


@pytest.fixture
def store():
    store = MemoryStore(MemoryPlace())
    go(teas(store))
    return store


def test_a_commit_without_rows_moves_the_watermark(store):
    before = store.place.read(TABLE)
    moved = move(store, "7")
    assert moved.old == Watermark(column="id", key=("name",), mark=Mark(dtype="int64", text="999"))
    assert moved.new == Watermark(column="id", key=("name",), mark=Mark(dtype="int64", text="7"))
    assert store.last(TABLE) == moved.receipt.record
    assert (store.last(TABLE).origin, store.last(TABLE).by, store.last(TABLE).sequence) == ("set", "mia@shop", 2)
    assert store.last(TABLE).table.columns == next(iter(store.commits(TABLE))).table.columns
    assert store.place.read(TABLE).equals(before)
    assert store.place.stages == {}


def test_a_table_that_somebody_holds_is_left_alone(store):
    (first,) = store.commits(TABLE)
    with store.lease(TABLE, first.run), pytest.raises(Locked):
        move(store, "7")
    assert list(store.commits(TABLE)) == [first]
    assert move(store, "7").new.mark.text == "7"


def test_what_a_killed_run_left_is_recovered_first(store):
    left = store.stage(TABLE, next(iter(store.commits(TABLE))).run)
    assert store.place.stages
    move(store, None)
    assert store.place.stages == {}
    left.abort()


def test_a_commit_that_fails_leaves_no_stage(store):
    def around(operation, do):
        if operation.verb == "commit":
            raise StoreError("the disk is full", where="memory", fix="make room")
        return do()

    with pytest.raises(StoreError, match="the disk is full"):
        move(proxied(store, around, follow={"stage"}), "7")
    assert store.place.stages == {}
    assert store.last(TABLE).sequence == 1


class Plain:
    """A store with nothing that a store need not have, but what is named."""

    def __init__(self, store, *more):
        for name in ("capabilities", "locate", "stage", "close", *more):
            setattr(self, name, getattr(store, name))


def test_a_store_without_leases_and_recovery_will_do(store):
    assert move(Plain(store, "last"), "7").receipt.record.sequence == 2


def test_a_store_that_remembers_nothing_will_not(store):
    with pytest.raises(UsageError, match="its store remembers no commits"):
        move(Plain(store), "7")


def test_a_value_is_read_as_the_column_is(store):
    with Opened(Path.cwd(), (), NONE, 0) as opened:
        assert parse_watermark(opened, teas(store), " 12 ") == Mark(dtype="int64", text="12")
        with pytest.raises(UsageError, match="'tea' is no value of 'id', a column of int64"):
            parse_watermark(opened, teas(store), "tea")
