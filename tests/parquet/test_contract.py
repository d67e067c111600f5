"""The Parquet store keeps the contract in each of its layouts."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from hygge_core.testing import StoreContract
from hygge_store_parquet.config import ParquetStoreConfig
from hygge_store_parquet.store import open_parquet_store


def _open(place, layout, name):
    return open_parquet_store(ParquetStoreConfig(path=f"{place}/{name}", layout=layout), Path.cwd())


def open_folder(place):
    return _open(place, "folder", "{entity}")


def open_runs(place):
    return _open(place, "runs", "{entity}")


def open_file(place):
    return _open(place, "file", "{entity}.parquet")


class _ParquetContract(StoreContract):
    @pytest.fixture
    def place(self, tmp_path):
        return str(tmp_path / "lake")


class TestFolder(_ParquetContract):
    opener = "parquet.test_contract:open_folder"

    @pytest.fixture
    def read(self, place):
        return lambda table: _read_all(Path(place, table.name))


class TestRuns(_ParquetContract):
    opener = "parquet.test_contract:open_runs"

    @pytest.fixture
    def read(self, place):
        return lambda table: _read_all(Path(place, table.name))


class TestFile(_ParquetContract):
    opener = "parquet.test_contract:open_file"

    @pytest.fixture
    def read(self, place):
        def read(table):
            file = Path(place, f"{table.name}.parquet")
            return pl.read_parquet(file, glob=False) if file.exists() else None

        return read


def _read_all(folder):
    if not folder.exists():
        return None
    return pl.concat([pl.read_parquet(file, glob=False) for file in sorted(folder.rglob("*.parquet"))])
