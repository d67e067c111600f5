"""Stores that commit, abort or seal wrongly, each in one way; see `broken`."""

from __future__ import annotations

import contextlib

from attrs import evolve

from core.testing import sound
from core.testing.broken import Contract, broken
from core.testing.sound import SoundStage, SoundWriter
from hygge_core import StoreError


def show(stage, part):
    """Make one staged part visible at once."""
    statement = (
        "insert or ignore into visible select tbl, name, data from staged where tbl = ? and token = ? and name = ?"
    )
    stage.database.change((statement, [stage.table.name, stage.run.token, part.name]))


class EarlyStage(SoundStage):
    def add(self, frame):
        part = super().add(frame)
        show(self, part)
        return part

    def showing(self, staged):  # noqa: ARG002
        return ()


class TestVisibleBeforeCommit(Contract):
    caught_by = frozenset(
        {
            "test_abort_keeps_the_old_table",
            "test_abort_leaves_nothing",
            "test_staged_rows_are_invisible",
        }
    )
    spreads = True
    store_type = broken(EarlyStage)


class SealShows(SoundStage):
    def seal(self, parts):
        staged = super().seal(parts)
        for part in parts:
            show(self, part)
        return staged

    def showing(self, staged):  # noqa: ARG002
        return ()


class TestVisibleWhenSealed(Contract):
    caught_by = frozenset(
        {
            "test_abort_leaves_nothing",
            "test_staged_rows_are_invisible",
        }
    )
    spreads = True
    store_type = broken(SealShows)


class LosingStage(SoundStage):
    def showing(self, staged):
        return list(super().showing(staged))[:1]


class TestLosesAPart(Contract):
    caught_by = frozenset(
        {
            "test_several_writers_share_a_stage",
            "test_writers_run_in_threads",
        }
    )
    spreads = True  # upserts go the same way
    store_type = broken(LosingStage)


class TwiceStage(SoundStage):
    def showing(self, staged):
        yield from super().showing(staged)
        for part in staged.parts:
            yield (
                "insert into visible select tbl, name || 2, data from staged where tbl = ? and token = ? and name = ?",
                [self.table.name, self.run.token, part.name],
            )


class TestCommitsTwice(Contract):
    caught_by = frozenset(
        {
            "test_a_commit_is_visible_exactly_once_and_whole",
            "test_committing_again_returns_the_same_receipt",
        }
    )
    spreads = True
    store_type = broken(TwiceStage)


class MiscountingStage(SoundStage):
    def add(self, frame):
        return evolve(super().add(frame), rows=frame.height + 1)

    def kept(self, part):
        found = super().kept(part)
        return found and evolve(found, rows=found.rows + 1)


class TestCountsWrong(Contract):
    caught_by = frozenset(
        {
            "test_a_commit_whose_answer_was_lost_may_be_made_again",
            "test_a_receipt_counts_what_was_written",
            "test_an_attempt_that_failed_leaves_nothing_in_the_next",
            "test_no_batches_make_an_empty_table",
            "test_parts_count_the_rows_that_were_written",
            "test_the_receipt_of_an_upsert_counts_the_whole_table",
            "test_the_receipt_tells_what_became_visible",
            "test_the_rows_of_a_record_survive_json",
            "test_threads_publish_different_tables_at_once",
            "test_writers_run_in_threads",
        }
    )
    store_type = broken(MiscountingStage)


class LeakyStage(SoundStage):
    def abort(self):
        pass


class TestLeaksOnAbort(Contract):
    caught_by = frozenset(
        {
            "test_abort_leaves_nothing",
        }
    )
    store_type = broken(LeakyStage)


class DestructiveStage(SoundStage):
    def abort(self):
        super().abort()
        self.database.change(("delete from visible where tbl = ?", [self.table.name]))


class TestAbortDestroysTheTable(Contract):
    caught_by = frozenset(
        {
            "test_a_batch_with_other_columns_is_refused",
            "test_a_commit_whose_answer_was_lost_is_found_by_the_next_run",
            "test_a_key_that_names_no_single_row_is_refused",
            "test_abort_keeps_the_old_table",
            "test_aborting_after_a_commit_keeps_the_rows",
            "test_an_append_that_is_tried_again_adds_its_rows_once",
            "test_merging_shows_nothing_and_an_abort_undoes_it",
        }
    )
    store_type = broken(DestructiveStage)


class SwallowingWriter(SoundWriter):
    def write(self, batch):
        with contextlib.suppress(StoreError):
            super().write(batch)


class TestSwallowsAWriteError(Contract):
    caught_by = frozenset(
        {
            "test_a_batch_with_other_columns_is_refused",
        }
    )
    store_type = broken(writer=SwallowingWriter)


class ForgetfulStage(SoundStage):
    """Knows only the parts that this very object wrote."""

    def __init__(self, *args):
        super().__init__(*args)
        self.mine = set()

    def add(self, frame):
        part = super().add(frame)
        self.mine.add(part.name)
        return part

    def showing(self, staged):
        return (
            change for part, change in zip(staged.parts, super().showing(staged), strict=True) if part.name in self.mine
        )


class TestNeedsItsMemory(Contract):
    caught_by = frozenset(
        {
            "test_another_process_commits_from_plain_data",
        }
    )
    store_type = broken(ForgetfulStage)


class EverNewStage(SoundStage):
    def committed(self):
        return None

    def commit(self, staged, record):
        full = self.completed(staged, record)
        self.publish(staged, full)
        return sound.Receipt(record=full, location=self.where)


class TestCommitsAnew(Contract):
    caught_by = frozenset(
        {
            "test_a_commit_whose_answer_was_lost_may_be_made_again",
            "test_a_commit_without_parts_moves_nothing_but_the_watermark",
            "test_a_new_store_object_commits_again_from_plain_data",
            "test_another_process_commits_from_plain_data",
            "test_committing_again_returns_the_same_receipt",
            "test_errors_name_the_table",
            "test_other_rows_under_a_committed_name_are_a_conflict",
        }
    )
    store_type = broken(EverNewStage)


class BlindStage(SoundStage):
    def commit(self, staged, record):
        if done := self.committed():
            return sound.Receipt(record=done, location=self.where)
        return super().commit(staged, record)


class TestSeesNoConflict(Contract):
    caught_by = frozenset(
        {
            "test_errors_name_the_table",
            "test_other_rows_under_a_committed_name_are_a_conflict",
        }
    )
    store_type = broken(BlindStage)


class TrustingStage(SoundStage):
    def kept(self, part):
        return part


class TestSealsAnything(Contract):
    caught_by = frozenset(
        {
            "test_errors_name_the_table",
            "test_sealing_refuses_a_part_that_is_not_as_written",
        }
    )
    store_type = broken(TrustingStage)


class KeepingStage(SoundStage):
    def emptying(self):
        return ()


class TestReplaceKeepsOldRows(Contract):
    caught_by = frozenset(
        {
            "test_append_follows_replace_and_replace_append",
            "test_killed_between_seal_and_commit",
            "test_killed_while_writing",
            "test_replace_by_nothing_leaves_an_empty_table",
            "test_replace_removes_every_old_row",
        }
    )
    spreads = True  # upserts go the same way
    store_type = broken(KeepingStage)


class EmptyingStage(SoundStage):
    def emptying(self):
        yield "delete from visible where tbl = ?", [self.table.name]


class TestAppendRemovesOldRows(Contract):
    caught_by = frozenset(
        {
            "test_a_commit_without_parts_moves_nothing_but_the_watermark",
            "test_a_reader_beside_appends_sees_each_whole",
            "test_a_store_shows_appended_rows",
            "test_an_append_that_is_tried_again_adds_its_rows_once",
            "test_append_follows_replace_and_replace_append",
            "test_append_keeps_every_row",
            "test_the_rows_of_chosen_parts_are_counted",
            "test_upserts_appends_and_replacements_follow_each_other",
        }
    )
    store_type = broken(EmptyingStage)


class DeleteFirst(SoundStage):
    """Deletes the old table before the new one is complete."""

    def __init__(self, *args):
        super().__init__(*args)
        self.database.change(*self.emptying())


class TestDeletesOldTooEarly(Contract):
    caught_by = frozenset(
        {
            "test_a_batch_with_other_columns_is_refused",
            "test_a_new_store_object_commits_again_from_plain_data",
            "test_abort_keeps_the_old_table",
            "test_another_process_commits_from_plain_data",
            "test_killed_between_seal_and_commit",
            "test_killed_while_writing",
            "test_visible_rows_are_counted",
        }
    )
    spreads = True  # upserts go the same way
    store_type = broken(DeleteFirst)
