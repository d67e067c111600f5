"""Verifying by numbers: source, commits, files and readers."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest
from attrs import evolve

from hygge_core import CommitRecord, Table
from hygge_core.mark import Watermark
from hygge_core.polish.config import PolishConfig

from .tampering import APPEND, FULL, KEYED, START, UPSERT, rows


SOURCE = rows(*((n, n) for n in range(100)))
LATER = rows((7, 200), (100, 201), (101, 202))
GROWN = pl.concat([SOURCE.filter(pl.col("id") != 7), LATER])
WAYS = {"full_drop": {}, "followed": FULL, "append": APPEND, "upsert": UPSERT}


@pytest.mark.parametrize("settings", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("keys", [False, True])
def test_a_table_that_was_just_moved_is_equal(shop, settings, keys):
    verdict = shop(SOURCE, **settings).go().verify("id", keys=keys)
    assert (verdict.state, verdict.exit_code, verdict.faults, verdict.notes, verdict.error) == ("equal", 0, (), (), "")
    counted = verdict.rows
    assert {counted.source, counted.committed, counted.footers, counted.visible} == {100}
    assert verdict.last.endswith(" UTC")


@pytest.mark.parametrize("settings", [FULL, APPEND, UPSERT])
@pytest.mark.parametrize("keys", [False, True])
def test_newer_rows_are_told_and_are_no_difference(shop, settings, keys):
    table = shop(SOURCE, **settings).go()
    table.source = GROWN
    verdict = table.verify(keys=keys)
    assert (verdict.state, verdict.rows.source, verdict.rows.newer) == ("equal", 99, 3)
    assert verdict.notes == ("3 rows of the source beyond the watermark, for the next run to move",)


@pytest.mark.parametrize("keys", [False, True])
def test_an_append_keeps_versions_and_is_compared_by_the_newest(shop, keys):
    verdict = shop(SOURCE, **APPEND).go().go(GROWN).verify(keys=keys)
    assert (verdict.state, verdict.notes) == ("equal", ())
    counted = verdict.rows
    assert (counted.source, counted.committed, counted.footers, counted.visible) == (102, 103, 103, 103)
    assert verdict.rows.keys == (None if keys else 102)


def test_commits_before_the_last_replacement_are_no_part_of_the_table(shop):
    table = (
        shop(SOURCE, **APPEND).go().go(GROWN).go(GROWN, run_type="full_drop").go(pl.concat([GROWN, rows((103, 300))]))
    )
    counted = table.verify().rows
    assert (counted.committed, counted.footers, counted.visible) == (103, 103, 103)


@pytest.mark.parametrize("keys", [False, True])
def test_an_upsert_keeps_one_row_for_each_key(shop, keys):
    verdict = shop(SOURCE, **UPSERT).go().go(GROWN).verify(keys=keys)
    assert verdict.state == "equal"
    assert (verdict.rows.source, verdict.rows.committed, verdict.rows.footers, verdict.rows.visible) == (102,) * 4


def test_a_full_drop_must_hold_what_the_source_holds_now(shop):
    table = shop(SOURCE).go()
    table.source = GROWN
    verdict = table.verify()
    assert (verdict.state, verdict.exit_code) == ("different", 5)
    assert verdict.faults == ("2 rows are missing: the source holds 102 and the store 100 rows",)
    assert verdict.error == (
        "shop.teas: 2 rows are missing: the source holds 102 and the store 100 rows; "
        f"if the source changed after {verdict.last}, run `hygge go` and verify again; "
        "`hygge go --full-drop --entity shop.teas` loads it anew"
    )
    table.source = SOURCE[:90]
    assert table.verify().faults == ("10 rows are too many: the source holds 90 and the store 100",)


@pytest.mark.parametrize(("settings", "noun"), [(APPEND, "keys"), (UPSERT, "rows")])
def test_late_rows_below_the_watermark_are_missing(shop, settings, noun):
    table = shop(SOURCE, **settings).go()
    table.source = pl.concat([SOURCE, rows((500, 50), (501, 51))])
    assert table.verify().faults == (f"2 rows are missing: the source holds 102 and the store 100 {noun}",)


@pytest.mark.parametrize(("settings", "noun"), [(APPEND, "keys"), (UPSERT, "rows")])
def test_rows_gone_from_a_source_whose_deletes_are_not_followed_are_told(shop, settings, noun):
    table = shop(SOURCE, **settings).go()
    table.source = SOURCE[5:]
    verdict = table.verify()
    assert verdict.state == "equal"
    assert verdict.notes == (
        f"5 or more {noun} of the store are gone from the source: this table does not follow deletes",
    )


def test_rows_gone_from_a_source_whose_deletes_are_followed_are_a_difference(shop):
    table = shop(SOURCE, **UPSERT, deletes="key_diff").go()
    table.source = SOURCE[5:]
    assert table.verify().faults == ("5 rows are too many: the source holds 95 and the store 100",)


def test_an_append_without_a_watermark_is_held_against_its_commits_alone(shop):
    table = shop(SOURCE, run_type="append").go().go()
    table.source = SOURCE[:3]
    verdict = table.verify()
    assert verdict.state == "equal"
    assert (verdict.rows.source, verdict.rows.committed, verdict.rows.visible) == (None, 200, 200)
    assert "not compared with its source" in verdict.basis
    table.files[0].unlink()
    verdict = table.verify()
    assert verdict.state == "different"
    assert verdict.faults[1:] == (
        "200 rows were committed, and the committed parts hold 100",
        "200 rows were committed, and readers see 100",
    )


def test_a_reset_of_the_watermark_makes_everything_newer(shop):
    table = shop(SOURCE, **APPEND).go()
    store = table.entity().store.value.thing
    last = store.last(Table(name="teas", flow="shop"))
    run = evolve(last.run, id="reset")
    with store.lease(last.table, run):
        stage = store.stage(evolve(last.table, mode="append"), run)
        staged = stage.seal(())
        watermark = Watermark(column="at", key=("id",))
        stage.commit(staged, CommitRecord(run=run, table=staged.table, parts=(), watermark=watermark, origin="reset"))
    store.close()
    verdict = table.verify()
    assert (verdict.state, verdict.rows.source, verdict.rows.newer, verdict.rows.committed) == ("equal", 0, 100, 100)


@pytest.mark.parametrize("keys", [False, True])
def test_rows_before_the_beginning_and_without_a_value_are_left_out(shop, keys):
    config = evolve(KEYED, initial=START + timedelta(minutes=10), nulls="once")
    table = shop(pl.concat([SOURCE, rows((900, None))]), run_type="incremental", watermark=config).go()
    table.source = pl.concat([SOURCE, rows((901, None))])
    verdict = table.verify(keys=keys)
    assert (verdict.rows.source, verdict.rows.outside, verdict.rows.visible) == (90, 11, 91)
    assert verdict.state == "equal"
    assert verdict.notes[0] == "11 rows of the source left out by `initial` or `nulls`"


@pytest.mark.parametrize("keys", [False, True])
def test_rows_without_a_value_that_are_always_read_must_be_there(shop, keys):
    config = evolve(KEYED, nulls="include")
    source = pl.concat([SOURCE, rows((900, None))])
    table = shop(source, run_type="incremental", watermark=config).go()
    assert table.verify(keys=keys).state == "equal"
    table.source = pl.concat([source, rows((901, None))])
    assert table.verify(keys=keys).state == "different"


@pytest.mark.parametrize("keys", [False, True])
def test_names_are_those_that_the_polish_gave(shop, keys):
    polish = PolishConfig(rename={"id": "TeaId", "at": "ChangedAt"}, exclude=("name",))
    table = shop(SOURCE, **APPEND, polish=polish).go().go(GROWN)
    verdict = table.verify(keys=keys)
    assert (verdict.state, verdict.rows.source) == ("equal", 102)
    if keys:
        assert verdict.keys.columns == ("TeaId",)


def test_a_table_that_was_never_committed_cannot_be_verified(shop):
    verdict = shop(SOURCE).verify()
    assert (verdict.state, verdict.exit_code) == ("failed", 1)
    assert verdict.error == (
        "shop.teas: was never committed, so there is nothing to verify; run `hygge go --entity shop.teas` first"
    )


def test_a_table_that_is_followed_by_another_column_by_now_cannot_be_verified(shop):
    table = shop(SOURCE, **APPEND).go()
    verdict = table.verify(watermark=evolve(KEYED, column="id"))
    assert (verdict.state, verdict.exit_code) == ("failed", 2)
    assert "followed by 'at' so far, not by 'id'" in verdict.error
    assert table.verify(run_type="full_drop", watermark=evolve(KEYED, column="id")).state == "equal"


def test_an_empty_table_equals_an_empty_source(shop):
    table = shop(SOURCE[:0]).go()
    for keys in (False, True):
        assert table.verify("id", keys=keys).state == "equal"


def test_a_watermark_whose_column_is_of_another_kind_by_now_cannot_be_compared(shop):
    table = shop(SOURCE, **FULL).go()
    table.source = SOURCE.with_columns(at=pl.col("at").cast(pl.Int64))
    verdict = table.verify()
    assert (verdict.state, verdict.exit_code) == ("failed", 2)
    assert "the column was datetime[us] and is int64, so its last mark means nothing any more" in verdict.error
