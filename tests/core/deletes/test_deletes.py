"""Rows that are deleted in the source leave the table: by the absence of their key, or by a mark."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from hygge_core.config.model import SoftDeletes
from hygge_core.deletes.source import source_keys
from hygge_core.deletes.stored import gone_keys
from hygge_core.errors import HomeError, Interrupted, StoreError
from hygge_core.home import ReadRequest
from hygge_core.mark import Mark, Range
from hygge_core.polish.config import PolishConfig
from hygge_core.testing import MemoryHome, MemoryStore
from hygge_core.watermark.config import WatermarkConfig
from hygge_store_parquet.config import ParquetStoreConfig
from hygge_store_parquet.store import open_parquet_store
from table_runs import entity, go


SCHEMA = {"id": pl.Int64, "at": pl.Int64, "text": pl.String}
SOFT = {**SCHEMA, "gone": pl.Boolean}


def rows(*given, schema=SCHEMA):
    return pl.DataFrame(list(given), schema=schema, orient="row")


class ScanningReading:
    """A reading that is a lazy frame, as those of files are."""

    def __init__(self, frame):
        self._frame = frame
        self.schema = frame.schema

    def scan(self):
        return self._frame.lazy()

    def check(self):
        """Nothing changes."""

    def batches(self):
        yield self._frame

    def close(self):
        """Nothing is held."""


class Home(MemoryHome):
    """A home whose tables a test changes between runs; it scans or reads in batches, and keeps what it was asked."""

    def __init__(self, *, scans):
        super().__init__({})
        self.scans = scans
        self.requests = []

    def read(self, request):
        self.requests.append(request)
        reading = super().read(request)
        return ScanningReading(self.tables[request.entity]) if self.scans else reading


@pytest.fixture(params=[True, False], ids=["scans", "batches"])
def home(request):
    return Home(scans=request.param)


@pytest.fixture(params=["parquet", "memory"])
def store(request, tmp_path):
    if request.param == "memory":
        yield MemoryStore()
        return
    opened = open_parquet_store(ParquetStoreConfig(path=str(tmp_path / "lake" / "{entity}")), Path.cwd())
    yield opened
    opened.close()


def moved(home, store, frame, **settings):
    """Give the source these rows and run; returns the outcome."""
    home.tables["teas"] = frame
    settings = {
        "run_type": "incremental",
        "write": "upsert",
        "watermark": WatermarkConfig(column="at", key=("id",)),
        "deletes": "key_diff",
        **settings,
    }
    teas = entity(home, store, **settings)
    report, _ = go(teas)
    return report.tables[0]


def seen(store, *names):
    from hygge_core import Table

    return sorted(store.rows(Table(name="teas", flow="shop")).select(names or ("id", "at", "text")).collect().rows())


def test_rows_whose_key_is_gone_leave_the_table(home, store):
    moved(home, store, rows((1, 1, "a"), (2, 2, "b"), (3, 3, "c")))
    outcome = moved(home, store, rows((1, 1, "a"), (3, 4, "C"), (4, 5, "d")))
    assert outcome.state == "committed", outcome.error
    assert seen(store) == [(1, 1, "a"), (3, 4, "C"), (4, 5, "d")]
    assert (outcome.rows.deleted, outcome.rows.staged, outcome.rows.carried) == (1, 2, 1)


def test_a_deletion_alone_is_committed_and_the_next_run_is_quiet(home, store):
    moved(home, store, rows((1, 1, "a"), (2, 2, "b"), (3, 3, "c")))
    outcome = moved(home, store, rows((1, 1, "a"), (3, 3, "c")))
    assert (outcome.state, outcome.rows.deleted) == ("committed", 1), outcome.error
    assert seen(store) == [(1, 1, "a"), (3, 3, "c")]
    outcome = moved(home, store, rows((1, 1, "a"), (3, 3, "c")))
    assert (outcome.state, outcome.rows.deleted) == ("kept", 0), outcome.error


def test_the_newest_row_may_be_the_deleted_one(home, store):
    moved(home, store, rows((1, 1, "a"), (2, 2, "b"), (3, 3, "c")))
    outcome = moved(home, store, rows((1, 1, "a"), (2, 2, "b")))
    assert outcome.state == "committed", outcome.error
    assert seen(store) == [(1, 1, "a"), (2, 2, "b")]
    assert outcome.watermark.mark == "3", "a watermark never moves backwards"


def test_a_deleted_row_that_comes_again_is_there_again(home, store):
    moved(home, store, rows((1, 1, "a"), (2, 2, "b")))
    moved(home, store, rows((1, 1, "a"), (3, 3, "c")))
    moved(home, store, rows((1, 1, "a"), (3, 3, "c"), (2, 4, "again")))
    assert seen(store) == [(1, 1, "a"), (2, 4, "again"), (3, 3, "c")]


def test_only_the_key_is_asked_for(home, store):
    moved(home, store, rows((1, 1, "a"), (2, 2, "b")))
    moved(home, store, rows((1, 1, "a"), (2, 3, "c")))
    assert home.requests[-1].columns == ("id",)
    assert home.requests[-1].range is None


def test_a_key_goes_by_its_name_in_the_store(home, store):
    polish = PolishConfig(rename={"id": "Tea Id"}, exclude=("text",))
    moved(home, store, rows((1, 1, "a"), (2, 2, "b")), polish=polish)
    outcome = moved(home, store, rows((2, 2, "b"), (3, 3, "c")), polish=polish)
    assert outcome.state == "committed", outcome.error
    assert seen(store, "Tea Id", "at") == [(2, 2), (3, 3)]


def test_a_key_of_several_columns_is_compared_whole(home, store):
    watermark = WatermarkConfig(column="at", key=("id", "text"))
    moved(home, store, rows((1, 1, "a"), (1, 2, "b"), (2, 3, "a")), watermark=watermark)
    moved(home, store, rows((1, 1, "a"), (2, 3, "a"), (2, 4, "b")), watermark=watermark)
    assert seen(store) == [(1, 1, "a"), (2, 3, "a"), (2, 4, "b")]


def test_an_empty_source_deletes_nothing_and_says_so(home, store):
    moved(home, store, rows((1, 1, "a"), (2, 2, "b")))
    outcome = moved(home, store, rows())
    assert outcome.state == "kept", outcome.error
    assert seen(store) == [(1, 1, "a"), (2, 2, "b")]
    assert [text for text in outcome.warnings if "nothing was deleted" in text and 'on_empty = "publish"' in text]


def test_an_empty_source_empties_the_table_where_that_is_wanted(home, store):
    moved(home, store, rows((1, 1, "a"), (2, 2, "b")))
    outcome = moved(home, store, rows(), on_empty="publish")
    assert (outcome.state, outcome.rows.deleted) == ("committed", 2), outcome.error
    assert seen(store) == []


def test_an_empty_source_fails_where_that_is_wanted(home, store):
    moved(home, store, rows((1, 1, "a"), (2, 2, "b")))
    outcome = moved(home, store, rows(), on_empty="fail")
    assert outcome.state == "failed"
    assert "holds no rows" in outcome.error
    assert seen(store) == [(1, 1, "a"), (2, 2, "b")]


def test_a_key_without_a_value_in_the_source_is_refused(home, store):
    moved(home, store, rows((1, 1, "a"), (2, 2, "b")))
    outcome = moved(home, store, rows((1, 1, "a"), (None, 0, "old"), (2, 3, "b")))
    assert outcome.state == "failed"
    assert "1 rows have no value in their key" in outcome.error
    assert seen(store) == [(1, 1, "a"), (2, 2, "b")]


def test_a_key_without_a_value_in_the_table_is_refused(home, store):
    frame = rows((1, 1, "a"), (None, 2, "b"))
    moved(home, store, frame, run_type="full_drop", deletes=None)
    outcome = moved(home, store, rows((1, 3, "a")))
    assert outcome.state == "failed"
    assert "rows have no value in their key" in outcome.error
    assert "--full-drop" in outcome.error


def test_a_table_without_the_key_is_refused(home, store):
    moved(home, store, rows((1, 1, "a")))
    polish = PolishConfig(rename={"id": "number"})
    outcome = moved(home, store, rows((1, 1, "a"), (2, 2, "b")), polish=polish)
    assert outcome.state == "failed"
    assert "--full-drop" in outcome.error


def test_keys_are_read_of_every_row_whatever_range_was_asked_for(home):
    home.tables["teas"] = rows((1, 1, "a"), (2, 2, "b"))
    one = Range(column="at", low=Mark(dtype="int64", text="2"))
    request = ReadRequest(entity="teas", range=one)
    keys = source_keys(home, request, {"id": "Id"}, where="teas", check=lambda: None)
    assert keys["Id"].to_list() == [1, 2]
    assert home.requests[-1].range is None


def test_a_stop_is_heard_between_batches_of_keys():
    def stop():
        raise Interrupted("stopped")

    home = Home(scans=False)
    home.tables["teas"] = rows((1, 1, "a"))
    with pytest.raises(Interrupted):
        source_keys(home, ReadRequest(entity="teas"), {"id": "id"}, where="teas", check=stop)


class Failing(ScanningReading):
    def scan(self):
        return pl.scan_parquet("/nowhere/at/all.parquet")


class Explaining(Failing):
    def explain(self, _error):
        return HomeError("has been moved", where="teas.parquet")


@pytest.mark.parametrize(
    ("reading", "said"), [(Failing, "teas: its keys could not be read: "), (Explaining, "teas.parquet: has been moved")]
)
def test_keys_that_cannot_be_read_are_the_fault_of_the_home(reading, said):
    class Broken(Home):
        def read(self, request):
            return reading(self.tables[request.entity])

    home = Broken(scans=True)
    home.tables["teas"] = rows((1, 1, "a"))
    with pytest.raises(HomeError, match=said):
        source_keys(home, ReadRequest(entity="teas"), {"id": "id"}, where="teas", check=lambda: None)


def test_a_table_that_lacks_the_key_is_named():
    with pytest.raises(StoreError, match=r"lake/teas: has no column 'id', which is in the key; .*--full-drop"):
        gone_keys(pl.LazyFrame({"Id": [1]}), pl.DataFrame({"id": [1]}), where="lake/teas")


def test_a_table_whose_files_somebody_deleted_is_not_mended_in_silence(home, tmp_path):
    store = open_parquet_store(ParquetStoreConfig(path=str(tmp_path / "{entity}")), Path.cwd())
    moved(home, store, rows((1, 1, "a"), (2, 2, "b")))
    for path in (tmp_path / "teas").iterdir():
        path.unlink()
    outcome = moved(home, store, rows((1, 1, "a"), (2, 2, "b"), (3, 3, "c")))
    store.close()
    assert outcome.state == "failed"
    assert "are gone, with 2 rows" in outcome.error


def test_a_table_whose_keys_cannot_be_read_is_named():
    table = pl.scan_parquet("/nowhere/at/all.parquet", schema={"id": pl.Int64})
    with pytest.raises(StoreError, match="lake/teas: its keys could not be read"):
        gone_keys(table, pl.DataFrame({"id": [1]}), where="lake/teas")


class Deleting(Home):
    """A source from which a row goes between the reading of rows and that of keys."""

    def read(self, request):
        if request.columns:
            self.tables["teas"] = self.tables["teas"].filter(pl.col("id") != 2)
        return super().read(request)


@pytest.mark.parametrize("scans", [True, False])
def test_a_row_that_goes_while_the_run_reads_is_gone_after_the_next(store, scans):
    home = Deleting(scans=scans)
    moved(home, store, rows((1, 1, "a"), (2, 2, "b")))
    outcome = moved(home, store, rows((1, 1, "a"), (2, 3, "B")))
    assert outcome.rows.deleted == 0
    assert seen(store) == [(1, 1, "a"), (2, 3, "B")]
    outcome = moved(home, store, rows((1, 1, "a")))
    assert outcome.rows.deleted == 1
    assert seen(store) == [(1, 1, "a")]


def test_a_full_drop_needs_no_comparison(home, store):
    moved(home, store, rows((1, 1, "a"), (2, 2, "b")))
    outcome = moved(home, store, rows((2, 2, "b")), run_type="full_drop")
    assert outcome.rows.deleted is None
    assert seen(store) == [(2, 2, "b")]


def soft(home, store, *given, schema=SOFT, **settings):
    return moved(home, store, rows(*given, schema=schema), deletes=SoftDeletes(soft="gone"), **settings)


def test_marked_rows_leave_the_table_and_do_not_come(home, store):
    outcome = soft(home, store, (1, 1, "a", False), (2, 2, "b", None), (3, 3, "c", True))
    assert seen(store) == [(1, 1, "a"), (2, 2, "b")]
    assert (outcome.rows.marked, outcome.rows.staged) == (1, 2), outcome.error
    outcome = soft(home, store, (1, 4, "a", True), (2, 2, "b", None), (4, 5, "d", True), (5, 6, "e", False))
    assert outcome.state == "committed", outcome.error
    assert seen(store) == [(2, 2, "b"), (5, 6, "e")]
    assert (outcome.rows.marked, outcome.rows.deleted, outcome.rows.staged) == (2, 1, 1)


def test_a_marked_row_at_the_mark_does_not_make_noise(home, store):
    given = (1, 1, "a", False), (2, 2, "b", False)
    soft(home, store, *given)
    outcome = soft(home, store, (1, 1, "a", False), (2, 3, "b", True))
    assert (outcome.state, outcome.rows.deleted) == ("committed", 1), outcome.error
    outcome = soft(home, store, (1, 1, "a", False), (2, 3, "b", True))
    assert (outcome.state, outcome.rows.deleted) == ("kept", 0), outcome.error
    assert seen(store) == [(1, 1, "a")]


def test_a_row_whose_mark_is_taken_back_is_there_again(home, store):
    soft(home, store, (1, 1, "a", False), (2, 2, "b", False))
    soft(home, store, (1, 1, "a", False), (2, 3, "b", True))
    soft(home, store, (1, 1, "a", False), (2, 4, "B", False))
    assert seen(store) == [(1, 1, "a"), (2, 4, "B")]


@pytest.mark.parametrize("dtype", [pl.Boolean, pl.Int64, pl.UInt8, pl.Float64, pl.Decimal(4, 1)])
def test_any_number_but_zero_is_a_mark(home, store, dtype):
    schema = {**SCHEMA, "gone": dtype}
    marks = pl.Series([0, 1, None, 7]).cast(dtype).to_list()
    soft(home, store, *((number, number, "x", mark) for number, mark in enumerate(marks)), schema=schema)
    assert seen(store, "id") == [(0,), (2,)]


@pytest.mark.parametrize("polish", [None, PolishConfig(exclude=("gone",))], ids=["kept", "left out"])
@pytest.mark.parametrize("watermark", [None, WatermarkConfig(column="at", key=("id",))], ids=["plain", "followed"])
def test_a_full_drop_leaves_marked_rows_out(home, store, polish, watermark):
    given = (1, 1, "a", False), (2, 2, "b", True), (3, 3, "c", None)
    outcome = soft(home, store, *given, run_type="full_drop", polish=polish, watermark=watermark)
    assert outcome.state == "committed", outcome.error
    assert seen(store) == [(1, 1, "a"), (3, 3, "c")]
    assert (outcome.rows.marked, outcome.rows.staged, outcome.rows.visible) == (1, 2, 2)
    assert outcome.rows.read == 3


def test_a_mark_that_the_polish_leaves_out_still_counts(home, store):
    polish = PolishConfig(exclude=("gone",), rename={"id": "Id"})
    soft(home, store, (1, 1, "a", False), (2, 2, "b", False), polish=polish)
    outcome = soft(home, store, (1, 1, "a", False), (2, 3, "b", True), polish=polish)
    assert outcome.state == "committed", outcome.error
    assert seen(store, "Id") == [(1,)]


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({**SCHEMA, "gone": pl.String}, "column 'gone' is of dtype String, and what its values say"),
        ({**SCHEMA, "gone": pl.Date}, "column 'gone' is of dtype Date"),
        ({**SCHEMA, "Gone": pl.Boolean}, "the home has no column 'gone'; its columns are id, at, text, Gone"),
    ],
)
def test_a_column_that_is_no_mark_is_refused(home, store, schema, said):
    outcome = soft(home, store, (1, 1, "a", None), schema=schema)
    assert outcome.state == "failed"
    assert outcome.exit_code == 2
    assert f"shop.teas: deletes.soft: {said}" in outcome.error


def test_deletes_survive_a_moment_of_any_zone(home, store):
    """A key may be a moment: what was polished, stored and read back must still be equal."""
    schema = {"id": pl.Datetime("us", "UTC"), "at": pl.Int64, "text": pl.String}
    moments = [datetime(2024, 10, 27, hour, 30, tzinfo=UTC) for hour in range(4)]
    moved(home, store, rows(*((moment, 1, "a") for moment in moments), schema=schema))
    moved(home, store, rows(*((moment, 1, "a") for moment in moments[1:]), schema=schema))
    assert seen(store, "id") == [(moment,) for moment in moments[1:]]
