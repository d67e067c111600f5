"""Tables that are moved by the engine, verified, and tampered with from outside."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl
import pyarrow.parquet as pq

from hygge_core.testing import MemoryHome
from hygge_core.verify import Depth, verify
from hygge_core.watermark.config import WatermarkConfig
from hygge_store_parquet.config import ParquetStoreConfig
from hygge_store_parquet.store import open_parquet_store
from table_runs import NONE, entity, go, project


START = datetime(2026, 11, 1)  # noqa: DTZ001 - a column without a zone
KEYED = WatermarkConfig(column="at", key=("id",))
APPEND = {"run_type": "incremental", "watermark": KEYED}
UPSERT = {**APPEND, "write": "upsert"}
FULL = {"watermark": KEYED}


def rows(*pairs, **columns):
    """A frame of rows, each an id and the minute in which it changed, or None."""
    ids, minutes = zip(*pairs, strict=True) if pairs else ((), ())
    at = [None if minute is None else START + timedelta(minutes=minute) for minute in minutes]
    frame = pl.DataFrame({"id": ids, "at": at}, schema={"id": pl.Int64, "at": pl.Datetime("us")})
    return frame.with_columns(name=pl.format("row {}", "id"), **columns)


class Shop:
    """One table from a home in memory to a folder of Parquet files."""

    def __init__(self, folder, source, **settings):
        self.folder = folder
        self.source = source
        self.settings = settings

    @property
    def files(self):
        return sorted((self.folder / "teas").glob("*.parquet"))

    def entity(self, **settings):
        store = open_parquet_store(ParquetStoreConfig(path="{entity}"), self.folder)
        return entity(MemoryHome({"teas": self.source}), store, **{**self.settings, **settings})

    def go(self, source=None, **settings):
        """Move what the source holds now."""
        self.source = self.source if source is None else source
        report, _ = go(self.entity(**settings))
        assert report.exit_code == 0, report.tables[0].error
        return self

    def verify(self, *key, keys=False, limit=20, **settings):
        """Return the verdict on the table."""
        (verdict,) = verify(project(), NONE, [self.entity(**settings)], Depth(keys=keys, key=key, limit=limit))
        return verdict

    def tamper(self, change, file=0):
        """Rewrite one file with pyarrow, keeping what the commits say of it."""
        path = self.files[file]
        pq.write_table(change(pq.read_table(path)), path)


def kinds(verdict):
    """Each difference as its kind and its key."""
    return [(one.kind, one.key) for one in verdict.keys.shown]
