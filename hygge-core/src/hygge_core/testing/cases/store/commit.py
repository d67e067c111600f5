"""A commit makes all rows visible, once, whoever repeats it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from attrs import evolve

from hygge_core.errors import CommitConflict, StoreError
from hygge_core.mark import Mark, Watermark
from hygge_core.testing.judge import holds, needs, through_json
from hygge_core.testing.process import in_process, named
from hygge_core.testing.publish import publish, record_of, write


if TYPE_CHECKING:
    import polars as pl

    from hygge_core.commit import CommitRecord, Staged, Table, TableRun
    from hygge_core.store import Store
    from hygge_core.testing.judge import NewRun, OpenStore, Read


_WATERMARK = Watermark(column="id", key=("id",), mark=Mark(dtype="int64", text="5"))


class CommitCases:
    """Staged rows are invisible; committed rows are visible exactly once."""

    promise: ClassVar[str] = "staged rows are invisible, and committed rows are visible exactly once"
    opener: ClassVar[str] = ""

    def test_staged_rows_are_invisible(
        self, store: Store, read: Read, table: Table, run: TableRun, rows: pl.DataFrame
    ) -> None:
        stage = store.stage(table, run)
        holds(read, table, None, "opening a stage changes nothing that a reader sees")
        writer = stage.writer()
        writer.write(rows)
        holds(read, table, None, "rows are invisible while they are written")
        parts = writer.close()
        holds(read, table, None, "rows are invisible when their writer is closed")
        stage.seal(parts)
        holds(read, table, None, "rows are invisible until they are committed")
        stage.abort()

    def test_a_commit_is_visible_exactly_once_and_whole(
        self, store: Store, read: Read, table: Table, run: TableRun, rows: pl.DataFrame
    ) -> None:
        publish(store, table, run, [[rows.head(2), rows.slice(2)]])
        holds(read, table, rows, "after a commit a reader sees every row exactly once")

    def test_the_receipt_tells_what_became_visible(
        self, store: Store, table: Table, run: TableRun, rows: pl.DataFrame
    ) -> None:
        receipt = publish(store, table, run, [[rows]], watermark=_WATERMARK)
        assert receipt.rows == rows.height, "broken promise: a receipt counts the rows that became visible"
        assert receipt.location == store.locate(table), "broken promise: a receipt says where the table is"
        assert receipt.record.run == run, "broken promise: a receipt names the run that committed"
        assert receipt.record.watermark == _WATERMARK, "broken promise: the watermark is part of the commit"

    def test_commits_are_numbered_from_one(
        self, store: Store, table: Table, new_run: NewRun, rows: pl.DataFrame
    ) -> None:
        numbers = [publish(store, table, new_run(), [[rows]]).record.sequence for _ in range(3)]
        assert numbers == [1, 2, 3], f"broken promise: the commits of a table are numbered 1, 2, 3, not {numbers}"

    def test_committing_again_returns_the_same_receipt(
        self, store: Store, read: Read, table: Table, run: TableRun, rows: pl.DataFrame
    ) -> None:
        stage = store.stage(table, run)
        staged = write(stage, [[rows]])
        record = record_of(staged)
        first, again = stage.commit(staged, record), stage.commit(staged, record)
        assert again == first, "broken promise: committing again returns the same receipt"
        holds(read, table, rows, "committing again adds nothing")

    def test_a_new_store_object_commits_again_from_plain_data(
        self, store: Store, open_store: OpenStore, read: Read, table: Table, run: TableRun, rows: pl.DataFrame
    ) -> None:
        stage = store.stage(table, run)
        staged = write(stage, [[rows]])
        first = stage.commit(staged, record_of(staged))
        plain, record = through_json(staged, record_of(staged))
        again = open_store().stage(table, run).commit(plain, record)
        assert again == first, "broken promise: a commit can be repeated from its plain data, with the same receipt"
        holds(read, table, rows, "repeating a commit from its plain data adds nothing")

    def test_another_process_commits_from_plain_data(
        self, place: Any, store: Store, read: Read, table: Table, run: TableRun, rows: pl.DataFrame
    ) -> None:
        needs(bool(self.opener), "the store names no opener: it dies with its process")
        staged = write(store.stage(table, run), [[rows]])
        plain, record = through_json(staged, record_of(staged))
        ending = in_process(_commit_elsewhere, self.opener, place, plain, record)
        assert not ending.error, f"broken promise: another process can commit a sealed stage, but: {ending.error}"
        holds(read, table, rows, "a commit by another process is visible exactly once and whole")
        here = store.stage(table, run).commit(staged, record_of(staged))
        assert here == ending.value, "broken promise: the receipt is the same in every process"
        holds(read, table, rows, "repeating a commit of another process adds nothing")

    def test_other_rows_under_a_committed_name_are_a_conflict(
        self, store: Store, read: Read, table: Table, run: TableRun, rows: pl.DataFrame
    ) -> None:
        stage = store.stage(table, run)
        staged = write(stage, [[rows]])
        stage.commit(staged, record_of(staged))
        other = evolve(staged, parts=tuple(evolve(part, checksum=f"{part.checksum}0") for part in staged.parts))
        with pytest.raises(CommitConflict):
            stage.commit(other, record_of(other))
        holds(read, table, rows, "a conflict changes nothing")

    @pytest.mark.parametrize("forged", ["checksum", "rows", "size", "missing"])
    def test_sealing_refuses_a_part_that_is_not_as_written(
        self, store: Store, read: Read, table: Table, run: TableRun, rows: pl.DataFrame, forged: str
    ) -> None:
        stage = store.stage(table, run)
        writer = stage.writer()
        writer.write(rows)
        with pytest.raises(StoreError):
            stage.seal([_forge(part, forged) for part in writer.close()])
        stage.abort()
        holds(read, table, None, "a stage that cannot be sealed is never visible")


def _forge(part: Any, what: str) -> Any:
    forgeries = {
        "checksum": {"checksum": f"{part.checksum[:-1]}{'0' if part.checksum[-1] != '0' else '1'}"},
        "rows": {"rows": part.rows + 1},
        "size": {"size": part.size + 1},
        "missing": {"name": f"{part.name}-gone", "staged": f"{part.staged}-gone"},
    }
    return evolve(part, **forgeries[what])


def _commit_elsewhere(opener: str, place: Any, staged: Staged, record: CommitRecord) -> Any:
    store: Store = named(opener)(place)
    try:
        return store.stage(staged.table, staged.run).commit(staged, record)
    finally:
        store.close()
