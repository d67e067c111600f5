"""Stores that lock, remember, write or tell wrongly, each in one way; see `broken`."""

from __future__ import annotations

import contextlib
from contextlib import nullcontext

import polars as pl
from attrs import evolve

from core.testing.broken import Contract, broken
from core.testing.sound import SoundStage, SoundStore, SoundWriter
from hygge_core import Locked, Recovery
from hygge_core.store import Promise


class TestIgnoresTheLease(Contract):
    caught_by = frozenset(
        {
            "test_a_second_writer_is_told_who_holds_the_table",
            "test_a_thread_of_the_same_process_is_a_second_writer",
            "test_another_process_is_a_second_writer",
        }
    )
    spreads = True  # what comes of writers at once is chance then
    store_type = broken(lease=lambda self, table, run: nullcontext())  # noqa: ARG005


class TestKeepsTheHolderSecret(Contract):
    caught_by = frozenset(
        {
            "test_a_second_writer_is_told_who_holds_the_table",
            "test_a_thread_of_the_same_process_is_a_second_writer",
            "test_another_process_is_a_second_writer",
        }
    )
    store_type = broken(lease=lambda self, table, run: self.lake.lease(f"{table.name}.lock", "somebody"))  # noqa: ARG005


class TestLocksAllTables(Contract):
    caught_by = frozenset(
        {
            "test_other_tables_are_free",
        }
    )
    store_type = broken(lease=lambda self, table, run: self.lake.lease("lock", f"run {run.token}"))  # noqa: ARG005


@contextlib.contextmanager
def stale_lease(self, table, run):
    """A lock that is a row of a table: it outlives a killed holder."""
    name = f"lock of {table.name}"
    if found := self.database.rows("select token from records where tbl = ?", name):
        raise Locked("is locked", holder=found[0][0])
    self.database.change(("insert into records values (?, 1, ?, '')", [name, run.token]))
    try:
        yield
    finally:
        self.database.change(("delete from records where tbl = ?", [name]))


class TestNeverFreesADeadHoldersLease(Contract):
    caught_by = frozenset(
        {
            "test_a_killed_holders_lease_is_taken_over",
            "test_another_process_is_a_second_writer",
        }
    )
    store_type = broken(lease=stale_lease)


def last_without(**forgotten):
    def last(self, table):
        record = SoundStore.last(self, table)
        return record and evolve(
            record, table=evolve(record.table, **forgotten.get("table", {})), **forgotten.get("record", {})
        )

    return last


class TestForgetsColumns(Contract):
    caught_by = frozenset(
        {
            "test_a_commit_without_parts_moves_nothing_but_the_watermark",
            "test_the_last_commit_is_remembered_whole",
        }
    )
    store_type = broken(last=last_without(table={"columns": ()}))


class TestForgetsTheWatermark(Contract):
    caught_by = frozenset(
        {
            "test_a_commit_without_parts_moves_nothing_but_the_watermark",
            "test_the_last_commit_is_remembered_whole",
        }
    )
    store_type = broken(last=last_without(record={"watermark": None}))


class TestForgetsTheFirstCommits(Contract):
    caught_by = frozenset(
        {
            "test_every_commit_is_recalled_in_its_order",
        }
    )
    store_type = broken(commits=lambda self, table: SoundStore.commits(self, table)[-2:])


class TestRecallsTheNewestFirst(Contract):
    caught_by = frozenset(
        {
            "test_every_commit_is_recalled_in_its_order",
        }
    )
    store_type = broken(commits=lambda self, table: SoundStore.commits(self, table)[::-1])


class EmptyingStage(SoundStage):
    """Takes a commit without parts for a table without rows."""

    def emptying(self):
        yield from super().emptying()
        if not self.database.rows("select 1 from staged where tbl = ? and token = ?", self.table.name, self.run.token):
            yield "delete from visible where tbl = ?", [self.table.name]


class TestEmptiesTheTableForNoParts(Contract):
    caught_by = frozenset(
        {
            "test_a_commit_without_parts_moves_nothing_but_the_watermark",
        }
    )
    store_type = broken(EmptyingStage)


class ForgetfulStage(SoundStage):
    """Thinks that without rows there is nothing to remember."""

    def publish(self, staged, record):
        if staged.parts:
            super().publish(staged, record)

    def committed(self):
        return super().committed() or self.kept_in_mind

    def completed(self, staged, record):
        self.kept_in_mind = super().completed(staged, record)
        return self.kept_in_mind

    kept_in_mind = None


class TestForgetsACommitWithoutParts(Contract):
    caught_by = frozenset(
        {
            "test_a_commit_without_parts_moves_nothing_but_the_watermark",
        }
    )
    store_type = broken(ForgetfulStage)


class TestSweepsNothing(Contract):
    caught_by = frozenset(
        {
            "test_recovery_sweeps_a_killed_stage_once",
        }
    )
    store_type = broken(recover=lambda self, table: Recovery())  # noqa: ARG005


class TestCountsStagedRows(Contract):
    caught_by = frozenset(
        {
            "test_visible_rows_are_counted",
        }
    )
    store_type = broken(
        count=lambda self, table, parts=None: (
            SoundStore.count(self, table, parts)
            + self.database.rows("select coalesce(sum(rows), 0) from staged where tbl = ?", table.name)[0][0]
        )
    )


class OneTableStage(SoundStage):
    """Keeps all stages of a run together, whichever table they are of."""

    def forgetting(self):
        return "delete from staged where token = ?", [self.run.token]


class TestMixesStagesOfTables(Contract):
    caught_by = frozenset(
        {
            "test_aborting_one_table_leaves_the_other",
            "test_two_tables_staged_at_once_stay_apart",
        }
    )
    store_type = broken(OneTableStage)


class TextWriter(SoundWriter):
    """Writes decimals as floats on their way."""

    def close(self):
        self.batches = [batch.with_columns(pl.selectors.decimal().cast(pl.Float64)) for batch in self.batches]
        return super().close()


class TestHurtsDecimals(Contract):
    caught_by = frozenset(
        {
            "test_dtypes_come_back",
        }
    )
    store_type = broken(writer=TextWriter)


class SharedWriter(SoundWriter):
    """One list of batches for all writers of a stage."""

    def __init__(self, stage):
        super().__init__(stage)
        self.batches = vars(stage).setdefault("shared", [])


class TestMixesWriters(Contract):
    caught_by = frozenset(
        {
            "test_a_reader_beside_appends_sees_each_whole",
            "test_a_reader_beside_replacements_sees_no_two_together",
            "test_a_reader_beside_replacements_sees_one_of_them",
            "test_a_reader_beside_upserts_sees_each_whole",
            "test_parts_count_the_rows_that_were_written",
            "test_several_writers_are_merged",
            "test_several_writers_share_a_stage",
            "test_writers_run_in_threads",
        }
    )
    store_type = broken(writer=SharedWriter)


class Unreasoned(SoundStore):
    @property
    def capabilities(self):
        return evolve(super().capabilities, stable_reads=Promise(kept=True, reason=""))


class TestGivesNoReasons(Contract):
    caught_by = frozenset(
        {
            "test_every_promise_has_a_reason",
        }
    )
    store_type = Unreasoned


class SilentStage(SoundStage):
    """Names neither itself nor its table."""

    @property
    def where(self):
        return ""

    def commit(self, staged, record):
        return evolve(super().commit(staged, record), location=self.store.locate(self.table))


class TestErrorsNameNoTable(Contract):
    caught_by = frozenset(
        {
            "test_errors_name_the_table",
        }
    )
    store_type = broken(SilentStage)


class TestWeakensTheContract(Contract):
    caught_by = frozenset(
        {
            "test_no_case_was_overridden",
        }
    )

    def test_staged_rows_are_invisible(self):
        pass


class UnnumberedStage(SoundStage):
    def completed(self, staged, record):
        return evolve(super().completed(staged, record), sequence=self.store.count(self.table))


class TestNumbersNothing(Contract):
    caught_by = frozenset(
        {
            "test_a_reader_beside_replacements_sees_no_two_together",
            "test_a_reader_beside_replacements_sees_one_of_them",
            "test_a_reader_beside_upserts_sees_each_whole",
            "test_commits_are_numbered_from_one",
            "test_every_commit_is_recalled_in_its_order",
            "test_upserts_appends_and_replacements_follow_each_other",
        }
    )
    store_type = broken(UnnumberedStage)
