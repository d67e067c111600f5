"""A file store commits whole, recovers what was recorded, and never touches what is not its own."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import UTC, datetime

import attrs
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from hygge_core import CommitConflict, CommitRecord, HomeError, Locked, StoreError, Table, TableRun
from hygge_core.lake import LakeAbilities
from hygge_core.lakes.local import LocalLake
from hygge_core.records import dump, load
from hygge_core.schema import columns_of
from hygge_core.staging.layout import FileLayout, FolderLayout, RunsLayout
from hygge_core.staging.options import FileOptions
from hygge_core.staging.store import FileStore


FRAME = pl.DataFrame({"id": range(100), "text": ["tea"] * 100})
LAYOUTS = {"folder": FolderLayout(), "runs": RunsLayout(), "file": FileLayout()}


class PlainLake(LocalLake):
    """A lake that cannot exchange folders."""

    abilities = LakeAbilities(
        atomic_directory_rename=True, atomic_directory_exchange=False, atomic_replace=True, put_if_absent=True
    )


class FlakyLake(LocalLake):
    """A lake whose chosen calls raise: before they are done, or after."""

    def __init__(self, root, **faults):
        super().__init__(root)
        self.faults = faults

    def _around(self, verb, call):
        when = self.faults.get(verb, [None]).pop(0) if self.faults.get(verb) else None
        if when == "before":
            raise OSError(5, f"{verb} did not happen")
        result = call()
        if when == "after":
            raise OSError(5, f"the answer of {verb} was lost")
        return result

    def put(self, path, data, *, if_absent=False):
        return self._around("put", lambda: super(FlakyLake, self).put(path, data, if_absent=if_absent))

    def rename(self, source, target, *, replace=False):
        return self._around("rename", lambda: super(FlakyLake, self).rename(source, target, replace=replace))

    def rename_directory(self, source, target, *, version=""):  # noqa: ARG002 - a folder on the disk has none
        return self._around("rename_directory", lambda: LocalLake.rename(self, source, target))

    def exchange_directories(self, one, other):
        return self._around("exchange", lambda: super(FlakyLake, self).exchange_directories(one, other))


def opened(root, layout="folder", *, lake=LocalLake, adopt=False, **options):
    place = lake if not isinstance(lake, type) else lake(root)
    return FileStore(place, path="{entity}", layout=LAYOUTS[layout], options=FileOptions(**options), adopt=adopt)


def a_run(number):
    return TableRun(id=f"run-{number}", flow="shop", entity="teas", started=datetime(2026, 11, 20, tzinfo=UTC))


def a_table(mode="replace", frame=FRAME, name="teas"):
    return Table(name=name, flow="shop", mode=mode, columns=columns_of(frame.schema))


def staged(store, number, mode="replace", *frames):
    stage = store.stage(a_table(mode), a_run(number))
    parts = []
    for frame in frames or (FRAME,):
        writer = stage.writer()
        writer.write(frame)
        parts += writer.close()
    sealed = stage.seal(parts)
    return stage, sealed, CommitRecord(run=a_run(number), table=sealed.table, parts=sealed.parts)


def committed(store, number, mode="replace", *frames):
    stage, sealed, record = staged(store, number, mode, *frames)
    return stage.commit(sealed, record)


def visible(root):
    place = root / "teas"
    return pl.concat(
        pl.read_parquet(file) for file in ([place] if place.is_file() else sorted(place.rglob("*.parquet")))
    )


def leftovers(root):
    return [path for path in (root / "_hygge").rglob("*") if "commits" not in path.parts and path.name != "lease"]


@pytest.mark.parametrize("lake", [LocalLake, PlainLake])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_replacement_leaves_only_the_new_rows(tmp_path, layout, lake):
    store = opened(tmp_path, layout, lake=lake)
    for number in range(4):
        receipt = committed(store, number, "replace", FRAME[number:])
        assert_frame_equal(visible(tmp_path), FRAME[number:])
        assert receipt.record.sequence == number + 1
        assert store.count(a_table()) == 100 - number
    store.close()
    assert not [path for path in leftovers(tmp_path) if path.is_file() or path.name.startswith("run-")]


@pytest.mark.parametrize("layout", ["folder", "runs"])
def test_an_append_keeps_all_rows(tmp_path, layout):
    store = opened(tmp_path, layout)
    for number in range(3):
        receipt = committed(store, number, "append", FRAME[number * 10 :][:10], FRAME[50:60])
        assert store.count(a_table(), receipt.record.parts) == 20
    assert visible(tmp_path).height == store.count(a_table()) == 60
    assert store.last(a_table()).sequence == 3


@pytest.mark.parametrize("layout", ["folder", "runs"])
def test_the_first_append_appears_in_one_step_however_many_files_it_has(tmp_path, layout):
    seen = []

    class Watched(LocalLake):
        def rename(self, source, target, *, replace=False):
            if target.startswith("teas"):
                seen.append((target, (tmp_path / "teas").exists()))
            super().rename(source, target, replace=replace)

    committed(opened(tmp_path, layout, lake=Watched), 1, "append", FRAME[:10], FRAME[10:20])
    assert seen == [("teas", False)]
    assert visible(tmp_path).height == 20


def test_a_stage_is_committed_from_plain_data_by_another_store(tmp_path):
    first = opened(tmp_path)
    stage, sealed, record = staged(first, 1)
    plain = dump(sealed), dump(record)
    stage._held.close()  # as the death of the process would
    second = opened(tmp_path)
    again = second.stage(a_table(), a_run(1))
    receipt = again.commit(load(plain[0], type(sealed)), load(plain[1], CommitRecord))
    assert_frame_equal(visible(tmp_path), FRAME)
    assert second.stage(a_table(), a_run(1)).commit(sealed, record) == receipt


@pytest.mark.parametrize(("layout", "verb"), [("folder", "exchange"), ("runs", "exchange"), ("file", "rename")])
@pytest.mark.parametrize("when", ["before", "after"])
def test_an_operation_that_fails_once_is_looked_at_and_finished(tmp_path, layout, verb, when):
    committed(opened(tmp_path, layout), 1)
    store = opened(tmp_path, layout, lake=FlakyLake(tmp_path, **{verb: [when]}))
    receipt = committed(store, 2, "replace", FRAME[:7])
    assert receipt.record.sequence == 2
    assert_frame_equal(visible(tmp_path), FRAME[:7])


def test_a_record_whose_writing_seemed_to_fail_counts_when_it_is_there(tmp_path):
    store = opened(tmp_path, lake=FlakyLake(tmp_path, put=["after"]))
    committed(store, 1)
    assert_frame_equal(visible(tmp_path), FRAME)


def test_a_record_that_could_not_be_written_leaves_everything(tmp_path):
    committed(opened(tmp_path), 1)
    store = opened(tmp_path, lake=FlakyLake(tmp_path, put=["before"]))
    stage, sealed, record = staged(store, 2, "replace", FRAME[:7])
    with pytest.raises(OSError, match="put did not happen"):
        stage.commit(sealed, record)
    stage.abort()
    assert_frame_equal(visible(tmp_path), FRAME)
    assert not [path for path in leftovers(tmp_path) if path.name.startswith("run-2")]


def test_a_recorded_commit_that_cannot_go_on_is_kept_for_the_next_run(tmp_path):
    committed(opened(tmp_path), 1)
    store = opened(tmp_path, lake=FlakyLake(tmp_path, exchange=["before", "before"]))
    stage, sealed, record = staged(store, 2, "replace", FRAME[:7])
    with pytest.raises(StoreError, match="is recorded but could not be finished"):
        stage.commit(sealed, record)
    stage.abort()
    assert_frame_equal(visible(tmp_path), FRAME)
    recovery = opened(tmp_path).recover(a_table())
    assert [receipt.record.run.id for receipt in recovery.rolled_forward] == ["run-2"]
    assert_frame_equal(visible(tmp_path), FRAME[:7])
    assert opened(tmp_path).recover(a_table()).rolled_forward == ()


def test_a_part_that_was_changed_after_the_record_is_a_conflict_and_nothing_moves(tmp_path):
    committed(opened(tmp_path), 1)
    store = opened(tmp_path, lake=FlakyLake(tmp_path, exchange=["before", "before"]))
    stage, sealed, record = staged(store, 2, "replace", FRAME[:7])
    with pytest.raises(StoreError):
        stage.commit(sealed, record)
    stage.abort()
    part = tmp_path / sealed.parts[0].staged
    data = bytearray(part.read_bytes())
    data[10] ^= 1
    part.write_bytes(data)
    with pytest.raises(CommitConflict, match="holds other content"):
        opened(tmp_path).recover(a_table())
    assert_frame_equal(visible(tmp_path), FRAME)


def test_a_part_that_vanished_is_told_when_sealing(tmp_path):
    stage, sealed, _ = staged(opened(tmp_path), 1)
    (tmp_path / sealed.parts[0].staged).unlink()
    with pytest.raises(StoreError, match="a staged part is missing"):
        stage.seal(sealed.parts)
    stage.abort()


def test_an_abort_leaves_nothing_twice_and_spares_a_commit(tmp_path):
    store = opened(tmp_path)
    stage, sealed, record = staged(store, 1)
    stage.abort()
    stage.abort()
    assert not [path for path in leftovers(tmp_path) if path.is_file()]
    stage, sealed, record = staged(store, 2)
    stage.commit(sealed, record)
    stage.abort()
    assert_frame_equal(visible(tmp_path), FRAME)


def test_an_abort_ends_writers_that_are_still_open(tmp_path):
    stage = opened(tmp_path).stage(a_table(), a_run(1))
    writer = stage.writer()
    writer.write(FRAME)
    stage.abort()
    assert not [path for path in leftovers(tmp_path) if path.is_file()]


def test_an_unrecorded_stage_is_swept_with_what_was_never_finished(tmp_path):
    store = opened(tmp_path)
    stage, _, _ = staged(store, 1)
    stage._held.close()
    (tmp_path / "_hygge" / "teas" / "pending.json.abcd.unfinished").write_bytes(b"{")
    assert opened(tmp_path).recover(a_table()).swept == ("run-1",)
    assert not [path for path in leftovers(tmp_path) if path.is_file() or path.name == "run-1"]


def test_two_writers_of_one_table_exclude_each_other_even_in_one_store(tmp_path):
    store = opened(tmp_path)
    with store.lease(a_table(), a_run(1)):
        with pytest.raises(Locked, match=r"is being written by run run-1 of shop\.teas"):
            store.stage(a_table(), a_run(2))
        store.stage(a_table(), a_run(1)).abort()
        committed(store, 1)
    with pytest.raises(Locked) as caught, store.lease(a_table(), a_run(3)), opened(tmp_path).lease(a_table(), a_run(4)):
        pass
    assert caught.value.where == str(tmp_path / "teas")


def test_a_writer_that_lost_its_lease_cannot_commit_over_another(tmp_path):
    store = opened(tmp_path)
    stage, sealed, record = staged(store, 1)
    stage._held.close()
    (tmp_path / "_hygge" / "teas" / "lease").unlink()
    other = opened(tmp_path)
    other_stage = other.stage(a_table(), a_run(1))  # keeps run 1's stage, as a reopening does
    other_stage.abort()
    stage, sealed, record = staged(store, 3)
    stage._base = 0
    committed_by_other = attrs.evolve(record, run=a_run(2), sequence=1, committed_at=datetime.now(UTC))
    (tmp_path / "_hygge" / "teas" / "commits").mkdir(exist_ok=True)
    (tmp_path / "_hygge" / "teas" / "commits" / f"{1:020d}.run-2.json").write_bytes(dump(committed_by_other))
    with pytest.raises(CommitConflict, match="commit 1 was made by another writer"):
        stage.commit(sealed, record)
    assert not (tmp_path / "_hygge" / "teas" / "pending.json").exists()


def test_a_commit_that_another_run_has_begun_is_in_the_way(tmp_path):
    store = opened(tmp_path)
    stage, sealed, record = staged(store, 2)
    begun = attrs.evolve(record, run=a_run(1), sequence=1)
    (tmp_path / "_hygge" / "teas" / "pending.json").write_bytes(dump(begun))
    with pytest.raises(CommitConflict, match="run-1 has begun"):
        stage.commit(sealed, record)


def test_a_pending_record_that_was_overtaken_is_dropped_not_replayed(tmp_path):
    store = opened(tmp_path)
    receipt = committed(store, 1)
    stale = attrs.evolve(receipt.record, run=a_run(0))
    (tmp_path / "_hygge" / "teas" / "pending.json").write_bytes(dump(stale))
    assert store.recover(a_table()).rolled_forward == ()
    assert_frame_equal(visible(tmp_path), FRAME)
    assert not (tmp_path / "_hygge" / "teas" / "pending.json").exists()


@pytest.mark.parametrize("content", [b"", b"{", b'{"run": 1}', json.dumps({"version": 2}).encode()])
def test_a_record_that_cannot_be_read_stops_everything_and_says_where(tmp_path, content):
    committed(opened(tmp_path), 1)
    (tmp_path / "_hygge" / "teas" / "pending.json").write_bytes(content)
    with pytest.raises(StoreError, match=r"pending.json: is not a commit record"):
        opened(tmp_path).recover(a_table())
    assert_frame_equal(visible(tmp_path), FRAME)


def test_files_of_strangers_are_never_replaced_unless_adopted(tmp_path):
    (tmp_path / "teas").mkdir()
    for name in ("mine.parquet", "notes.txt", "x.csv", "y.csv"):
        (tmp_path / "teas" / name).write_bytes(b"precious")
    with pytest.raises(StoreError, match=r"mine.parquet, notes.txt, x.csv and 1 more.*adopt = true"):
        opened(tmp_path).stage(a_table(), a_run(1))
    assert len(list((tmp_path / "teas").iterdir())) == 4
    committed(opened(tmp_path), 1, "append")
    assert len(list((tmp_path / "teas").iterdir())) == 5
    receipt = committed(opened(tmp_path, adopt=True), 2)
    assert len(list((tmp_path / "teas").iterdir())) == 1
    assert "notes.txt" in receipt.record.removes


def test_a_stranger_that_comes_while_rows_are_staged_stops_the_commit(tmp_path):
    store = opened(tmp_path)
    committed(store, 1)
    stage, sealed, record = staged(store, 2)
    (tmp_path / "teas" / "late.csv").write_bytes(b"precious")
    with pytest.raises(StoreError, match=r"late.csv"):
        stage.commit(sealed, record)
    stage.abort()
    assert (tmp_path / "teas" / "late.csv").exists()


def test_the_debris_of_file_browsers_is_no_stranger(tmp_path):
    store = opened(tmp_path)
    committed(store, 1)
    (tmp_path / "teas" / ".DS_Store").write_bytes(b"")
    committed(store, 2)
    assert store.count(a_table()) == 100


def test_a_single_file_that_hygge_did_not_write_is_a_stranger(tmp_path):
    (tmp_path / "teas").write_bytes(b"precious")
    with pytest.raises(StoreError, match="hygge did not write"):
        opened(tmp_path, "file").stage(a_table(), a_run(1))


@pytest.mark.parametrize(("layout", "kind"), [("folder", "file"), ("file", "folder")])
def test_a_place_of_the_wrong_kind_is_refused(tmp_path, layout, kind):
    (tmp_path / "teas").write_bytes(b"") if kind == "file" else (tmp_path / "teas").mkdir()
    with pytest.raises(StoreError, match=f"is a {kind}"):
        opened(tmp_path, layout).stage(a_table(), a_run(1))


def test_a_symbolic_link_is_not_followed(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "teas").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="is a symbolic link"):
        opened(tmp_path).stage(a_table(), a_run(1))


def test_a_table_of_one_file_has_one_part(tmp_path):
    stage = opened(tmp_path, "file").stage(a_table(), a_run(1))
    one = stage.writer()
    one.write(FRAME)
    (part,) = one.close()
    with pytest.raises(StoreError, match="2 parts were staged for a table of one file"):
        stage.seal([part, part])
    stage.abort()


def test_a_batch_with_other_columns_is_refused(tmp_path):
    stage = opened(tmp_path).stage(a_table(), a_run(1))
    with pytest.raises(StoreError, match="the stage was opened for"):
        stage.writer().write(FRAME.drop("id"))
    stage.abort()


def test_a_disk_that_fills_up_shows_in_the_writer(tmp_path):
    class Full(LocalLake):
        def create(self, _path):
            raise OSError(28, "No space left on device")

    stage = opened(tmp_path, lake=Full).stage(a_table(), a_run(1))
    writer = stage.writer()

    def fill():
        for _ in range(100):
            writer.write(FRAME)
        writer.close()

    with pytest.raises(Exception, match="No space left on device"):
        fill()
    stage.abort()


def test_tables_and_folders_with_any_name_stay_apart(tmp_path):
    store = FileStore(LocalLake(tmp_path), path="{flow}/{entity}", layout=FolderLayout(), options=FileOptions())
    names = ["a", "a%2Fb", "with space", "dot.", "quote'\"", "emoji 🏡", "stages", "commits", "{entity}", "b-00000"]
    for name in names:
        table = a_table(name=name)
        stage = store.stage(table, a_run(1))
        writer = stage.writer()
        writer.write(FRAME[: len(name)])
        sealed = stage.seal(writer.close())
        stage.commit(sealed, CommitRecord(run=a_run(1), table=table, parts=sealed.parts))
    assert [store.count(a_table(name=name)) for name in names] == [len(name) for name in names]


def test_pass_through_takes_what_the_stage_would_have_written_only(tmp_path):
    options = {"file_size": 1 << 20}
    stage = opened(tmp_path / "lake", **options).stage(a_table(), a_run(1))
    good, gzip, other = tmp_path / "good.parquet", tmp_path / "gzip.parquet", tmp_path / "other.parquet"
    FRAME.write_parquet(good, compression="snappy")
    FRAME.write_parquet(gzip, compression="gzip")
    FRAME.select("text", "id").write_parquet(other, compression="snappy")
    assert stage.accepts([str(good)])
    assert not stage.accepts([])
    assert not stage.accepts([str(gzip)])
    assert not stage.accepts([str(other)])
    assert not stage.accepts([str(good)] * 2), "many small files are worth joining"
    part = stage.take(str(good))
    assert part.rows == 100
    with pytest.raises(HomeError, match="does not read from end to end"):
        stage.take(__file__)
    stage.abort()
    levelled = opened(tmp_path / "lake", compression_level=3).stage(a_table(), a_run(2))
    assert not levelled.accepts([str(good)])
    levelled.abort()
    big = opened(tmp_path / "lake", file_size=100).stage(a_table(), a_run(3))
    assert not big.accepts([str(good)])
    big.abort()


@pytest.mark.parametrize("lake", [LocalLake, PlainLake])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_capabilities_say_what_lake_and_layout_give(tmp_path, layout, lake):
    given = opened(tmp_path, layout, lake=lake).capabilities
    assert given.atomic_replace.kept == (layout == "file" or lake is LocalLake)
    assert given.atomic_append.kept == (layout == "runs")
    assert given.stable_reads.kept == (layout == "file")
    assert ("append" in given.modes) == (layout != "file")


def test_finished_parts_are_closed_while_others_are_written(tmp_path):
    class Counting(LocalLake):
        now = most = made = 0

        @contextmanager
        def create(self, path):
            Counting.now += 1
            Counting.made += 1
            Counting.most = max(Counting.most, Counting.now)
            with super().create(path) as file:
                yield file
            Counting.now -= 1

    noise = pl.DataFrame({"noise": pl.Series(range(10_000_000)).hash()})
    table = a_table(frame=noise)
    stage = opened(tmp_path, lake=Counting, file_size=1 << 20).stage(table, a_run(1))
    parts = stage.sink(noise.lazy())
    assert Counting.made == len(parts) > 60
    assert Counting.now == 0
    assert Counting.most < Counting.made / 2
    assert sum(part.rows for part in parts) == 10_000_000
    stage.abort()


def test_a_probe_tells_how_things_are_and_leaves_nothing(tmp_path):
    store = opened(tmp_path)
    committed(store, 1)
    before = sorted(tmp_path.rglob("*"))
    findings = list(store.probe("teas", "shop"))
    assert all(finding.ok for finding in findings)
    assert [finding.probe for finding in findings] == ["write", "place", "switch"]
    assert "commit 1 of run run-1, 100 rows" in findings[1].what
    assert sorted(tmp_path.rglob("*")) == before
    assert "never committed" in list(opened(tmp_path).probe("other"))[1].what


def test_a_probe_finds_what_a_commit_would_stumble_over(tmp_path):
    (tmp_path / "teas").mkdir()
    (tmp_path / "teas" / "mine.csv").write_bytes(b"precious")
    write, place = opened(tmp_path, lake=FlakyLake(tmp_path, put=["before"])).probe("teas")
    assert (write.ok, place.ok) == (False, False)
    assert "mine.csv" in place.what
    assert place.fix.endswith("have them replaced")


def test_a_commit_that_is_visible_does_not_fail_for_what_it_cannot_sweep(tmp_path):
    class Sticky(LocalLake):
        def delete_directory(self, _path):
            raise OSError(1, "not today")

    store = opened(tmp_path, lake=Sticky)
    assert committed(store, 1).rows == 100
    assert committed(store, 2, "append").rows == 100
    store.close()
    assert opened(tmp_path).recover(a_table()).swept == ()
    assert not list((tmp_path / "_hygge" / "teas" / "stages").iterdir())
