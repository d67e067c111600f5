"""Moving a few frames into a store the way the engine does it, in ten lines."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from hygge_core.commit import CommitRecord
from hygge_core.store import Leases, Merges, Recovers


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    import polars as pl

    from hygge_core.commit import Part, Receipt, Staged, Table, TableRun
    from hygge_core.mark import Watermark
    from hygge_core.store import Stage, Store

    Streams = Sequence[Sequence[pl.DataFrame]]
    """The batches of each writer."""


def publish(  # noqa: PLR0913 - a table and its rows, and what a commit may know of them
    store: Store,
    table: Table,
    run: TableRun,
    streams: Streams,
    *,
    watermark: Watermark | Callable[[], Watermark] | None = None,
    key: Sequence[str] = (),
    deleted: pl.LazyFrame | None = None,
) -> Receipt:
    """Lease, recover, stage, write, merge where the mode is ``upsert``, seal and commit; abort when anything fails.

    ``streams`` holds the batches of each writer.  All writers are open at once.  A ``watermark`` that is a
    function is called once the table is held and recovered, when it is certain what was committed before.
    """
    with leased(store, table, run):
        if isinstance(store, Recovers):
            store.recover(table)
        reached = watermark() if callable(watermark) else watermark
        stage = store.stage(table, run)
        try:
            staged = write(stage, streams, key=key, deleted=deleted)
            return stage.commit(staged, record_of(staged, reached))
        except BaseException:
            stage.abort()
            raise


def leased(store: Store, table: Table, run: TableRun) -> AbstractContextManager[object]:
    """Hold the table, if the store has leases."""
    return store.lease(table, run) if isinstance(store, Leases) else nullcontext()


def write(stage: Stage, streams: Streams, *, key: Sequence[str] = (), deleted: pl.LazyFrame | None = None) -> Staged:
    """Write the batches of each writer in turn, close them all, merge them by ``key`` if there is one, and seal."""
    writers = [stage.writer() for _ in streams]
    for writer, batches in zip(writers, streams, strict=True):
        for batch in batches:
            writer.write(batch)
    parts: Sequence[Part] = [part for writer in writers for part in writer.close()]
    if key and isinstance(stage, Merges):
        parts = stage.merge(parts, key=key, deleted=deleted)
    return stage.seal(parts)


def record_of(staged: Staged, watermark: Watermark | None = None) -> CommitRecord:
    """Make the commit record that the engine would make of a sealed stage."""
    return CommitRecord(
        run=staged.run,
        table=staged.table,
        parts=staged.parts,
        watermark=watermark,
    )
