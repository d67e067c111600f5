"""A hold that is lost stops a commit before its next change; where folders do not move, files do, one by one."""

from __future__ import annotations

import itertools
from contextlib import contextmanager
from datetime import UTC, datetime

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from hygge_core import Locked, StoreError, Table, TableRun
from hygge_core.lake import LakeAbilities
from hygge_core.lakes.local import LocalLake
from hygge_core.schema import columns_of
from hygge_core.staging.layout import FileLayout, FolderLayout, RunsLayout
from hygge_core.staging.options import FileOptions
from hygge_core.staging.store import FileStore
from hygge_core.testing.publish import publish


OLD = pl.DataFrame({"id": range(100), "text": ["old"] * 100})
NEW = pl.DataFrame({"id": range(50, 150), "text": ["new"] * 100})
NUMBERS = itertools.count()


class LapsingLake(LocalLake):
    """A disk whose leases are lost at the n-th time that somebody asks after them."""

    lost_at = None

    @contextmanager
    def lease(self, path, holder):
        with super().lease(path, holder):
            yield self

    def check(self):
        if self.lost_at is not None:
            self.lost_at -= 1
            if self.lost_at < 0:
                raise Locked("this run no longer holds it", holder="perhaps another writer")


class FlatLake(LapsingLake):
    """A disk on which no folder moves."""

    abilities = LakeAbilities(
        atomic_directory_rename=False, atomic_directory_exchange=False, atomic_replace=True, put_if_absent=True
    )

    def rename_directory(self, source, target, *, version=""):
        raise AssertionError((source, target, version))


class PlainLake(LapsingLake):
    """A disk that cannot exchange folders."""

    abilities = LakeAbilities(
        atomic_directory_rename=True, atomic_directory_exchange=False, atomic_replace=True, put_if_absent=True
    )


LAKES = {"exchanging": LapsingLake, "plain": PlainLake, "flat": FlatLake}
LAYOUTS = {"folder": FolderLayout(), "runs": RunsLayout(), "file": FileLayout()}
CASES = [(name, mode) for name, layout in LAYOUTS.items() for mode in sorted(layout.modes)]


def move(store, frame, mode, parts=2):
    table = Table(name="teas", flow="shop", mode=mode, columns=columns_of(frame.schema))
    run = TableRun(id=f"run-{next(NUMBERS):05d}", flow="shop", entity="teas", started=datetime.now(UTC))
    streams = [[frame]] if parts == 1 else [[frame.head(60)], [frame.tail(40)]]
    return publish(store, table, run, streams, key=["id"] if mode == "upsert" else [])


def expected(mode):
    if mode == "replace":
        return NEW
    return pl.concat([OLD if mode == "append" else OLD.filter(pl.col("id") < 50), NEW])


def rows(root, layout):
    place = root / "teas"
    return pl.read_parquet(place if layout == "file" else place / "**" / "*.parquet").sort("id", "text")


def opened(root, lake, layout):
    place = LAKES[lake](root)
    return place, FileStore(place, path="teas", layout=LAYOUTS[layout], options=FileOptions())


@pytest.mark.parametrize("lake", LAKES)
@pytest.mark.parametrize(("layout", "mode"), CASES)
def test_a_lost_hold_leaves_the_old_table_or_one_that_the_next_run_finishes(tmp_path, lake, layout, mode):
    parts = 1 if layout == "file" else 2
    for lost_at in itertools.count():
        root = tmp_path / str(lost_at)
        place, store = opened(root, lake, layout)
        move(store, OLD, "replace", parts)
        place.lost_at = lost_at
        receipt, where = None, "teas"
        try:
            receipt = move(store, NEW, mode, parts)
        except Locked as error:
            where = error.where
        assert "teas" in where
        place.lost_at = None
        store.recover(Table(name="teas"))
        after = [OLD, expected(mode)] if receipt is None else [expected(mode)]
        assert any(rows(root, layout).equals(frame.sort("id", "text")) for frame in after), f"lost at check {lost_at}"
        if lost_at == 0:
            assert_frame_equal(rows(root, layout), OLD)
            assert store.last(Table(name="teas")).sequence == 1
        move(store, OLD, "replace", parts)
        assert_frame_equal(rows(root, layout), OLD)
        store.close()
        assert not list((root / "_hygge" / "teas" / "stages").iterdir())
        if receipt is not None:
            break
    assert lost_at >= 3  # before the record, before the table, before the end


@pytest.mark.parametrize(("layout", "mode"), CASES)
def test_where_no_folder_moves_tables_are_right_all_the_same(tmp_path, layout, mode):
    _, store = opened(tmp_path, "flat", layout)
    parts = 1 if layout == "file" else 2
    move(store, OLD, "replace", parts)
    move(store, NEW, mode, parts)
    assert_frame_equal(rows(tmp_path, layout), expected(mode).sort("id", "text"))
    assert store.count(Table(name="teas")) == expected(mode).height
    store.close()


class Watched(FlatLake):
    """Counts the rows that readers see after each change."""

    counts: list

    def rename(self, source, target, *, replace=False):
        super().rename(source, target, replace=replace)
        self.look()

    def delete(self, path):
        super().delete(path)
        self.look()

    def look(self):
        files = [entry.path for entry in self.list("teas")]
        self.counts.append(sum(pl.read_parquet(self.local_path(path)).height for path in files))


def test_where_no_folder_moves_there_is_never_a_moment_without_the_table(tmp_path):
    place = Watched(tmp_path)
    place.counts = []
    store = FileStore(place, path="teas", layout=FolderLayout(), options=FileOptions())
    move(store, OLD, "replace")
    place.counts.clear()
    move(store, NEW, "replace")
    store.close()
    assert place.counts[:2] == [160, 200]
    assert min(place.counts) >= 100
    assert place.counts[-1] == 100
    promise = store.capabilities.atomic_replace
    assert not promise.kept
    assert "no real folders" in promise.reason
    assert (
        "no real folders"
        in FileStore(place, path="teas", layout=RunsLayout(), options=FileOptions()).capabilities.atomic_append.reason
    )


def test_a_crash_between_new_and_old_files_is_finished_by_the_next_run(tmp_path):
    place, store = opened(tmp_path, "flat", "folder")
    move(store, OLD, "replace")
    deletes = itertools.count()

    def fail(_):
        if next(deletes) in {0, 1}:  # the first try and its repetition
            raise OSError(5, "the service is away")
        raise AssertionError

    place.delete = fail
    with pytest.raises(StoreError, match="recorded but could not be finished"):
        move(store, NEW, "replace")
    del place.delete
    assert rows(tmp_path, "folder").height == 200
    (receipt,) = store.recover(Table(name="teas")).rolled_forward
    assert receipt.rows == 100
    assert_frame_equal(rows(tmp_path, "folder"), NEW)
    store.close()


def logging(kind):
    """A lake of this kind that notes when it is asked for its hold and when it changes what counts."""

    class Logging(LAKES[kind]):
        def check(self):
            self.log.append("check")

        def put(self, path, data, *, if_absent=False):
            self.log.append(f"put {path}")
            super().put(path, data, if_absent=if_absent)

        def rename(self, source, target, *, replace=False):
            self.log.append(f"rename to {target}")
            super().rename(source, target, replace=replace)

        def rename_directory(self, source, target, *, version=""):  # noqa: ARG002 - a folder on the disk has none
            self.log.append(f"rename folder to {target}")
            LocalLake.rename(self, source, target)

        def exchange_directories(self, one, other):
            self.log.append(f"exchange {other}")
            super().exchange_directories(one, other)

        def delete(self, path):
            self.log.append(f"delete {path}")
            super().delete(path)

    return Logging


@pytest.mark.parametrize("lake", LAKES)
@pytest.mark.parametrize(("layout", "mode"), [case for case in CASES if case[1] != "upsert"])
def test_the_hold_is_asked_after_directly_before_each_change(tmp_path, lake, layout, mode):
    place = logging(lake)(tmp_path)
    place.log = []
    store = FileStore(place, path="teas", layout=LAYOUTS[layout], options=FileOptions())
    parts = 1 if layout == "file" else 2
    move(store, OLD, "replace", parts)
    place.log.clear()
    move(store, NEW, mode, parts)
    store.close()
    changes = [step for step in place.log if step != "check"]
    assert len(changes) >= 3
    assert len(changes) == sum(before == "check" for before, step in itertools.pairwise(place.log) if step != "check")
