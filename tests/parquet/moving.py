"""Moving one frame into a Parquet store under hostile conditions; tests start these as processes, by name."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from hygge_core.commit import Table, TableRun
from hygge_core.schema import columns_of
from hygge_core.testing import publish
from hygge_core.testing.publish import record_of, write
from parquet.replacing import open_store


SMALL = pl.DataFrame({"id": range(10)})
LARGE = pl.DataFrame({"id": pl.Series(range(2_000_000)).shuffle(seed=1)})
NOBODY = 65534


def table():
    return Table(name="sales", flow="disk", columns=columns_of(SMALL.schema))


def run(number):
    return TableRun(id=f"run-{number}", flow="disk", entity="sales", started=datetime.now(UTC))


def move(place, layout, number, frame):
    store = open_store(place, layout)
    try:
        publish(store, table(), run(number), [[frame]])
    finally:
        store.close()


def move_under_limit(place, layout, number, frame, limit):
    import resource
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    move(place, layout, number, frame)


def move_as_nobody(place, layout, number, frame):
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    move(place, layout, number, frame)


def seal_then_lose_permission(place, layout, number, frame):
    """Seal as an owner of the folder, then find it closed when the commit comes."""
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    store = open_store(place, layout)
    stage = store.stage(table(), run(number))
    staged = write(stage, [[frame]])
    Path(place).chmod(0o555)
    try:
        stage.commit(staged, record_of(staged))
    finally:
        stage.abort()
        store.close()
