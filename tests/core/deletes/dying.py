"""Runs of the engine that die at one operation of the disk; tests start these in processes of their own, by name."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from hygge_core.lakes.local import LocalLake
from hygge_core.staging.layout import FolderLayout
from hygge_core.staging.options import FileOptions
from hygge_core.staging.store import FileStore
from hygge_core.testing import MemoryHome
from hygge_core.testing.process import die
from hygge_core.watermark.config import WatermarkConfig
from table_runs import entity, go


FIRST = pl.DataFrame({"id": range(6), "at": range(6), "text": ["old"] * 6})
SECOND = pl.DataFrame({"id": [*range(6), 7], "at": range(7), "text": ["old"] * 7})
THEN = pl.DataFrame(
    {"id": [0, 2, 3, 7, 4, 9], "at": [0, 2, 3, 6, 7, 8], "text": ["old", "old", "old", "old", "new", "new"]}
)
VERBS = ("link", "put", "exchange_directories", "rename")


def run(place, frame, *, lake=LocalLake):
    """Upsert what is new and take out what is gone; returns the outcome."""
    store = FileStore(lake(Path(place)), path="{entity}", layout=FolderLayout(), options=FileOptions())
    teas = entity(
        MemoryHome({"teas": frame}),
        store,
        run_type="incremental",
        write="upsert",
        deletes="key_diff",
        watermark=WatermarkConfig(column="at", key=("id",)),
    )
    report, _ = go(teas)
    store.close()
    return report.tables[0]


def run_and_die(place, verb, after):
    """Die at the first such operation, before or after it is done."""

    class Dying(LocalLake):
        def __getattribute__(self, name):
            found = super().__getattribute__(name)
            return found if name != verb else lambda *args, **rest: (after and found(*args, **rest), die())

    run(place, THEN, lake=Dying)


def seen(place):
    """The table's rows, read by pyarrow."""
    import pyarrow.dataset as ds

    rows = ds.dataset(Path(place, "teas"), format="parquet").to_table(["id", "text"]).to_pylist()
    return sorted((row["id"], row["text"]) for row in rows)
