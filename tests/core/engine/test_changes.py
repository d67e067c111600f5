"""A home that records changes is followed by its own versions: rows replaced, keys deleted, nothing else read."""

from __future__ import annotations

import polars as pl
import pytest
from attrs import evolve, frozen
from polars.testing import assert_frame_equal

from hygge_core import HomeError
from hygge_core.mark import Mark, Watermark
from hygge_core.polish.config import ColumnsConfig, PolishConfig
from hygge_store_parquet.config import ParquetStoreConfig
from hygge_store_parquet.store import open_parquet_store
from table_runs import entity, go


SCHEMA = {"Id": pl.Int64, "Name": pl.String}


@frozen(kw_only=True)
class Following:
    """Settings that ask for changes."""

    thing: object
    follows_changes: str = "versions of a ledger"


class Ledger:
    """A home that writes down each change with the version it made."""

    def __init__(self):
        self.rows, self.log, self.asked, self.key = {}, [], [], ("Id",)

    def put(self, key, name):
        self.rows[key] = name
        self.log.append(key)

    def drop(self, key):
        del self.rows[key]
        self.log.append(key)

    def locate(self, request):
        return f"ledger:{request.entity}"

    def read(self, request):
        self.asked.append(request.since)
        return LedgerReading(self, request)

    def close(self):
        pass


class LedgerReading:
    schema = pl.Schema(SCHEMA)

    def __init__(self, ledger, request):
        self.ledger, self.since = ledger, request.since
        self.reached = Watermark(
            column="versions of a ledger", key=ledger.key, mark=Mark(dtype="int64", text=str(len(ledger.log)))
        )
        self.changed = set(ledger.log[int(self.since.text) :]) if self.since else set(ledger.rows)

    def batches(self):
        rows = [(key, self.ledger.rows[key]) for key in self.changed if key in self.ledger.rows]
        if rows:
            yield pl.DataFrame(rows, schema=SCHEMA, orient="row")

    def deleted(self):
        gone = [key for key in self.changed if key not in self.ledger.rows] if self.since else []
        if "broken" in self.ledger.rows.values():
            raise HomeError("changes were cleaned up meanwhile")
        return pl.DataFrame({"Id": gone}, schema={"Id": pl.Int64})

    def close(self):
        pass


@pytest.fixture
def ledger():
    ledger = Ledger()
    for key in range(5):
        ledger.put(key, f"tea {key}")
    return ledger


@pytest.fixture
def move(tmp_path, ledger):
    store = open_parquet_store(ParquetStoreConfig(path="lake/{entity}"), tmp_path)

    def run(**settings):
        table = entity(ledger, store, **{"run_type": "incremental", "write": "upsert", **settings})
        given = Following(thing=ledger)
        (outcome,) = go(evolve(table, home=evolve(table.home, value=given)))[0].tables
        return outcome

    return run


def settled(tmp_path):
    return pl.read_parquet(tmp_path / "lake/teas/*.parquet").sort("Id")


def expected(ledger):
    return pl.DataFrame(sorted(ledger.rows.items()), schema=SCHEMA, orient="row")


def test_the_first_run_takes_all_and_the_next_ones_what_changed(tmp_path, ledger, move):
    assert move().mode == "replace"
    ledger.put(7, "new")
    ledger.put(1, "renamed")
    ledger.drop(2)
    ledger.put(3, "back again")
    outcome = move()
    assert (outcome.mode, outcome.rows.read, outcome.rows.deleted, outcome.rows.carried) == ("upsert", 3, 1, 2)
    assert_frame_equal(settled(tmp_path), expected(ledger))
    assert [since and since.text for since in ledger.asked] == [None, "5"]
    assert (outcome.watermark.low, outcome.watermark.mark) == ("5", "9")


def test_nothing_new_commits_nothing(move):
    move()
    assert move().state == "kept"


def test_versions_that_touch_no_row_of_the_table_are_remembered(tmp_path, ledger, move):
    move()
    ledger.put(9, "short")
    ledger.drop(9)
    assert move().state == "committed"
    assert move().state == "kept"
    assert_frame_equal(settled(tmp_path), expected(ledger))


def test_deletes_alone_reach_the_table(tmp_path, ledger, move):
    move()
    for key in range(5):
        ledger.drop(key)
    assert move().rows.deleted == 5
    assert settled(tmp_path).height == 0


def test_a_key_that_was_renamed_on_its_way_is_found(tmp_path, ledger, move):
    polish = PolishConfig(columns=ColumnsConfig(case="snake"))
    move(polish=polish)
    ledger.drop(0)
    assert move(polish=polish).rows.deleted == 1
    found = pl.read_parquet(tmp_path / "lake/teas/*.parquet").sort("id")
    assert found["id"].to_list() == [1, 2, 3, 4]


def test_a_polish_must_keep_the_key(move):
    assert "the polish leaves out 'Id'" in move(polish=PolishConfig(select=("Name",))).error


def test_a_full_drop_begins_anew(tmp_path, ledger, move):
    move()
    ledger.rows[8] = "unrecorded"
    move(run_type="full_drop")
    assert_frame_equal(settled(tmp_path), expected(ledger))
    assert ledger.asked[-1] is None
    ledger.drop(8)
    move()
    assert_frame_equal(settled(tmp_path), expected(ledger))


def test_changes_that_may_be_incomplete_leave_table_and_version(tmp_path, ledger, move):
    move()
    before = settled(tmp_path)
    ledger.put(1, "broken")
    assert "cleaned up" in move().error
    assert_frame_equal(settled(tmp_path), before)
    ledger.put(1, "mended")
    assert move().watermark.low == "5"
    assert_frame_equal(settled(tmp_path), expected(ledger))


def test_a_table_that_was_committed_without_a_version_is_not_guessed(tmp_path, ledger, move):
    store = open_parquet_store(ParquetStoreConfig(path="lake/{entity}"), tmp_path)
    assert go(entity(ledger, store))[0].exit_code == 0
    outcome = move()
    assert "does not say how far it came by versions of a ledger" in outcome.error
    assert "hygge go --full-drop --entity shop.teas" in outcome.error


def test_another_key_is_refused(ledger, move):
    move()
    ledger.put(9, "more")
    ledger.key = ("Name",)
    assert "the key was 'Id' so far, and is 'Name'" in move().error


def test_a_home_that_promises_changes_and_tells_none_is_named(ledger, move):
    ledger.read = lambda _: type("Plain", (), {"schema": pl.Schema(SCHEMA), "close": lambda _: None})()
    assert "report it to the home's author" in move().error
