"""Processes that contend for one table; tests start them by name."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

from hygge_core.commit import TableRun
from hygge_core.testing import publish
from hygge_core.testing.process import die
from hygge_core.testing.publish import leased
from parquet.replacing import open_store, table_and_streams


def run_of(number):
    return TableRun(id=f"run-{number:02}", flow="readers", entity="sales", started=datetime.now(UTC))


def write_at(place, layout, number, start):
    """Wait for the common start, then replace the table by a generation of this process's own."""
    store = open_store(place, layout)
    table, streams = table_and_streams(number, layout)
    while not Path(start).exists():
        time.sleep(0.001)
    publish(store, table, run_of(number), streams)
    store.close()


def hold_and_die(place, layout, said):
    store = open_store(place, layout)
    table, _ = table_and_streams(0, layout)
    with leased(store, table, run_of(0)):
        Path(said).touch()
        die()


def hold(place, layout, said, until):
    store = open_store(place, layout)
    table, _ = table_and_streams(0, layout)
    with leased(store, table, run_of(99)):
        Path(said).touch()
        while not Path(until).exists():
            time.sleep(0.01)
