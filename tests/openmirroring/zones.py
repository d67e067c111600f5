"""Landing zones for tests: written file by file, as any publisher might."""

from __future__ import annotations

import io
import json

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from attrs import evolve

from hygge_core.lakes.local import LocalLake
from hygge_store_openmirroring.replicator.replicator import Replicator


def zone_at(path, *, keys=("Id",), table="dbo.schema/Order", **metadata):
    """Make a zone with one table, and return its lake."""
    lake = LocalLake(path)
    said = {"keyColumns": list(keys)} if keys else {}
    lake.put(f"{table}/_metadata.json", json.dumps(said | metadata).encode())
    return lake


def parquet(columns, **settings):
    file = io.BytesIO()
    if isinstance(columns, pa.Table):
        pq.write_table(columns, file)
        return file.getvalue()
    frame = columns if isinstance(columns, pl.DataFrame) else pl.DataFrame(columns)
    frame.write_parquet(file, **settings)
    return file.getvalue()


def publish(lake, number, columns, *, table="dbo.schema/Order", **settings):
    name = number if isinstance(number, str) else f"{number:020d}.parquet"
    lake.put(f"{table}/{name}", columns if isinstance(columns, bytes) else parquet(columns, **settings))


class Unversioned:
    """A lake that does not tell files, or with ``folders`` not even folders, from those that had their names before."""

    def __init__(self, lake, *, folders=True):
        self.lake, self.read, self.folders = lake, lake.read, folders

    def list(self, path):
        return (evolve(entry, version="") for entry in self.lake.list(path))

    def stat(self, path):
        found = self.lake.stat(path)
        return evolve(found, version="") if found and self.folders else found


def replay(lake, **settings):
    replicator = Replicator(lake, **settings)
    replicator.poll()
    return replicator


def only(replicator):
    (table,) = replicator.tables.values()
    return table


def rows_of(replicator):
    return sorted(only(replicator).rows.rows(), key=repr)
