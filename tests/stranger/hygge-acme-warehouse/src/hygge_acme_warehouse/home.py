"""Reading tables out of a warehouse."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

import polars as pl

from hygge_acme_warehouse.connection import Refused
from hygge_acme_warehouse.frames import checksum, cut, unpacked
from hygge_core import HomeError, HomeUnavailable
from hygge_core.commit import Column
from hygge_core.schema import schema_of
from hygge_core.template import fill


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hygge_acme_warehouse.connection import Found, Warehouse
    from hygge_core.home import ReadRequest


class WarehouseHome:
    """The tables of one shelf; ``path`` is ``shelf/table``, in which names of entities are filled in."""

    def __init__(self, warehouse: Warehouse, path: str) -> None:
        self._warehouse = warehouse
        self._path = path

    def locate(self, request: ReadRequest) -> str:
        """Say where the table is."""
        return f"{self._warehouse.address}/{self._table(request)}"

    def read(self, request: ReadRequest) -> WarehouseReading:
        """Open one table. Raises `HomeError` for one that is not there."""
        parts = self._parts(request)
        return WarehouseReading(self._warehouse, self._table(request), parts, request.batch_bytes, self.locate(request))

    def count(self, request: ReadRequest) -> int:
        """Count the rows of one table."""
        return sum(part.rows for part in self._parts(request))

    def discover(self) -> Iterable[str]:
        """Name the tables of the shelf."""
        with told(self._warehouse.address):
            names, _ = self._warehouse.ask("tables")
        shelf = f"{self._path.partition('/')[0]}/"
        return sorted(name.removeprefix(shelf) for name in names if name.startswith(shelf))

    def close(self) -> None:
        """Let go of nothing; the connection belongs to the project."""

    def _parts(self, request: ReadRequest) -> Sequence[Found]:
        with told(self.locate(request)):
            parts = self._warehouse.parts(self._table(request))
        if not parts:
            fix = f"the shelf holds {', '.join(self.discover()) or 'nothing'}"
            raise HomeError("there is no such table", where=self.locate(request), fix=fix)
        return parts

    def _table(self, request: ReadRequest) -> str:
        return fill(self._path, entity=request.entity, flow=request.flow)


class WarehouseReading:
    """The parts that a table had when it was opened, one after the other."""

    def __init__(self, warehouse: Warehouse, table: str, parts: Sequence[Found], size: int, where: str) -> None:
        self._warehouse = warehouse
        self._table = table
        self._parts = parts
        self._size = size
        self._where = where

    @property
    def schema(self) -> pl.Schema:
        """The columns of all parts, as the newest has them."""
        columns = {name: dtype for part in self._parts for name, dtype in json.loads(part.columns)}
        return schema_of(Column(name=name, dtype=dtype) for name, dtype in columns.items())

    def rows(self) -> int:
        """Return how many rows will come."""
        return sum(part.rows for part in self._parts)

    def batches(self) -> Iterator[pl.DataFrame]:
        """Yield the rows, in pieces of the size asked for."""
        empty = pl.DataFrame(schema=self.schema)
        for part in self._parts:
            for piece in cut(self._frame(part), self._size):
                yield pl.concat([empty, piece], how="diagonal")

    def close(self) -> None:
        """Let go of the rest."""
        self._parts = ()

    def _frame(self, part: Found) -> pl.DataFrame:
        with told(self._where):
            data = self._warehouse.fetch(self._table, part)
        if checksum(data) != part.checksum:
            fix = "restore the warehouse from its backup"
            raise HomeError(f"part {part.name} is damaged", where=self._where, fix=fix)
        return unpacked(data)


@contextmanager
def told(where: str) -> Iterator[None]:
    """Say what the server refused, or that it is gone, as hygge wants to hear it."""
    try:
        yield
    except Refused as error:
        raise HomeError(str(error), where=where, fix="read the table again") from error
    except ConnectionError as error:
        raise HomeUnavailable(str(error), where=where, fix="look whether the warehouse is open") from error
