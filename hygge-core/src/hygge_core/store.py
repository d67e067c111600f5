"""What a store must be able to do, and what it may be able to do besides.

A store author implements `Store`, `Stage` and `Writer`: three small classes, no base
class.  The other protocols are abilities; the engine finds them by ``isinstance`` and
does without where they are missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from attrs import Factory, frozen


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from contextlib import AbstractContextManager

    import polars as pl

    from hygge_core.commit import CommitRecord, Mode, Part, Receipt, Recovery, Staged, Table, TableRun


@frozen(kw_only=True)
class Promise:
    """Whether a store keeps one promise, and the reason in one sentence either way."""

    kept: bool
    reason: str


@frozen(kw_only=True)
class Capabilities:
    """What a store gives its readers, declared as data and checked by the conformance kit.

    ``modes`` are those it can commit.  ``atomic_replace``, ``atomic_append`` and
    ``atomic_upsert``: a reader sees the old table or the new one, at any moment and after a crash.  ``stable_reads``:
    a reader that listed the table before a switch still finds every file it listed.
    ``single_writer``: a second writer of the same table is turned away.
    """

    modes: frozenset[Mode]
    atomic_replace: Promise
    atomic_append: Promise
    stable_reads: Promise
    single_writer: Promise
    atomic_upsert: Promise = Promise(kept=False, reason="this store cannot replace rows by key")
    other: dict[str, Promise] = Factory(dict)


class Writer(Protocol):
    """One stream of rows into a stage. Several may be open at once, each in a thread of its own."""

    def write(self, batch: pl.DataFrame) -> None:
        """Add the batch's rows, in order. May block until there is room; raises `StoreError`."""
        ...

    def close(self) -> Sequence[Part]:
        """Finish and say what was written. At least one part, of zero rows if nothing came."""
        ...


class Stage(Protocol):
    """Rows on their way into one table; nothing is visible before `commit`."""

    def writer(self) -> Writer:
        """Open one more stream of rows."""
        ...

    def seal(self, parts: Sequence[Part]) -> Staged:
        """Make the parts durable and final. Raises `StoreError` if one is missing or differs."""
        ...

    def commit(self, staged: Staged, record: CommitRecord) -> Receipt:
        """Make all rows visible, or none.

        Calling it again, in this process or another, returns the same receipt.  Raises
        `CommitConflict` when the store holds other content under the same names.
        """
        ...

    def abort(self) -> None:
        """Leave nothing of an uncommitted stage. Safe to call twice, and after a commit."""
        ...


class Store(Protocol):
    """A place where tables settle. Opened once for a run and used from many threads."""

    @property
    def capabilities(self) -> Capabilities:
        """What this store gives."""
        ...

    def locate(self, table: Table) -> str:
        """Say where the table is, as a reader would write it. No two tables share a place."""
        ...

    def stage(self, table: Table, run: TableRun) -> Stage:
        """Start staging. Nothing that a reader sees may change."""
        ...

    def close(self) -> None:
        """Let go of everything held. Safe to call twice."""
        ...


@runtime_checkable
class Leases(Protocol):
    """The ability to keep a second writer out."""

    def lease(self, table: Table, run: TableRun) -> AbstractContextManager[object]:
        """Hold the table while the context lasts. Raises `Locked`, naming the holder."""
        ...


@runtime_checkable
class Recovers(Protocol):
    """The ability to finish or sweep what a killed run left."""

    def recover(self, table: Table) -> Recovery:
        """Roll a recorded commit forward, sweep unrecorded stages away. Safe to repeat."""
        ...


@runtime_checkable
class Remembers(Protocol):
    """The ability to tell what was committed before, needed for drift and for watermarks."""

    def last(self, table: Table) -> CommitRecord | None:
        """Return the newest commit of the table, or None before the first."""
        ...


@runtime_checkable
class Recalls(Protocol):
    """The ability to list every commit of a table, from which the journal can be rebuilt."""

    def commits(self, table: Table) -> Iterable[CommitRecord]:
        """Yield the commits that ended, the oldest first."""
        ...


@runtime_checkable
class ReadsRows(Protocol):
    """The ability to read a table back as its readers see it, which an incremental append and ``verify`` need."""

    def rows(self, table: Table) -> pl.LazyFrame | None:
        """Return the visible rows, lazily, or None for a table that does not exist."""
        ...


@runtime_checkable
class ReadsKeys(Protocol):
    """The ability to tell the keys of a table's rows where the rows themselves cannot be read back.

    ``deletes`` need it, or `ReadsRows`.
    """

    def keys(self, table: Table, key: Sequence[str]) -> pl.LazyFrame | None:
        """Return the columns of ``key`` of every visible row, None for a table that does not exist.

        Raises `StoreError` when they are not known.
        """
        ...


@runtime_checkable
class CountsRows(Protocol):
    """The ability to count, from what readers see, the rows of a table."""

    def count(self, table: Table, parts: Sequence[Part] | None = None) -> int:
        """Count the visible rows, those of the given parts only if there are any given.

        Zero for a table or part that does not exist.
        """
        ...


@runtime_checkable
class Audits(Protocol):
    """The ability to hold what readers see against the parts that were committed, for ``verify``."""

    def audit(self, table: Table, parts: Sequence[Part], *, deep: bool) -> Iterable[str]:
        """Yield a sentence for whatever is missing, altered or strange, each naming its file or the like.

        ``parts`` are all that the table consists of.  Without ``deep`` sizes are compared, with
        it every byte against the checksum.
        """
        ...


@runtime_checkable
class ShowsRows(Protocol):
    """The ability of a stage to read staged parts back, for gates that look at rows."""

    def rows(self, parts: Sequence[Part]) -> pl.LazyFrame:
        """Return the rows of the parts, lazily. They stay staged."""
        ...


@runtime_checkable
class Merges(Protocol):
    """The ability of a stage to replace rows by key, which the mode ``upsert`` needs."""

    def merge(
        self,
        parts: Sequence[Part],
        *,
        key: Sequence[str],
        deleted: pl.LazyFrame | None = None,
        watch: Callable[[int], None] | None = None,
    ) -> Sequence[Part]:
        """Return what to seal so that the table gets the rows of ``parts`` and loses those they replace.

        After the commit the table holds every row of ``parts`` and, of its present rows, those
        whose ``key`` is neither in ``parts`` nor in ``deleted``, a frame of the key columns.  Names
        are those in the store.  ``watch`` is told of bytes as they are written, and ends the merge
        by raising.  Raises `StoreError` when ``parts`` hold a key twice or a null in one.
        """
        ...


@runtime_checkable
class SinksFrames(Protocol):
    """The ability of a stage to take a whole `polars.LazyFrame`: the straight road."""

    def sink(
        self, frame: pl.LazyFrame, *, sample: pl.DataFrame | None = None, watch: Callable[[int], None] | None = None
    ) -> Sequence[Part]:
        """Stream the frame into parts without handing rows through Python.

        ``sample`` holds some of its rows, for sizing; without it the stage may collect a few
        itself.  ``watch`` is told of bytes as they are written, and ends the stream by raising.
        """
        ...


@runtime_checkable
class TakesFiles(Protocol):
    """The ability of a stage to take finished Parquet files as they are."""

    def accepts(self, paths: Sequence[str]) -> bool:
        """Say whether the files already are what this stage would have written."""
        ...

    def take(self, path: str) -> Part:
        """Copy the file's bytes into a part, verifying that it reads from end to end."""
        ...


@runtime_checkable
class MirrorsJournal(Protocol):
    """The ability to show the project's journal to the store's readers, as a table of its own."""

    @property
    def journal_place(self) -> str:
        """Where that table is, as a reader would write it; empty when nobody asked for it."""
        ...

    def mirror_journal(self, records: pl.DataFrame, run: TableRun) -> int:
        """Bring the table up to the whole journal, whose rows have a unique ``id`` and never change.

        Called once after a run that moved tables.  Returns how many records came to it; what it raises
        becomes a warning.
        """
        ...
