"""Stores that go wrong when a call is made again or in another process, or that count parts wrongly; see `broken`."""

from __future__ import annotations

from attrs import evolve

from core.testing.broken import Contract, broken
from core.testing.sound import SoundStage, SoundStore
from hygge_core import Recovery


class CachingStage(SoundStage):
    """Believes that what the first attempt brought is still there, and leaves it out of the second."""

    def add(self, frame):
        brought = vars(self.store).setdefault("brought", set())
        if self.run.attempt > 1 and self.run.id in brought:
            return super().add(frame.clear())
        brought.add(self.run.id)
        return super().add(frame)


class TestLosesAPartOnRetry(Contract):
    caught_by = frozenset(
        {
            "test_an_append_that_is_tried_again_adds_its_rows_once",
            "test_an_attempt_that_failed_leaves_nothing_in_the_next",
        }
    )
    store_type = broken(CachingStage)


class ResumingStage(SoundStage):
    """Keeps what an aborted attempt brought, and seals it into the next one."""

    def add(self, frame):
        part = super().add(frame)
        vars(self.store).setdefault("brought", {}).setdefault(self.run.id, []).append(frame)
        return part

    def seal(self, parts):
        earlier = vars(self.store).get("brought", {}).get(self.run.id, [])[: -len(parts) or None]
        return super().seal([*parts, *map(super().add, earlier if self.run.attempt > 1 else ())])


class TestRepeatsRowsOnRetry(Contract):
    caught_by = frozenset(
        {
            "test_an_append_that_is_tried_again_adds_its_rows_once",
            "test_an_attempt_that_failed_leaves_nothing_in_the_next",
        }
    )
    store_type = broken(ResumingStage)


class ForgettingStage(SoundStage):
    def commit(self, staged, record):
        receipt = super().commit(staged, record)
        vars(self.store)["kept"] = receipt.record
        return receipt


class TestRemembersInMemoryOnly(Contract):
    caught_by = frozenset(
        {
            "test_a_commit_whose_answer_was_lost_is_found_by_the_next_run",
            "test_another_process_recovers_and_goes_on",
            "test_the_last_commit_is_remembered_whole",
        }
    )
    store_type = broken(ForgettingStage, last=lambda self, table: vars(self).get("kept"))  # noqa: ARG005


def recover_what_this_object_staged(self, table):
    if "staged" not in vars(self):
        return Recovery()
    return SoundStore.recover(self, table)


class NotingStage(SoundStage):
    def add(self, frame):
        vars(self.store)["staged"] = True
        return super().add(frame)


class TestNeedsItsMemoryToRecover(Contract):
    caught_by = frozenset({"test_recovery_sweeps_a_killed_stage_once"})
    store_type = broken(NotingStage, recover=recover_what_this_object_staged)


class TestCountsAllPartsAlways(Contract):
    caught_by = frozenset({"test_the_rows_of_chosen_parts_are_counted"})
    store_type = broken(count=lambda self, table, parts=None: SoundStore.count(self, table))  # noqa: ARG005


class RoundingStage(SoundStage):
    """Counts in the tens, as an estimate of a database does."""

    def add(self, frame):
        return self.estimated(super().add(frame))

    def kept(self, part):
        found = super().kept(part)
        return found and self.estimated(found)

    def estimated(self, part):
        return evolve(part, rows=part.rows if part.rows < 20 else round(part.rows, -2))


class TestEstimatesRows(Contract):
    caught_by = frozenset({"test_parts_count_the_rows_that_were_written"})
    store_type = broken(RoundingStage)
