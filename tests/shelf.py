"""A source that a test changes between runs, and the table that hygge keeps of it."""

from __future__ import annotations

from datetime import UTC, datetime

import duckdb
import polars as pl

from hygge_core import CommitRecord, Table, TableRun
from hygge_core.mark import Watermark
from hygge_core.testing import MemoryHome, MemoryPlace, MemoryStore
from hygge_core.watermark.config import WatermarkConfig
from hygge_store_parquet.config import ParquetStoreConfig
from hygge_store_parquet.store import open_parquet_store
from table_runs import entity, go


START = datetime(2026, 1, 31, tzinfo=UTC)
SCHEMA = {"id": pl.Int64, "t": pl.Int64, "tea": pl.String}
BY_T = WatermarkConfig(column="t", key=("id",))
TABLE = Table(name="teas", flow="shop")
ROADS = ("batches", "stream", "frame")


def teas(*rows, **columns):
    """Make a frame of ``(id, t, tea)`` rows; ``columns`` changes the dtypes."""
    return pl.DataFrame(list(rows), schema={**SCHEMA, **columns}, orient="row")


class ScanHome(MemoryHome):
    """A home of one Parquet file, which Polars may scan and which leaves all else to the engine."""

    def __init__(self, frame, path):
        super().__init__({"teas": frame})
        frame.write_parquet(path)
        self.path = path

    def read(self, _request):
        return ScanReading(self.path)


class ScanReading:
    """A reading of one Parquet file."""

    def __init__(self, path):
        self.path = path
        self.schema = pl.read_parquet_schema(path)

    def scan(self):
        return pl.scan_parquet(self.path)

    def batches(self):
        yield pl.read_parquet(self.path)

    def check(self):
        """Nobody changes the file."""

    def close(self):
        """Nothing is held."""


class Shelf:
    """One table, settled again and again by the road of its name."""

    def __init__(self, road, folder):
        self.road = road
        self.folder = folder
        self.place = MemoryPlace()
        self.settings = {"run_type": "incremental", "watermark": BY_T}

    @property
    def store(self):
        """The store, opened anew for each run as a new process would."""
        if self.road == "batches":
            return MemoryStore(self.place)
        return open_parquet_store(ParquetStoreConfig(path="lake/{entity}"), self.folder)

    def home(self, frame):
        return ScanHome(frame, self.folder / "source.parquet") if self.road == "frame" else MemoryHome({"teas": frame})

    def go(self, source, *, backfill=None, **settings):
        """Run once with this source, a frame or a home; returns the outcome."""
        home = self.home(source) if isinstance(source, pl.DataFrame) else source
        attempts, store = settings.pop("attempts", 1), settings.pop("store", None) or self.store
        table = entity(home, store, **{**self.settings, **settings})
        report, self.events = go(table, backfill=backfill, attempts=attempts)
        return report.tables[0]

    def settle(self, source, **settings):
        """Run once and demand that it went well."""
        outcome = self.go(source, **settings)
        assert not outcome.error
        return outcome

    def refuse(self, source, **settings):
        """Run once and demand that it fails without a trace; returns the error."""
        before = self.shown(), self.last()
        outcome = self.go(source, **settings)
        assert outcome.state == "failed"
        assert (self.shown(), self.last()) == before
        return outcome.error

    def shown(self):
        """Read what readers see, without any code of hygge where there are files."""
        if self.road == "batches":
            frame = self.place.read(TABLE)
            return [] if frame is None else sorted(frame.rows(), key=str)
        if not list((self.folder / "lake" / "teas").glob("*.parquet")):
            return []
        return sorted(duckdb.read_parquet(f"{self.folder}/lake/teas/*.parquet").fetchall(), key=str)

    def last(self):
        return self.store.last(TABLE)

    def mark(self):
        """Return the text of the last commit's mark."""
        watermark = self.last().watermark
        return watermark.mark.text if watermark and watermark.mark else None

    def commit_by_hand(self, mark, origin="set"):
        """Move the watermark as a person does: a commit without parts."""
        store, last = self.store, self.last()
        table = Table(name="teas", flow="shop", columns=last.table.columns, mode="append")
        run = TableRun(id=f"{origin}-{last.sequence}", flow="shop", entity="teas", started=START)
        with store.lease(table, run):
            staged = (stage := store.stage(table, run)).seal(())
            watermark = Watermark(column=last.watermark.column, key=last.watermark.key, mark=mark)
            stage.commit(
                staged,
                CommitRecord(run=run, table=table, parts=(), watermark=watermark, origin=origin, by="ann@kitchen"),
            )
