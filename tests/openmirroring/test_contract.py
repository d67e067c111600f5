"""The store keeps the contract of all stores, as seen through the eyes of the service."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar

import polars as pl
import pytest

from hygge_core.lakes.local import LocalLake
from hygge_core.plugin import Context
from hygge_core.schema import dtype_of
from hygge_core.testing import StoreContract
from hygge_store_openmirroring.config import OpenMirroringConfig
from hygge_store_openmirroring.landing_zone import TableName
from hygge_store_openmirroring.opening import open_store as open_mirror
from hygge_store_openmirroring.replicator.replicator import Replicator
from hygge_store_openmirroring.types.rules import MOMENT


def open_store(place):
    config = OpenMirroringConfig(landing_zone=f"file:{place}", drop_wait=0)
    return open_mirror(config, Context(project=Path.cwd(), connections=SimpleNamespace(), memory=64 << 20, log=None))


class TestMirror(StoreContract):
    opener = "openmirroring.test_contract:open_store"
    reads_as: ClassVar = {
        "uint8": pl.Int16(),
        "uint16": pl.Int32(),
        "uint32": pl.Int64(),
        "uint64": pl.Decimal(20, 0),
        "categorical": pl.String(),
        "enum": pl.String(),
        "datetime_ms": MOMENT,
        "datetime_us": MOMENT,
        "datetime_ns": MOMENT,
        "datetime_zone": MOMENT,
    }
    refuses: ClassVar = {
        "null": "a column of nothing but nulls has no type that a mirrored table could keep",
        "case": "what a mirrored table makes of names that differ in case only is not documented",
    }

    @pytest.fixture
    def place(self, tmp_path):
        return str(tmp_path / "LandingZone")

    @pytest.fixture
    def read(self, place):
        """Replay the zone from its first file, which changes nothing in it."""

        def read(table):
            replicator = Replicator(LocalLake(Path(place)), clean=False)
            replicator.poll()
            mirrored = replicator.tables.get(TableName("dbo", table.name))
            if mirrored is None:
                return None
            assert mirrored.failure is None, mirrored.failure
            return mirrored.rows.pipe(_parsed, table) if mirrored.taken else None

        return read


def _parsed(rows, table):
    """Read texts as what they were, as a reader who knows the source would."""
    return rows.with_columns(
        parsed
        for column in table.columns
        if (parsed := _value(pl.col(column.name), dtype_of(column.dtype))) is not None
    )


def _value(text, dtype):
    if isinstance(dtype, pl.Time):
        return text.str.to_time("%H:%M:%S%.f")
    if isinstance(dtype, pl.Duration):
        return text.cast(pl.Duration("us")).cast(dtype)
    if isinstance(dtype, pl.Array):
        return text.str.json_decode(pl.List(dtype.inner)).cast(dtype)
    return text.str.json_decode(dtype) if dtype.is_nested() else None
