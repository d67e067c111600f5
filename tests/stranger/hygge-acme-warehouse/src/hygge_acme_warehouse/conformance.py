"""The warehouse held against the contracts of hygge; run it by ``hygge conformance hygge-acme-warehouse``."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path  # noqa: TC003 - pytest may look at the types of fixtures
from typing import TYPE_CHECKING, Any, ClassVar

import polars as pl
import pytest

from hygge_acme_warehouse.connection import Warehouse
from hygge_acme_warehouse.frames import checksum, cut, packed, unpacked
from hygge_acme_warehouse.home import WarehouseHome
from hygge_acme_warehouse.server.serving import Server
from hygge_acme_warehouse.store import WarehouseStore
from hygge_core import Secret
from hygge_core.home import ReadRequest
from hygge_core.schema import columns_of
from hygge_core.testing import HomeContract, PluginContract, StoreContract


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hygge_core import Table


_PASSWORD = "correct horse battery staple"
_SHELF = "kit"
_FILE = "warehouse.db"
_PART_BYTES = 1 << 15
_VISIBLE = "SELECT data FROM part WHERE tbl = ? AND visible ORDER BY rowid"
_SPOIL = "UPDATE part SET data = zeroblob(9) WHERE rowid = (SELECT max(rowid) FROM part WHERE tbl = ?)"


def open_home(address: str) -> WarehouseHome:
    """Open the home at the server with this address."""
    return WarehouseHome(Warehouse(address, Secret(_PASSWORD)), f"{_SHELF}/{{entity}}")


def open_store(address: str) -> WarehouseStore:
    """Open the store at the server with this address."""
    return WarehouseStore(Warehouse(address, Secret(_PASSWORD)), f"{_SHELF}/{{entity}}")


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Open a warehouse of its own for each test."""
    with Server(tmp_path / _FILE, _PASSWORD) as server:
        yield server.address


class TestWarehouseStore(StoreContract):
    """Tables are read out of the server's file, without the server."""

    opener = "hygge_acme_warehouse.conformance:open_store"
    secrets = (_PASSWORD,)

    @pytest.fixture
    def place(self, address: str) -> str:
        """Return where the server listens."""
        return address

    @pytest.fixture
    def read(self, tmp_path: Path) -> Callable[[Table], pl.DataFrame | None]:
        """Read the visible parts of a table."""

        def read(table: Table) -> pl.DataFrame | None:
            with closing(sqlite3.connect(tmp_path / _FILE, timeout=60)) as file:
                found = file.execute(_VISIBLE, (f"{_SHELF}/{table.name}",)).fetchall()
            return pl.concat([unpacked(data) for (data,) in found], how="diagonal") if found else None

        return read


class TestWarehouseHome(HomeContract):
    """Tables are put into the server's file, without the server."""

    opener = "hygge_acme_warehouse.conformance:open_home"
    secrets = (_PASSWORD,)

    @pytest.fixture
    def place(self, address: str) -> str:
        """Return where the server listens."""
        return address

    @pytest.fixture
    def fill(self, tmp_path: Path) -> Callable[[str, pl.DataFrame], ReadRequest]:
        """Return a function that puts a table into the file."""

        def fill(name: str, frame: pl.DataFrame) -> ReadRequest:
            table = f"{_SHELF}/{name}"
            with closing(sqlite3.connect(tmp_path / _FILE, timeout=60)) as file, file:
                file.execute("DELETE FROM part WHERE tbl = ?", (table,))
                for number, piece in enumerate([*cut(frame, _PART_BYTES)] or [frame]):
                    file.execute("INSERT INTO part VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1)", _row(table, number, piece))
            return ReadRequest(entity=name)

        return fill

    @pytest.fixture
    def damage(self, tmp_path: Path) -> Callable[[ReadRequest], None]:
        """Return a function that spoils the last part of a table."""

        def damage(request: ReadRequest) -> None:
            with closing(sqlite3.connect(tmp_path / _FILE, timeout=60)) as file, file:
                file.execute(_SPOIL, (f"{_SHELF}/{request.entity}",))

        return damage

    @pytest.fixture
    def fingerprint(self, tmp_path: Path) -> Callable[[], object]:
        """Return a function that sees every row of the file."""

        def seen() -> object:
            with closing(sqlite3.connect(tmp_path / _FILE, timeout=60)) as file:
                return [*file.execute("SELECT * FROM part"), *file.execute("SELECT * FROM record")]

        return seen


class TestWarehousePlugin(PluginContract):
    """The package as it is installed."""

    distribution = "hygge-acme-warehouse"
    settings: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "connection acme_warehouse": {"address": "depot:4100", "password": _PASSWORD},
        "home acme_warehouse": {"connection": "depot", "shelf": "incoming"},
        "store acme_warehouse": {"connection": "depot"},
    }


def _row(table: str, number: int, frame: pl.DataFrame) -> tuple[Any, ...]:
    data, columns = packed(frame), [[column.name, column.dtype] for column in columns_of(frame.schema)]
    return table, "kit", f"{number:06}", json.dumps(columns), frame.height, len(data), checksum(data), data
