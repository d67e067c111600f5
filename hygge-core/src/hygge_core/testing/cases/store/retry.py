"""A call that failed or lost its answer, and is made again, neither loses rows nor repeats them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import pytest
from attrs import evolve

from hygge_core.store import Recovers, Remembers
from hygge_core.testing.faulty import faulty
from hygge_core.testing.frames import small
from hygge_core.testing.judge import holds, needs, needs_mode
from hygge_core.testing.publish import leased, publish, record_of, write


if TYPE_CHECKING:
    from hygge_core.commit import Table, TableRun
    from hygge_core.store import Store
    from hygge_core.testing.faulty import Fault
    from hygge_core.testing.judge import NewRun, OpenStore, Read


class RetryCases:
    """The engine tries a table again after faults that may pass; networks lose answers."""

    promise: ClassVar[str] = "a call that is retried loses no row and repeats none"

    @pytest.mark.parametrize("how", ["fail", "lose"])
    @pytest.mark.parametrize("verb", ["stage", "writer", "write", "close", "seal"])
    def test_an_attempt_that_failed_leaves_nothing_in_the_next(
        self, store: Store, read: Read, table: Table, run: TableRun, verb: str, how: Fault
    ) -> None:
        streams = [[small(0), small(5)]]
        with pytest.raises(OSError, match="the test had"):
            publish(faulty(store, on=verb, how=how), table, run, streams)
        holds(read, table, None, "an attempt that failed before its commit is never visible")
        receipt = publish(store, table, evolve(run, attempt=2), streams)
        assert receipt.rows == 10, f"broken promise: the second attempt has its own 10 rows, not {receipt.rows}"
        holds(read, table, small(0, 10), "after a second attempt a reader sees every row exactly once")

    def test_an_append_that_is_tried_again_adds_its_rows_once(
        self, store: Store, read: Read, table: Table, new_run: NewRun
    ) -> None:
        needs_mode(store, "append")
        table = evolve(table, mode="append")
        publish(store, table, new_run(), [[small(0)]])
        run = new_run()
        with pytest.raises(OSError, match="the test had"):
            publish(faulty(store, on="seal", how="lose"), table, run, [[small(5)]])
        publish(store, table, evolve(run, attempt=2), [[small(5)]])
        holds(read, table, small(0, 10), "an append that is tried again adds its rows once")

    def test_a_commit_whose_answer_was_lost_may_be_made_again(
        self, store: Store, open_store: OpenStore, read: Read, table: Table, run: TableRun
    ) -> None:
        lossy = faulty(store, on="commit", how="lose").stage(table, run)
        staged = write(lossy, [[small(0), small(5)]])
        with pytest.raises(OSError, match="the test had"):
            lossy.commit(staged, record_of(staged))
        receipt = open_store().stage(table, run).commit(staged, record_of(staged))
        assert receipt.rows == 10, f"broken promise: a repeated commit counts its rows once: 10, not {receipt.rows}"
        holds(read, table, small(0, 10), "a commit whose answer was lost is visible exactly once when it is repeated")

    def test_a_commit_whose_answer_was_lost_is_found_by_the_next_run(
        self, store: Store, open_store: OpenStore, read: Read, table: Table, new_run: NewRun
    ) -> None:
        needs(isinstance(store, Remembers), "the store does not remember")
        run = new_run()
        with pytest.raises(OSError, match="the test had"):
            publish(faulty(store, on="commit", how="lose"), table, run, [[small()]])
        again = open_store()
        with leased(again, table, new_run()):
            if isinstance(again, Recovers):
                again.recover(table)
            last = again.last(table) if isinstance(again, Remembers) else None
        assert last is not None, "broken promise: a commit whose answer was lost is remembered"
        assert last.run == run, f"broken promise: the last commit is that of {run.id}, not of {last.run.id}"
        holds(read, table, small(), "a commit whose answer was lost is visible exactly once")
