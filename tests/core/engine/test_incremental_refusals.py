"""What an incremental run cannot do without losing or doubling rows it refuses, and says what to do."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest
from attrs import evolve

from hygge_core import HomeError
from hygge_core.polish.config import PolishConfig
from hygge_core.testing import MemoryHome, MemoryStore
from hygge_core.watermark.config import WatermarkConfig
from hygge_core.watermark.window import Backfill
from shelf import BY_T, ROADS, ScanHome, ScanReading, Shelf, teas
from table_runs import ScriptedHome


ONE = teas((1, 5, "sencha"))
WAYS_OUT = (
    "load it anew with `hygge go --full-drop --entity shop.teas`, or read everything again and add only what is "
    "missing with `hygge journal reset shop.teas`"
)
COLUMN, KEY = "shop.teas: watermark.column: ", "shop.teas: watermark.key: "


@pytest.fixture(params=ROADS)
def shelf(request, tmp_path):
    return Shelf(request.param, tmp_path)


@pytest.fixture
def place(tmp_path):
    return Shelf("batches", tmp_path)


def test_a_table_without_a_watermark_so_far(shelf):
    shelf.settle(ONE, run_type="full_drop", watermark=None)
    assert shelf.refuse(ONE) == (
        f"{COLUMN}the table was committed without a watermark, so nobody knows how far it came; {WAYS_OUT}"
    )
    shelf.settle(ONE, run_type="full_drop")
    assert shelf.settle(ONE).state == "kept"


def test_another_column(shelf):
    shelf.settle(ONE)
    by_id = WatermarkConfig(column="id", key=("id",))
    assert shelf.refuse(ONE, watermark=by_id) == (
        f"{COLUMN}the table was followed by 't' so far, not by 'id'; {WAYS_OUT}"
    )


def test_another_key_unless_it_is_the_same_in_another_order_or_the_first(place):
    place.settle(ONE, run_type="full_drop", watermark=WatermarkConfig(column="t"))
    place.settle(teas((1, 5, "sencha"), (2, 6, "assam")), watermark=evolve(BY_T, key=("id", "tea")))
    assert place.settle(teas((2, 6, "assam")), watermark=evolve(BY_T, key=("tea", "id"))).state == "kept"
    assert place.refuse(ONE) == f"{KEY}the key was 'id', 'tea' so far, and is 'id'; {WAYS_OUT}"


def test_another_dtype(place):
    polish = PolishConfig(exclude=("t",))
    place.settle(ONE, write="upsert", polish=polish)
    text = evolve(BY_T, text=True)
    assert place.refuse(ONE.cast({"t": pl.String}), write="upsert", polish=polish, watermark=text) == (
        f"{COLUMN}the column was int64 and is string, so its last mark means nothing any more; {WAYS_OUT}"
    )


def test_an_upsert_into_a_table_of_versions(place):
    place.settle(ONE)
    place.settle(teas((1, 6, "gyokuro")))
    assert place.refuse(teas((1, 7, "matcha")), write="upsert") == (
        f'{KEY}the table holds every version of its rows, and write = "upsert" keeps one for each key; {WAYS_OUT}'
    )
    place.commit_by_hand(None, origin="reset")
    place.settle(teas((1, 7, "matcha")), write="upsert")
    assert place.shown() == [(1, 7, "matcha")]


@pytest.mark.parametrize(
    ("watermark", "told"),
    [
        (WatermarkConfig(column="Tee", key=("id",)), f"{COLUMN}the source has no column 'Tee'; did you mean tea?"),
        (
            WatermarkConfig(column="zzz", key=("id",)),
            f"{COLUMN}the source has no column 'zzz'; it has 'id', 't', 'tea'",
        ),
        (WatermarkConfig(column="t", key=("id", "idd")), f"{KEY}the source has no column 'idd'; did you mean id?"),
    ],
)
@pytest.mark.parametrize("run_type", ["incremental", "full_drop", "append"])
def test_a_column_that_is_not_there(shelf, watermark, told, run_type):
    assert shelf.refuse(ONE, watermark=watermark, run_type=run_type) == told


@pytest.mark.parametrize(
    ("dtype", "told", "why"),
    [
        (pl.Float64(), "float64", "floats are rounded, so a bound may miss the rows at it"),
        (pl.Boolean(), "boolean", "it has only two values"),
        (pl.List(pl.Int64), "list[int64]", "it has no order that a source and hygge agree on"),
        (pl.Duration("us"), "duration[us]", "it has no order that a source and hygge agree on"),
    ],
)
def test_a_column_that_cannot_be_a_watermark(place, dtype, told, why):
    source = pl.DataFrame({"id": [1], "t": pl.Series([None], dtype=dtype)})
    assert place.refuse(source) == (
        f"{COLUMN}column 't': a column of {told} cannot be a watermark: {why}; "
        "take a column of integers, decimals, dates, times or binary"
    )


def test_a_column_of_text_unless_it_is_asked_for(shelf):
    assert shelf.refuse(ONE.cast({"t": pl.String})) == (
        f"{COLUMN}column 't' is text, which is ordered by its bytes: '10' comes before '9'; "
        "take another column, or set text = true if that is its order"
    )


@pytest.mark.parametrize(
    ("source", "lag", "why"),
    [
        (ONE, timedelta(minutes=15), "the lag of a column of int64 must be a number"),
        (ONE.cast({"t": pl.Date}), 3, 'the lag of a column of date must be a span of time such as "15m"'),
        (ONE.cast({"t": pl.Binary}), 3, "a lag means nothing to a column of binary"),
    ],
)
def test_a_lag_that_does_not_fit_is_refused_before_the_first_run_and_later(place, source, lag, why):
    told = f"shop.teas: watermark.lag: {why}; mend it in the configuration"
    assert place.refuse(source, watermark=evolve(BY_T, lag=lag)) == told
    place.settle(source)
    assert place.refuse(source, watermark=evolve(BY_T, lag=lag)) == told


def test_a_beginning_that_does_not_fit(shelf):
    assert shelf.refuse(ONE, watermark=evolve(BY_T, initial="yesterday")) == (
        "shop.teas: watermark.initial: 'yesterday' is not a number such as 12; write a value as column 't' holds them"
    )


@pytest.mark.parametrize(
    ("backfill", "why"),
    [
        (Backfill(low="x"), "--from: 'x' is not a number such as 12; write a value as column 't' holds them"),
        (
            Backfill(high="1.5"),
            "--to: '1.5' has more digits than the column keeps; write a value as column 't' holds them",
        ),
        (Backfill(low="6", high="5"), "--from: 6 lies after --to 5; swap them"),
    ],
)
def test_a_backfill_that_makes_no_sense(shelf, backfill, why):
    shelf.settle(ONE)
    assert shelf.refuse(ONE, backfill=backfill) == f"shop.teas: {why}"


def test_rows_without_a_value_unless_a_policy_allows_them(shelf):
    shelf.settle(ONE)
    rows = "rows have" if shelf.road != "frame" else "2 rows have"
    where = "memory:teas"
    what_to_do = (
        'give them one, or set watermark.nulls = "include" to read them in every run or "once" in the first only'
    )
    two = teas((1, 5, "sencha"), (2, None, "unsure"), (3, None, "unsure"))
    assert shelf.refuse(two) == (f"shop.teas ({where}): {rows} no value in the watermark's column 't'; {what_to_do}")
    if shelf.road == "frame":
        assert "1 row has no value" in shelf.refuse(two[:2])
    assert shelf.settle(two, backfill=Backfill(low="5")).state == "kept"


@pytest.mark.parametrize(("write", "kept"), [("append", ("t",)), ("append", ("id",)), ("upsert", ("t", "tea"))])
def test_a_polish_that_leaves_out_what_tells_rows_apart(shelf, write, kept):
    gone = [name for name in ("id", "t") if name not in kept]
    assert shelf.refuse(ONE, write=write, polish=PolishConfig(select=kept)) == (
        f"shop.teas: polish: the polish leaves out {', '.join(map(repr, gone))}, by which an incremental run tells "
        "rows apart; keep it; it may be renamed"
    )


def test_nothing_is_read_of_a_table_whose_polish_leaves_out_the_key(place):
    class Untouched(MemoryHome):
        def read(self, request):
            reading = super().read(request)
            reading.batches = lambda: pytest.fail("the rows were read")
            return reading

    assert "leaves out" in place.refuse(Untouched({"teas": ONE}), polish=PolishConfig(exclude=("id",)))


def test_a_home_that_cannot_say_how_far_it_goes(place):  # defect 13 of the original: it loaded everything again
    home = ScriptedHome([ONE], schema=ONE.schema)
    told = (
        "script:teas: this home cannot say how far a column goes, so it cannot be followed by a watermark; "
        'use run_type = "full_drop" without a watermark, or ask the home\'s author for readings that are Ranged'
    )
    assert place.refuse(home) == told
    assert place.refuse(home, run_type="full_drop") == told


class Only:
    """A store that shows only some of what another can do."""

    def __init__(self, store, *abilities):
        self.store = store
        for name in ("capabilities", "locate", "stage", "close", *abilities):
            setattr(self, name, getattr(store, name))


def test_a_store_that_does_not_remember(place):  # the other half of defect 13
    assert place.refuse(ONE, store=Only(place.store, "rows")) == (
        "shop.teas: this store does not remember its commits, so an incremental run cannot know where to begin; "
        'use run_type = "full_drop"'
    )


def test_a_store_that_does_not_show_its_rows(place):
    store = Only(place.store, "last")
    assert place.refuse(ONE, store=store) == (
        "shop.teas: this store cannot show its rows, so an incremental append cannot leave out those that are there "
        'already; use run_type = "full_drop", or write = "upsert"'
    )
    place.settle(ONE, store=store, write="upsert")
    place.settle(teas((1, 6, "gyokuro")), store=store, write="upsert")
    assert place.shown() == [(1, 6, "gyokuro")]


@pytest.mark.parametrize("write", ["append", "upsert"])
def test_a_store_that_cannot_write_so_is_refused_before_the_first_run(place, write):
    store = place.store
    modes = frozenset({"replace", "append", "upsert"}) - {write}
    limited = Only(store, "rows", "last")
    limited.capabilities = evolve(store.capabilities, modes=modes)
    assert place.refuse(ONE, store=limited, write=write).startswith(f"shop.teas: this store cannot {write}: ")


def test_a_stage_that_cannot_merge(place):
    place.settle(ONE, write="upsert")

    class Stage:
        def __init__(self, stage):
            for name in ("writer", "seal", "commit", "abort"):
                setattr(self, name, getattr(stage, name))

    store = place.store
    stage = store.stage
    store.stage = lambda table, run: Stage(stage(table, run))
    assert place.refuse(teas((1, 6, "gyokuro")), store=store, write="upsert") == (
        'shop.teas: this store cannot replace rows by key; use write = "append", or run_type = "full_drop"'
    )


def test_a_key_that_comes_twice_in_an_upsert(place):
    place.settle(ONE, write="upsert")
    assert "hold a key twice" in place.refuse(teas((2, 6, "assam"), (2, 7, "ceylon")), write="upsert")


def test_a_source_without_any_row_fails_if_that_is_asked_and_one_without_news_does_not(shelf):
    shelf.settle(ONE)
    assert shelf.settle(ONE, on_empty="fail").state == "kept"
    assert "holds no rows" in shelf.refuse(teas(), on_empty="fail")
    assert shelf.settle(teas()).state == "kept"


def test_a_mark_that_cannot_be_written(shelf):
    beyond = pl.DataFrame({"id": [1], "t": pl.Series([10**8], dtype=pl.Int64).cast(pl.Int32).cast(pl.Date)})
    assert "column 't': the date 100,000,000 days from 1970 lies outside of the years 1 to 9999; mend" in shelf.refuse(
        beyond
    )


class Losing(MemoryStore):
    """A store that loses a row of everything it takes."""

    def stage(self, table, run):
        stage = super().stage(table, run)
        add = stage.add
        stage.add = lambda frame: add(frame[1:])
        return stage


def test_a_store_that_loses_a_row_is_not_believed(place):
    place.settle(ONE)
    outcome = place.go(teas((1, 5, "sencha"), (2, 6, "assam"), (3, 6, "ceylon")), store=Losing(place.place))
    assert outcome.exit_code == 5
    assert "2 rows are new and 1 are staged" in outcome.error
    assert place.shown() == [(1, 5, "sencha")]


@pytest.mark.parametrize("explains", [True, False])
def test_a_fault_in_the_search_for_the_high_mark_is_the_homes(tmp_path, explains):
    shelf = Shelf("frame", tmp_path)
    shelf.settle(ONE)

    class Torn(ScanReading):
        def scan(self):
            return pl.scan_parquet(tmp_path / "nowhere.parquet", schema=self.schema)

        if explains:

            def explain(self, error):
                return HomeError("is gone", where="source.parquet") if isinstance(error, OSError) else None

    home = ScanHome(ONE, tmp_path / "source.parquet")
    home.read = lambda _: Torn(home.path)
    told = shelf.refuse(home)
    assert told == "source.parquet: is gone" if explains else "could not be read" in told
