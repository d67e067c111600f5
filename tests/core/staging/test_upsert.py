"""An upsert replaces rows by key, whole or not at all, and touches no file that it need not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from core.staging.upserting import LAKES, committed, files, opened, run, staged, table, visible
from hygge_core import CommitConflict, CommitRecord, StoreError


def rows(first, last, text="old"):
    return pl.DataFrame(
        {"id": range(first, last), "text": [text] * (last - first)}, schema={"id": pl.Int64, "text": pl.String}
    )


def expected(*parts):
    return sorted((number, text) for first, last, text in parts for number in range(first, last))


@pytest.fixture(params=LAKES)
def lake(request):
    return request.param


def test_rows_of_the_same_key_are_replaced_and_all_others_stay(tmp_path, lake):
    store = opened(tmp_path, lake)
    committed(store, 1, rows(0, 10), rows(10, 20), rows(20, 30), mode="replace")
    receipt = committed(store, 2, rows(15, 18, "new"), rows(30, 33, "new"))
    assert visible(tmp_path) == expected((0, 15, "old"), (15, 18, "new"), (18, 30, "old"), (30, 33, "new"))
    assert receipt.rows == store.count(table(rows(0, 1))) == 33
    assert receipt.record.sequence == 2


def test_files_without_changes_are_carried_over_under_new_names(tmp_path, lake):
    store = opened(tmp_path, lake)
    committed(store, 1, rows(0, 10), rows(10, 20), rows(20, 30), mode="replace")
    before = files(tmp_path)
    first, changed, last = (Path(tmp_path, "teas", name).read_bytes() for name in before)
    receipt = committed(store, 2, rows(15, 18, "new"))
    after = files(tmp_path)
    assert not before.keys() & after.keys(), "a reader caught in the switch would read some files and miss others"
    assert set(receipt.record.removes) == before.keys()
    assert {part.name for part in receipt.record.parts} == after.keys()
    found = [Path(tmp_path, "teas", name).read_bytes() for name in after]
    assert [found.count(first), found.count(changed), found.count(last)] == [1, 0, 1]
    assert len(set(before.values()) & set(after.values())) == (2 if lake == "linking" else 0)


def test_a_table_that_does_not_exist_gets_the_rows(tmp_path, lake):
    committed(opened(tmp_path, lake), 1, rows(0, 3))
    assert visible(tmp_path) == expected((0, 3, "old"))


@pytest.mark.parametrize(
    ("gone", "stays"),
    [([4], [*range(4), *range(5, 30)]), (range(10, 20), [*range(10), *range(20, 30)]), (range(30), [])],
)
def test_deleted_keys_go_and_whole_files_with_them(tmp_path, lake, gone, stays):
    store = opened(tmp_path, lake)
    committed(store, 1, rows(0, 10), rows(10, 20), rows(20, 30), mode="replace")
    receipt = committed(store, 2, rows(0, 0), deleted=pl.LazyFrame({"id": gone}))
    assert visible(tmp_path) == [(number, "old") for number in stays]
    assert receipt.rows == len(stays)
    store.close()
    again = opened(tmp_path, lake)
    assert again.recover(table(rows(0, 1))).rolled_forward == ()
    assert again.last(table(rows(0, 1))) == receipt.record


def test_a_key_that_is_deleted_and_comes_in_the_same_run_stays(tmp_path):
    store = opened(tmp_path)
    committed(store, 1, rows(0, 10), mode="replace")
    committed(store, 2, rows(3, 5, "new"), deleted=pl.LazyFrame({"id": [3, 7, 99, None, 7]}))
    assert visible(tmp_path) == expected((0, 3, "old"), (3, 5, "new"), (5, 7, "old"), (8, 10, "old"))


def test_an_upsert_of_nothing_changes_nothing(tmp_path):
    store = opened(tmp_path)
    committed(store, 1, rows(0, 10), mode="replace")
    before = files(tmp_path)
    receipt = committed(store, 2, rows(0, 0), deleted=pl.LazyFrame({"id": [77]}))
    assert set(files(tmp_path).values()) == set(before.values())
    assert len(receipt.record.parts) == 1
    committed(store, 3, rows(3, 4, "new"))
    assert visible(tmp_path) == expected((0, 3, "old"), (3, 4, "new"), (4, 10, "old"))


def test_an_upsert_of_no_rows_that_deletes_none_keeps_all(tmp_path):
    store = opened(tmp_path)
    committed(store, 1, rows(0, 10), rows(10, 20), mode="replace")
    committed(store, 2, rows(0, 0))
    assert visible(tmp_path) == expected((0, 20, "old"))


def test_an_upsert_without_any_part_only_deletes(tmp_path):
    store = opened(tmp_path)
    committed(store, 1, rows(0, 10), rows(10, 20), mode="replace")
    stage = store.stage(table(rows(0, 1)), run(2))
    sealed = stage.seal(stage.merge([], key=["id"], deleted=pl.LazyFrame({"id": range(10, 20)})))
    stage.commit(sealed, CommitRecord(run=sealed.run, table=sealed.table, parts=sealed.parts))
    assert visible(tmp_path) == expected((0, 10, "old"))


def test_an_abort_leaves_the_table_and_its_files(tmp_path, lake):
    store = opened(tmp_path, lake)
    committed(store, 1, rows(0, 10), rows(10, 20), mode="replace")
    before = files(tmp_path)
    stage, _ = staged(store, 2, rows(3, 4, "new"))
    stage.abort()
    assert files(tmp_path) == before
    assert visible(tmp_path) == expected((0, 20, "old"))
    assert not list((tmp_path / "_hygge" / "teas" / "stages").iterdir())


@pytest.mark.parametrize(
    ("frames", "said"),
    [
        ([rows(0, 3), rows(2, 5)], r"teas: 1 keys come more than once, such as id = 2; an upsert needs one row"),
        ([rows(0, 9), rows(0, 9)], r"9 keys come more than once, such as id = 0 and id = 1 and id = 2;"),
        ([rows(0, 3).with_columns(id=pl.lit(None, pl.Int64))], r"3 rows have no value in their key, such as id = None"),
    ],
)
def test_keys_that_name_no_single_row_are_refused_by_value(tmp_path, frames, said):
    store = opened(tmp_path)
    committed(store, 1, rows(0, 10), mode="replace")
    with pytest.raises(StoreError, match=said):
        staged(store, 2, *frames)
    assert visible(tmp_path) == expected((0, 10, "old"))


def test_a_key_of_a_column_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(StoreError, match="no column 'Id', which is in the key"):
        staged(opened(tmp_path), 1, rows(0, 3), key=("Id",))


def test_an_upsert_that_was_not_merged_is_not_sealed(tmp_path):
    store = opened(tmp_path)
    committed(store, 1, rows(0, 10), mode="replace")
    stage = store.stage(table(rows(0, 1)), run(2))
    writer = stage.writer()
    writer.write(rows(3, 4))
    parts = writer.close()
    with pytest.raises(StoreError, match="would replace the whole table"):
        stage.seal(parts)
    stage.abort()


def test_a_sealed_upsert_is_committed_by_another_store(tmp_path):
    first = opened(tmp_path)
    committed(first, 1, rows(0, 10), rows(10, 20), mode="replace")
    stage, parts = staged(first, 2, rows(3, 4, "new"))
    sealed = stage.seal(parts)
    stage._held.close()  # as the death of the process would
    record = CommitRecord(run=sealed.run, table=sealed.table, parts=sealed.parts)
    second = opened(tmp_path)
    receipt = second.stage(sealed.table, sealed.run).commit(sealed, record)
    assert second.stage(sealed.table, sealed.run).commit(sealed, record) == receipt
    assert visible(tmp_path) == expected((0, 3, "old"), (3, 4, "new"), (4, 20, "old"))


def test_old_files_get_the_new_columns(tmp_path, lake):
    store = opened(tmp_path, lake)
    committed(store, 1, rows(0, 10), rows(10, 20).with_columns(text=pl.lit("tea")), mode="replace")
    wider = pl.DataFrame({"text": ["new"], "id": [3], "price": [Decimal("2.50")]})
    committed(store, 2, wider)
    frame = pl.concat(pl.read_parquet(path) for path in (tmp_path / "teas").iterdir())
    assert frame.columns == ["text", "id", "price"]
    assert frame.filter(pl.col("price").is_not_null())["id"].to_list() == [3]
    assert frame.height == 20


def test_old_values_are_widened(tmp_path):
    store = opened(tmp_path)
    committed(store, 1, rows(0, 10).cast({"id": pl.Int16}), mode="replace")
    committed(store, 2, pl.DataFrame({"id": [3, 2**40], "text": ["new", "new"]}))
    frame = pl.read_parquet(tmp_path / "teas" / "*.parquet")
    assert frame.schema["id"] == pl.Int64()
    assert sorted(frame["id"]) == [*range(10), 2**40]


@pytest.mark.parametrize(
    ("old", "said"),
    [
        (rows(0, 3).with_columns(more=1), "has a column 'more' that the new rows lack.*--full-drop"),
        (rows(0, 3).select("text"), "has no column 'id', which is in the key.*--full-drop"),
    ],
)
def test_files_that_would_lose_a_column_stop_the_upsert(tmp_path, old, said):
    store = opened(tmp_path)
    committed(store, 1, old, mode="replace")
    with pytest.raises(StoreError, match=said):
        staged(store, 2, rows(0, 3))


def test_many_small_files_become_few(tmp_path):
    store = opened(tmp_path)
    counts = []
    for number in range(40):
        committed(store, number, rows(number * 5, number * 5 + 5, f"run {number}"))
        counts.append(len(files(tmp_path)))
    assert max(counts) <= 17
    assert counts[-1] < 17
    assert visible(tmp_path) == expected(*((n * 5, n * 5 + 5, f"run {n}") for n in range(40)))


def test_files_of_full_size_stay_whatever_their_number(tmp_path):
    store = opened(tmp_path, file_size=64)
    committed(store, 1, *(rows(n * 5, n * 5 + 5) for n in range(20)), mode="replace")
    before = files(tmp_path)
    committed(store, 2, rows(100, 105, "new"))
    assert set(before.values()) < set(files(tmp_path).values())


def test_files_of_strangers_stop_an_upsert_unless_adopted(tmp_path):
    committed(opened(tmp_path), 1, rows(0, 10), mode="replace")
    (tmp_path / "teas" / "notes.txt").write_bytes(b"precious")
    rows(50, 60, "theirs").write_parquet(tmp_path / "teas" / "theirs.parquet")
    with pytest.raises(StoreError, match=r"hygge did not write \(notes.txt, theirs.parquet\)"):
        opened(tmp_path).stage(table(rows(0, 1)), run(2))
    receipt = committed(opened(tmp_path, adopt=True), 2, rows(55, 56, "new"))
    assert visible(tmp_path) == expected((0, 10, "old"), (50, 55, "theirs"), (55, 56, "new"), (56, 60, "theirs"))
    assert {"notes.txt", "theirs.parquet"} < set(receipt.record.removes)


def test_a_stranger_that_comes_after_the_merge_stops_the_commit(tmp_path):
    store = opened(tmp_path)
    committed(store, 1, rows(0, 10), mode="replace")
    stage, parts = staged(store, 2, rows(3, 4, "new"))
    (tmp_path / "teas" / "late.csv").write_bytes(b"precious")
    sealed = stage.seal(parts)
    with pytest.raises(StoreError, match=r"late.csv"):
        stage.commit(sealed, CommitRecord(run=sealed.run, table=sealed.table, parts=sealed.parts))
    stage.abort()
    assert (tmp_path / "teas" / "late.csv").exists()


def test_a_file_that_was_tampered_with_is_a_conflict(tmp_path, lake):
    store = opened(tmp_path, lake)
    committed(store, 1, rows(0, 10), rows(10, 20), mode="replace")
    last = sorted((tmp_path / "teas").iterdir())[1]
    data = last.read_bytes()
    last.write_bytes(data.replace(b"old", b"odd"))
    if lake != "linking":  # a link does not read what it links
        with pytest.raises(CommitConflict, match="holds other content than was committed to it"):
            staged(store, 2, rows(3, 4))
    rows(10, 13).write_parquet(last)
    with pytest.raises(CommitConflict, match="holds other content"):
        staged(store, 3, rows(3, 4))


@pytest.mark.parametrize("others", [0, 1, 2])
def test_a_file_that_is_gone_stops_the_upsert_instead_of_losing_its_rows(tmp_path, lake, others):
    store = opened(tmp_path, lake)
    committed(store, 1, rows(0, 10), rows(10, 20), mode="replace")
    committed(store, 2, rows(20, 30), mode="append")
    committed(store, 3, rows(3, 4, "new"))
    left = sorted((tmp_path / "teas").iterdir())
    assert len(left) > 2
    for path in left[others:]:
        path.unlink()
    with pytest.raises(StoreError, match=r"such as \S+\.parquet, are gone, with [\d,]+ rows; restore them, or write"):
        staged(store, 4, rows(3, 4))


def test_a_file_that_became_a_link_is_written_anew(tmp_path):
    store = opened(tmp_path)
    committed(store, 1, rows(0, 10), rows(10, 20), mode="replace")
    last = sorted((tmp_path / "teas").iterdir())[1]
    (tmp_path / "elsewhere").write_bytes(last.read_bytes())
    last.unlink()
    last.symlink_to(tmp_path / "elsewhere")
    committed(store, 2, rows(3, 4, "new"))
    assert not any(path.is_symlink() for path in (tmp_path / "teas").iterdir())
    assert visible(tmp_path) == expected((0, 3, "old"), (3, 4, "new"), (4, 20, "old"))


@pytest.mark.parametrize("layout", ["runs", "file"])
def test_other_layouts_say_what_to_do_instead(tmp_path, layout):
    given = opened(tmp_path, layout=layout).capabilities
    assert "upsert" not in given.modes
    assert not given.atomic_upsert.kept
    assert 'use layout = "folder" to upsert' in given.atomic_upsert.reason
    with pytest.raises(StoreError, match='teas: cannot upsert; use layout = "folder"'):
        staged(opened(tmp_path, layout=layout), 1, rows(0, 3))


@pytest.mark.parametrize(
    ("lake", "kept", "said"),
    [
        ("linking", True, "files without changes are linked"),
        ("copying", False, "are copied, for there are no hard links"),
    ],
)
def test_a_folder_says_how_it_upserts(tmp_path, lake, kept, said):
    given = opened(tmp_path, lake).capabilities
    assert "upsert" in given.modes
    assert given.atomic_upsert.kept == kept
    assert said in given.atomic_upsert.reason


HARD_KEYS = {
    "nanoseconds": pl.Series([1, 2, 3, 4, 5]).cast(pl.Datetime("ns")),
    "time": pl.Series([1, 2, 3, 4, 5]).cast(pl.Time),
    "uint64": pl.Series([0, 1, 2**63 - 1, 2**63, 2**64 - 1], dtype=pl.UInt64),
    "decimal": pl.Series([Decimal("-9.99"), Decimal("-0.01"), Decimal(0), Decimal("0.01"), Decimal("9.99")]),
    "float": pl.Series([float("nan"), float("-inf"), -0.0, 0.5, float("inf")]),
    "string": pl.Series(["", "a", "ab" * 500, "b\x00", "🫐"]),
    "binary": pl.Series([b"", b"\x00", b"a", b"\xff", b"\xff\xff"]),
    "date": pl.Series([date(1, 1, 1), date(1969, 12, 31), date(1970, 1, 1), date(2024, 2, 29), date(9999, 12, 31)]),
    "zoned": pl.Series([datetime(2024, 10, 27, tzinfo=UTC) + timedelta(minutes=30 * n) for n in range(5)]),
    "boolean": pl.Series([True, False]),
    "enum": pl.Series(["a", "b", "c", "d", "e"], dtype=pl.Enum(["e", "d", "c", "b", "a"])),
    "categorical": pl.Series(["a", "b", "c", "d", "e"], dtype=pl.Categorical),
}


@pytest.mark.parametrize("dtype", HARD_KEYS)
def test_a_key_of_any_dtype_finds_its_row(tmp_path, dtype):
    values = HARD_KEYS[dtype]
    store = opened(tmp_path)
    old = [values.slice(index, 1).to_frame("id").with_columns(text=pl.lit("old")) for index in range(len(values))]
    committed(store, 0, *old, mode="replace")
    for number, frame in enumerate(old, 1):
        committed(store, number, frame.with_columns(text=pl.lit("new")))
        found = pl.concat(pl.read_parquet(path) for path in (tmp_path / "teas").iterdir())
        assert found.height == len(values), f"{frame} is there twice or not at all"
        assert found["text"].to_list().count("new") == number


@pytest.mark.parametrize("name", ["*", "^.*$", "with space", 'quo"te', "", "path_"])
def test_a_key_of_any_name_finds_its_row(tmp_path, name):
    store = opened(tmp_path)
    committed(store, 1, rows(0, 10).rename({"id": name}), mode="replace", key=(name,))
    committed(store, 2, rows(3, 4, "new").rename({"id": name}), key=(name,), deleted=pl.LazyFrame({name: [7]}))
    assert visible(tmp_path) == expected((0, 3, "old"), (3, 4, "new"), (4, 7, "old"), (8, 10, "old"))


def test_the_rows_of_a_table_and_of_a_stage_can_be_read_back(tmp_path, lake):
    store = opened(tmp_path, lake)
    assert store.rows(table(rows(0, 1))) is None
    committed(store, 1, rows(0, 10), rows(10, 20), mode="replace")
    stage, parts = staged(store, 2, rows(20, 25, "new"), mode="append")
    assert_frame_equal(stage.rows(parts).collect(), rows(20, 25, "new"))
    assert stage.rows([]).collect().schema == rows(0, 0).schema
    assert_frame_equal(store.rows(table(rows(0, 1))).collect(), rows(0, 20))
    assert_frame_equal(store.rows(table(rows(0, 1))).filter(pl.col("id") > 17).collect(), rows(18, 20))
    assert store.rows(table(rows(0, 1))).head(13).collect().height == 13
    assert store.rows(table(rows(0, 1))).select(pl.len()).collect().item() == 20
    stage.abort()


def test_columns_that_came_later_are_null_in_older_rows(tmp_path, lake):
    store = opened(tmp_path, lake)
    committed(store, 1, rows(0, 2), mode="append")
    committed(store, 2, rows(2, 4).with_columns(more=pl.col("id")), mode="append")
    found = store.rows(table(rows(0, 1))).sort("id").collect()
    assert found["more"].to_list() == [None, None, 2, 3]


def test_files_that_readers_skip_are_neither_read_nor_counted(tmp_path):
    store = opened(tmp_path)
    committed(store, 1, rows(0, 3), mode="append")
    for name in (".hidden.parquet", "_skipped.parquet", "_folder/below.parquet", "notes.txt"):
        path = tmp_path / "teas" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"not Parquet at all")
    assert store.rows(table(rows(0, 1))).collect().height == store.count(table(rows(0, 1))) == 3


def test_a_file_that_cannot_be_read_stops_the_merge_by_name(tmp_path):
    store = opened(tmp_path)
    committed(store, 1, rows(0, 1000), mode="replace")
    (path,) = (tmp_path / "teas").iterdir()
    data = bytearray(path.read_bytes())
    data[10:400] = bytes(390)
    path.write_bytes(data)
    with pytest.raises(StoreError, match=r"teas: the rows could not be merged: .*; the old table is as it was"):
        staged(store, 2, rows(3, 4, "new"))


def test_a_watch_that_raises_stops_the_merge(tmp_path):
    store = opened(tmp_path)
    committed(store, 1, rows(0, 10), mode="replace")
    stage, _ = staged(store, 2, rows(3, 4), mode="append")

    def watch(_size):
        raise StoreError("stopped")

    with pytest.raises(StoreError, match="stopped"):
        stage.merge([], key=["id"], deleted=pl.LazyFrame({"id": [3]}), watch=watch)
    stage.abort()
    assert visible(tmp_path) == expected((0, 10, "old"))
