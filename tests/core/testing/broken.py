"""Stores that each break one promise, for the contract to catch.

Every class breaks one step of `sound.SoundStore`, and ``caught_by`` names the cases that
must fail for it: exactly these and no others, so that a case that grows blind, or one
that cries for the wrong reason, is noticed.  `test_broken_stores` runs them all.
"""

from __future__ import annotations

import contextlib
from contextlib import nullcontext

import polars as pl
import pytest
from attrs import evolve

from core.testing import sound
from core.testing.sound import SoundStage, SoundStore, SoundWriter
from hygge_core import Recovery, StoreError
from hygge_core.store import Promise
from hygge_core.testing import StoreContract


BROKEN: dict[str, type] = {}


def broken(stage=SoundStage, writer=SoundWriter, **members):
    """Make an opener of a store with broken steps, under the name of the class that follows."""

    class Stage(stage):
        def writer(self):
            return writer(self)

    return type("BrokenStore", (SoundStore,), {"stage": lambda self, table, run: Stage(self, table, run), **members})


class Contract(StoreContract):
    __test__ = False
    store_type = SoundStore
    caught_by: frozenset[str] = frozenset()

    def __init_subclass__(cls):
        cls.__test__ = True
        cls.opener = f"core.testing.broken:{cls.__name__}.store_type"
        BROKEN[cls.__name__] = cls

    @pytest.fixture
    def place(self, tmp_path):
        return str(tmp_path)

    @pytest.fixture
    def open_store(self, place):
        return lambda: self.store_type(place)

    @pytest.fixture
    def read(self, place):
        return lambda table: sound.read(place, table)


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
    store_type = broken(SealShows)


class LosingStage(SoundStage):
    def showing(self, staged):
        return list(super().showing(staged))[:1]


class TestLosesAPart(Contract):
    store_type = broken(LosingStage)


class TwiceStage(SoundStage):
    def showing(self, staged):
        yield from super().showing(staged)
        for part in staged.parts:
            yield (
                "insert into visible select tbl, name || ' again', data from staged where tbl = ? and token = ? and name = ?",
                [self.table.name, self.run.token, part.name],
            )


class TestCommitsTwice(Contract):
    store_type = broken(TwiceStage)


class MiscountingStage(SoundStage):
    def add(self, frame):
        return evolve(super().add(frame), rows=frame.height + 1)

    def kept(self, part):
        found = super().kept(part)
        return found and evolve(found, rows=found.rows + 1)


class TestCountsWrong(Contract):
    store_type = broken(MiscountingStage)


class LeakyStage(SoundStage):
    def abort(self):
        pass


class TestLeaksOnAbort(Contract):
    store_type = broken(LeakyStage)


class DestructiveStage(SoundStage):
    def abort(self):
        super().abort()
        self.database.change(("delete from visible where tbl = ?", [self.table.name]))


class TestAbortDestroysTheTable(Contract):
    store_type = broken(DestructiveStage)


class SwallowingWriter(SoundWriter):
    def write(self, batch):
        with contextlib.suppress(StoreError):
            super().write(batch)


class TestSwallowsAWriteError(Contract):
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
    store_type = broken(ForgetfulStage)


class EverNewStage(SoundStage):
    def committed(self):
        return None

    def commit(self, staged, record):
        full = self.completed(staged, record)
        self.publish(staged, full)
        return sound.Receipt(record=full, location=self.where)


class TestCommitsAnew(Contract):
    store_type = broken(EverNewStage)


class BlindStage(SoundStage):
    def commit(self, staged, record):
        if done := self.committed():
            return sound.Receipt(record=done, location=self.where)
        return super().commit(staged, record)


class TestSeesNoConflict(Contract):
    store_type = broken(BlindStage)


class TrustingStage(SoundStage):
    def kept(self, part):
        return part


class TestSealsAnything(Contract):
    store_type = broken(TrustingStage)


class KeepingStage(SoundStage):
    def emptying(self):
        return ()


class TestReplaceKeepsOldRows(Contract):
    store_type = broken(KeepingStage)


class EmptyingStage(SoundStage):
    def emptying(self):
        yield "delete from visible where tbl = ?", [self.table.name]


class TestAppendRemovesOldRows(Contract):
    store_type = broken(EmptyingStage)


class DeleteFirst(SoundStage):
    """Deletes the old table before the new one is complete."""

    def __init__(self, *args):
        super().__init__(*args)
        self.database.change(*self.emptying())


class TestDeletesOldTooEarly(Contract):
    store_type = broken(DeleteFirst)


class TestIgnoresTheLease(Contract):
    store_type = broken(lease=lambda self, table, run: nullcontext())  # noqa: ARG005


class TestKeepsTheHolderSecret(Contract):
    store_type = broken(lease=lambda self, table, run: self.lake.lease(f"{table.name}.lock", "somebody"))  # noqa: ARG005


class TestLocksAllTables(Contract):
    store_type = broken(lease=lambda self, table, run: self.lake.lease("lock", f"run {run.token}"))  # noqa: ARG005


@contextlib.contextmanager
def stale_lease(self, table, run):
    """A lock that is a row of a table: it outlives a killed holder."""
    name = f"lock of {table.name}"
    if found := self.database.rows("select token from records where tbl = ?", name):
        raise sound_locked(found[0][0])
    self.database.change(("insert into records values (?, 1, ?, '')", [name, run.token]))
    try:
        yield
    finally:
        self.database.change(("delete from records where tbl = ?", [name]))


def sound_locked(holder):
    from hygge_core import Locked

    return Locked("is locked", holder=holder)


class TestNeverFreesADeadHoldersLease(Contract):
    store_type = broken(lease=stale_lease)


def last_without(**forgotten):
    def last(self, table):
        record = SoundStore.last(self, table)
        return record and evolve(
            record, table=evolve(record.table, **forgotten.get("table", {})), **forgotten.get("record", {})
        )

    return last


class TestForgetsColumns(Contract):
    store_type = broken(last=last_without(table={"columns": ()}))


class TestForgetsTheWatermark(Contract):
    store_type = broken(last=last_without(record={"watermark": None}))


class TestSweepsNothing(Contract):
    store_type = broken(recover=lambda self, table: Recovery())  # noqa: ARG005


class TestCountsStagedRows(Contract):
    store_type = broken(
        count=lambda self, table: (
            SoundStore.count(self, table)
            + self.database.rows("select coalesce(sum(rows), 0) from staged where tbl = ?", table.name)[0][0]
        )
    )


class OneTableStage(SoundStage):
    """Keeps all stages of a run together, whichever table they are of."""

    def forgetting(self):
        return "delete from staged where token = ?", [self.run.token]


class TestMixesStagesOfTables(Contract):
    store_type = broken(OneTableStage)


class TextWriter(SoundWriter):
    """Writes decimals as floats on their way."""

    def close(self):
        self.batches = [batch.with_columns(pl.selectors.decimal().cast(pl.Float64)) for batch in self.batches]
        return super().close()


class TestHurtsDecimals(Contract):
    store_type = broken(writer=TextWriter)


class SharedWriter(SoundWriter):
    """One list of batches for all writers that are open."""

    shared: list = []  # noqa: RUF012

    def __init__(self, stage):
        super().__init__(stage)
        self.batches = self.shared

    def close(self):
        parts = super().close()
        self.shared.clear()
        return parts


class TestMixesWriters(Contract):
    store_type = broken(writer=SharedWriter)


class Unreasoned(SoundStore):
    @property
    def capabilities(self):
        return evolve(super().capabilities, stable_reads=Promise(kept=True, reason=""))


class TestGivesNoReasons(Contract):
    store_type = Unreasoned


class LeakingSecrets(SoundStore):
    def __repr__(self):
        return "LeakingSecrets(password='hunter2')"


class TestShowsSecrets(Contract):
    secrets = ("hunter2",)
    store_type = LeakingSecrets


class SilentStage(SoundStage):
    """Names neither itself nor its table."""

    @property
    def where(self):
        return ""

    def commit(self, staged, record):
        return evolve(super().commit(staged, record), location=self.store.locate(self.table))


class TestErrorsNameNoTable(Contract):
    store_type = broken(SilentStage)


class TestWeakensTheContract(Contract):
    def test_staged_rows_are_invisible(self):
        pass


class UnnumberedStage(SoundStage):
    def completed(self, staged, record):
        return evolve(super().completed(staged, record), sequence=self.store.count(self.table))


class TestNumbersNothing(Contract):
    store_type = broken(UnnumberedStage)
