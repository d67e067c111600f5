"""Looking at tables: homes and stores of all abilities, failures, and runs that commit meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest
from attrs import evolve

from hygge_core import HomeError, StoreError, Table, TableRun
from hygge_core.schema import columns_of
from hygge_core.testing import MemoryHome, MemoryPlace, MemoryStore, faulty, publish
from hygge_core.verify import Depth, buckets, verify
from table_runs import NONE, FileHome, entity, go, project

from .tampering import APPEND, FULL, rows


SOURCE = rows(*((n, n) for n in range(5000)))
TABLE = Table(name="teas", flow="shop", columns=columns_of(SOURCE.schema))


def looked(home, store, *, keys=False, key=("id",), **settings):
    (verdict,) = verify(project(), NONE, [entity(home, store, **settings)], Depth(keys=keys, key=key))
    return verdict


@pytest.fixture
def place():
    """A place that holds the table, followed by its watermark."""
    place = MemoryPlace()
    report, _ = go(entity(MemoryHome({"teas": SOURCE}), MemoryStore(place), **FULL))
    assert report.exit_code == 0
    return place


class SmallBatches(MemoryHome):
    """A home that cannot count, honours columns and yields small batches."""

    count = None

    def __init__(self, frame):
        super().__init__({"teas": frame})
        self.asked = []

    def read(self, request):
        self.asked.append(request.columns)
        frame = self.tables[request.entity]
        self.tables = {"teas": frame.select(request.columns) if request.columns else frame}
        try:
            return super().read(evolve(request, batch_bytes=1000))
        finally:
            self.tables = {"teas": frame}


@pytest.mark.parametrize("keys", [False, True])
@pytest.mark.parametrize("settings", [{}, FULL])
def test_a_home_that_only_reads_is_read_in_batches_and_asked_for_no_more_than_needed(place, settings, keys):
    home = SmallBatches(SOURCE)
    verdict = looked(home, MemoryStore(place), keys=keys, **settings)
    assert (verdict.state, verdict.rows.source) == ("equal", 5000)
    assert "name" not in {column for columns in home.asked for column in columns}
    home.tables = {"teas": SOURCE[1:]}
    assert looked(home, MemoryStore(place), keys=keys, **settings).state == "different"


def test_a_home_that_only_reads_is_read_again_for_the_buckets_that_differ(place, monkeypatch):
    monkeypatch.setattr(buckets, "_KEYS_IN_A_BUCKET", 100)
    monkeypatch.setattr(buckets, "_ROWS_AT_ONCE", 500)
    verdict = looked(SmallBatches(SOURCE.filter(pl.col("id") % 1000 != 7)), MemoryStore(place), keys=True, **FULL)
    assert verdict.keys.differing == {"surplus": 5}
    shown = {one.key for one in verdict.keys.shown}
    assert shown == {"id = 7", "id = 1007", "id = 2007", "id = 3007", "id = 4007"}


@pytest.mark.parametrize("keys", [False, True])
def test_a_home_that_scans_is_scanned(place, tmp_path, keys):
    path = tmp_path / "teas.parquet"
    SOURCE.write_parquet(path)
    home = FileHome(path)
    verdict = looked(home, MemoryStore(place), keys=keys, **FULL)
    assert (verdict.state, verdict.rows.source) == ("equal", 5000)
    assert home.readings[-1].scanned
    assert home.readings[-1].closed == 1


def test_a_source_that_changes_while_it_is_scanned_is_said_to_have_changed(place, tmp_path):
    path = tmp_path / "teas.parquet"
    SOURCE.write_parquet(path)

    class Changing(FileHome):
        def read(self, request):
            reading = super().read(request)
            reading.changed = HomeError("changed while it was read", where=str(path))
            return reading

    verdict = looked(Changing(path), MemoryStore(place))
    assert (verdict.state, verdict.exit_code, verdict.error) == ("failed", 1, f"{path}: changed while it was read")


def test_a_damaged_source_is_explained_by_its_home(place, tmp_path):
    path = tmp_path / "teas.parquet"
    SOURCE.write_parquet(path)
    home = FileHome(path)
    opened = home.read(None)
    home.read = lambda _: opened
    path.write_bytes(path.read_bytes()[:1000])
    verdict = looked(home, MemoryStore(place))
    assert (verdict.state, verdict.error) == ("failed", f"{path}: is damaged")


def test_a_home_that_raises_on_the_way_fails_its_table_alone(place):
    home = SmallBatches(SOURCE)
    broken = faulty(home, on="batches:next", call=2, error=OSError("the cable fell out"))
    verdict = looked(broken, MemoryStore(place))
    assert (verdict.state, verdict.exit_code) == ("failed", 1)
    assert "memory:teas: could not be read: OSError: the cable fell out" in verdict.error


def test_a_home_that_cannot_be_opened_fails_its_table_and_no_other(place):
    good = entity(MemoryHome({"teas": SOURCE}), MemoryStore(place))
    gone = entity(MemoryHome({}), MemoryStore(place))
    first, second = verify(project(), NONE, [gone, good], Depth())
    assert (first.state, first.error) == ("failed", "memory:teas: there is no such table; the home holds nothing")
    assert second.state == "equal"


class Forgetful(MemoryStore):
    last = None


class Uncounted(MemoryStore):
    count = None


class Blind(MemoryStore):
    rows = None


class Unrecalled(MemoryStore):
    commits = None


def test_a_store_that_forgets_its_commits_cannot_be_verified(place):
    verdict = looked(MemoryHome({"teas": SOURCE}), Forgetful(place))
    assert (verdict.state, verdict.exit_code) == ("failed", 2)
    assert "this store does not remember its commits, so nothing says what it should hold" in verdict.error


@pytest.mark.parametrize("keys", [False, True])
def test_a_store_that_does_not_count_is_looked_at(place, keys):
    verdict = looked(MemoryHome({"teas": SOURCE}), Uncounted(place), keys=keys)
    assert (verdict.state, verdict.rows.footers, verdict.rows.visible) == ("equal", None, 5000)
    verdict = looked(MemoryHome({"teas": SOURCE[1:]}), Uncounted(place), keys=keys)
    assert verdict.state == "different"


def test_a_store_that_shows_no_rows_is_compared_by_numbers_only(place):
    home = MemoryHome({"teas": SOURCE})
    assert looked(home, Blind(place)).state == "equal"
    verdict = looked(home, Blind(place), keys=True)
    assert (verdict.state, verdict.exit_code) == ("failed", 2)
    assert "this store cannot show its rows, so only their number can be compared" in verdict.error


def test_a_store_that_does_not_recall_every_commit_is_not_held_against_them():
    place = MemoryPlace()
    home = MemoryHome({"teas": SOURCE})
    for _ in range(2):
        go(entity(home, MemoryStore(place), run_type="append"))
    verdict = looked(home, Unrecalled(place), run_type="append")
    assert (verdict.state, verdict.rows.committed, verdict.rows.footers, verdict.rows.visible) == (
        "equal",
        None,
        None,
        10_000,
    )


def test_a_table_that_vanished_is_said_to_be_gone(place):
    class Gone(Uncounted):
        def rows(self, _):
            return None

    verdict = looked(MemoryHome({"teas": SOURCE}), Gone(place))
    assert verdict.state == "failed"
    assert "shop.teas (memory:shop/teas): is not there any more" in verdict.error


@pytest.mark.parametrize("error", [OSError("the disk went away"), StoreError("the disk went away")])
def test_a_store_that_cannot_be_read_fails_the_table(place, error):
    def raising(_):
        raise error

    class Broken(Uncounted):
        def rows(self, table):
            return super().rows(table).map_batches(raising)

    verdict = looked(MemoryHome({"teas": SOURCE}), Broken(place), keys=True)
    assert (verdict.state, verdict.exit_code) == ("failed", 1)
    assert "the disk went away" in verdict.error


@pytest.mark.parametrize("error", [OSError("the disk went away"), StoreError("the disk went away")])
@pytest.mark.parametrize("verb", ["count", "rows"])
def test_a_store_that_raises_fails_the_table(place, verb, error):
    broken = faulty(MemoryStore(place), on=verb, error=error)
    verdict = looked(MemoryHome({"teas": SOURCE}), broken, keys=True)
    assert (verdict.state, verdict.exit_code) == ("failed", 1)
    assert "the disk went away" in verdict.error


class Busy(MemoryStore):
    """A store in which a run commits each time that its rows are counted, a few times."""

    def __init__(self, place, times):
        super().__init__(place)
        self.times = times

    def count(self, table, parts=None):
        if parts is None and self.times:
            self.times -= 1
            run = TableRun(id=f"other-{self.times}", flow="shop", entity="teas", started=datetime.now(UTC))
            publish(MemoryStore(self.place), TABLE, run, [[SOURCE]])
        return super().count(table, parts)


def test_a_table_that_is_committed_meanwhile_is_looked_at_again(place):
    verdict = looked(MemoryHome({"teas": SOURCE}), Busy(place, 2))
    assert verdict.state == "equal"
    assert verdict.notes == ("a run was going on and committed meanwhile, so the table was looked at again",)


def test_a_table_that_is_committed_again_and_again_is_given_up(place):
    verdict = looked(MemoryHome({"teas": SOURCE}), Busy(place, 99))
    assert (verdict.state, verdict.exit_code) == ("failed", 1)
    assert verdict.error == (
        "shop.teas: runs kept committing while the table was looked at; verify again when they are done"
    )


def test_dtypes_of_the_source_are_brought_to_those_of_the_store(place):
    narrow = SOURCE.with_columns(pl.col("id").cast(pl.Int16), pl.col("name").cast(pl.Categorical))
    assert looked(MemoryHome({"teas": narrow}), MemoryStore(place), keys=True, key=("id", "name")).state == "equal"


def test_keys_that_do_not_fit_the_dtype_of_the_store_are_an_error(place):
    words = SOURCE.with_columns(id=pl.lit("seven"))
    verdict = looked(MemoryHome({"teas": words}), MemoryStore(place), keys=True)
    assert verdict.state == "failed"
    assert "memory:teas: could not be read" in verdict.error


def test_a_column_that_is_new_in_the_source_cannot_be_compared_yet(place):
    grown = SOURCE.with_columns(size=1)
    verdict = looked(MemoryHome({"teas": grown}), MemoryStore(place), keys=True, key=("size",))
    assert (verdict.state, verdict.exit_code) == ("failed", 2)
    assert "the table in the store has no column 'size' yet" in verdict.error


def test_nothing_is_written(place):
    before = (dict(place.tables), {name: list(found) for name, found in place.records.items()})
    looked(MemoryHome({"teas": SOURCE}), MemoryStore(place), keys=True, **FULL)
    assert (dict(place.tables), {name: list(found) for name, found in place.records.items()}) == before
    assert not place.stages
    assert not place.holders


def test_verifying_goes_on_while_somebody_holds_the_table(place):
    store = MemoryStore(place)
    run = TableRun(id="busy", flow="shop", entity="teas", started=datetime.now(UTC))
    with store.lease(TABLE, run):
        assert looked(MemoryHome({"teas": SOURCE}), MemoryStore(place), **APPEND).state == "equal"
