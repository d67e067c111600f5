"""Verifying by keys: what somebody else did to the files of a table is found, and named."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from hygge_core import key_hash
from hygge_core.polish.config import HashIdConfig, PolishConfig
from hygge_core.verify import buckets

from .tampering import APPEND, FULL, START, UPSERT, kinds, rows


SOURCE = rows(*((n, n) for n in range(1000)))
WAYS = {"full_drop": {}, "followed": FULL, "append": APPEND, "upsert": UPSERT}


@pytest.fixture(params=WAYS.values(), ids=WAYS)
def table(shop, request):
    return shop(SOURCE, **request.param).go()


def without(data, *ids):
    return data.filter(pc.invert(pc.is_in(data["id"], pa.array(ids))))


def setting(data, position, **values):
    columns = {name: data[name].to_pylist() for name in data.column_names}
    for name, value in values.items():
        columns[name][position] = value
    return pa.table(columns, schema=data.schema)


def found(verdict):
    """The differences, once the damage to the file itself is told too."""
    assert verdict.state == "different"
    assert verdict.exit_code == 5
    assert any("bytes" in fault for fault in verdict.faults)
    return kinds(verdict)


def test_a_lost_row_is_named(table):
    table.tamper(lambda data: without(data, 7, 8))
    verdict = table.verify("id", keys=True)
    assert found(verdict) == [("missing", "id = 7"), ("missing", "id = 8")]
    assert "1,000 rows were committed, and the committed parts hold 998" in verdict.faults
    assert "2 keys differ: 2 missing in the store" in verdict.faults


def test_a_doubled_row_is_named(table):
    table.tamper(lambda data: pa.concat_tables([data, data.slice(7, 1)]))
    assert found(table.verify("id", keys=True)) == [("doubled", "id = 7")]


def test_an_altered_key_is_missing_and_a_stranger(table):
    table.tamper(lambda data: setting(data, 7, id=7000))
    verdict = table.verify("id", keys=True)
    shown = found(verdict)
    if table.settings.get("run_type") == "incremental":
        assert ("missing", "id = 7") in shown
        assert verdict.keys.differing == {"missing": 1, "surplus": 1}
        assert verdict.notes == (
            "1 key is gone from the source and still in the store: this table does not follow deletes",
        )
    assert shown == [("missing", "id = 7"), ("surplus", "id = 7000")]


def test_a_row_that_nobody_moved_is_named(shop):
    table = shop(SOURCE, **UPSERT, deletes="key_diff").go()
    table.tamper(lambda data: pa.concat_tables([data, setting(data.slice(0, 1), 0, id=-1)]))
    assert found(table.verify(keys=True)) == [("surplus", "id = -1")]


@pytest.mark.parametrize("settings", [FULL, APPEND, UPSERT])
def test_an_older_and_a_newer_version_are_named_with_both_values(shop, settings):
    table = shop(SOURCE, **settings).go()
    table.tamper(lambda data: setting(data, 7, at=START))
    table.tamper(lambda data: setting(data, 9, at=START + timedelta(minutes=900)))
    verdict = table.verify(keys=True)
    assert found(verdict) == [("older", "id = 7"), ("newer", "id = 9")]
    older, newer = verdict.keys.shown
    assert (older.in_store, older.in_source) == ("2026-11-01 00:00:00.000000", "2026-11-01 00:07:00.000000")
    assert (newer.in_store, newer.in_source) == ("2026-11-01 15:00:00.000000", "2026-11-01 00:09:00.000000")


def test_a_version_that_lost_its_value_is_older(shop):
    table = shop(SOURCE, **APPEND).go()
    table.tamper(lambda data: setting(data, 7, at=None))
    verdict = table.verify(keys=True)
    assert found(verdict) == [("older", "id = 7")]
    assert verdict.keys.shown[0].in_store == "null"


def test_an_older_version_that_came_twice_is_found_beneath_a_newer_one(shop):
    table = shop(SOURCE, **APPEND).go().go(pl.concat([SOURCE[8:], rows((7, 2000))]))
    table.tamper(lambda data: pa.concat_tables([data, data.slice(7, 1)]))
    verdict = table.verify(keys=True)
    assert [(one.kind, one.key) for one in verdict.keys.shown if one.kind == "doubled"] == [("doubled", "id = 7")]
    assert "1 key has a version more than once" in table.verify().faults


def test_a_version_that_is_lost_beneath_a_newer_one_is_no_loss_of_the_source(shop):
    table = (
        shop(SOURCE, **APPEND)
        .go()
        .go(pl.concat([SOURCE, rows((7, 2000))]).filter(pl.col("at") != START + timedelta(minutes=7)))
    )
    table.tamper(lambda data: without(data, 7))
    assert table.verify(keys=True).keys.differing == {}


def test_a_corrupted_file_that_cannot_be_read_is_named(table):
    path = table.files[0]
    data = bytearray(path.read_bytes())
    data[-30:] = bytes(30)
    path.write_bytes(data)
    for keys, told in ((False, "is not a whole Parquet file"), (True, "holds other bytes than were committed")):
        verdict = table.verify("id", keys=keys)
        assert (verdict.state, verdict.exit_code) == ("different", 5)
        assert f"{path} {told}" in verdict.error


def test_a_flipped_bit_is_found_though_all_numbers_agree(table):
    path = table.files[0]
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.write_bytes(data)
    verdict = table.verify("id", keys=True)
    assert verdict.state == "different"
    assert f"{path} holds other bytes than were committed" in verdict.error


def test_a_renamed_file_is_named_though_readers_see_every_row(table):
    path = table.files[0]
    other = path.rename(path.with_name("other.parquet"))
    for keys in (False, True):
        verdict = table.verify("id", keys=keys)
        assert verdict.state == "different"
        assert str(path) in verdict.error
        assert str(other) in verdict.error


def test_of_many_differences_some_are_shown_and_all_are_counted(table):
    table.tamper(lambda data: data.slice(400))
    verdict = table.verify("id", keys=True, limit=3)
    assert len(verdict.keys.shown) == 3
    assert verdict.keys.differing == {"missing": 400}
    assert verdict.keys.complete


def test_buckets_and_groups_make_no_difference(table, monkeypatch):
    monkeypatch.setattr(buckets, "_KEYS_IN_A_BUCKET", 10)
    monkeypatch.setattr(buckets, "_ROWS_AT_ONCE", 100)
    table.tamper(lambda data: setting(without(data, *range(0, 1000, 100)), 4, id=-5))
    verdict = table.verify("id", keys=True)
    assert verdict.keys.differing == {"missing": 11, "surplus": 1}
    assert verdict.keys.complete


def test_a_few_groups_beyond_the_limit_are_counted_to_the_end(table, monkeypatch):
    monkeypatch.setattr(buckets, "_KEYS_IN_A_BUCKET", 100)
    monkeypatch.setattr(buckets, "_ROWS_AT_ONCE", 500)
    table.tamper(lambda data: without(data, *range(0, 1000, 10)))
    verdict = table.verify("id", keys=True, limit=0)
    assert verdict.keys.differing == {"missing": 100}
    assert verdict.keys.complete
    assert verdict.keys.shown == ()


def test_a_table_of_versions_is_grouped_in_portions(shop, monkeypatch):
    monkeypatch.setattr(key_hash, "KEYS_AT_ONCE", 300)
    table = shop(SOURCE, **APPEND).go().go(pl.concat([SOURCE[500:], rows(*((n, 2000 + n) for n in range(500)))]))
    for keys in (False, True):
        assert table.verify(keys=keys).state == "equal"
    assert table.verify().rows.keys == 1000
    table.tamper(lambda data: pa.concat_tables([data, data.slice(7, 1)]))
    assert "1 key has a version more than once" in table.verify().faults
    assert table.verify(keys=True).keys.differing == {"doubled": 1}


def test_counting_ends_early_when_very_much_differs(table, monkeypatch):
    monkeypatch.setattr(buckets, "_KEYS_IN_A_BUCKET", 10)
    monkeypatch.setattr(buckets, "_ROWS_AT_ONCE", 40)
    table.tamper(lambda data: data.slice(500))
    verdict = table.verify("id", keys=True, limit=5)
    assert not verdict.keys.complete
    assert len(verdict.keys.shown) == 5
    assert 5 <= verdict.keys.differing["missing"] < 500
    assert any(fault.startswith("at least ") for fault in verdict.faults)


def test_rows_can_be_named_by_several_columns_and_by_those_of_the_polish(shop):
    polish = PolishConfig(hash_ids=(HashIdConfig(name="key", from_columns=("id", "name")),), exclude=("name",))
    table = shop(SOURCE, polish=polish).go()
    assert table.verify("key", keys=True).state == "equal"
    table.tamper(lambda data: without(data, 7))
    (one,) = table.verify("id", "key", keys=True).keys.shown
    assert one.key.startswith('id = 7, key = "')


def test_a_column_in_the_key_is_compared_by_its_values(shop):
    table = shop(SOURCE).go()
    table.tamper(lambda data: setting(data, 7, name="tampered"))
    assert table.verify("id", keys=True).keys.differing == {}
    assert kinds(table.verify("id", "name", keys=True)) == [
        ("missing", 'id = 7, name = "row 7"'),
        ("surplus", 'id = 7, name = "tampered"'),
    ]


def test_without_a_key_rows_cannot_be_told_apart(shop):
    verdict = shop(SOURCE).go().verify(keys=True)
    assert (verdict.state, verdict.exit_code) == ("failed", 2)
    assert verdict.error == (
        "shop.teas: nothing names its rows, so its keys cannot be compared; "
        "name columns with --key, or set watermark.key"
    )


def test_a_column_that_is_not_there_is_met_with_a_suggestion(shop):
    verdict = shop(SOURCE).go().verify("ids", keys=True)
    assert verdict.exit_code == 2
    assert "shop.teas: --key: the table has no column 'ids'; did you mean id?" in verdict.error


def test_a_key_that_the_polish_leaves_out_must_be_replaced(shop):
    table = shop(SOURCE, **FULL, polish=PolishConfig(exclude=("id",))).go()
    assert "the polish leaves out 'id', by which rows are told apart" in table.verify(keys=True).error
    assert table.verify("name", keys=True).state == "equal"
