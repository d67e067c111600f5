from __future__ import annotations

import polars as pl
import pytest

from hygge_core.sql import Statement
from hygge_home_mssql.engines import Shape, open_rows
from hygge_home_mssql.types import readable
from mssql_place import open_place
from tds import drivers


WAYS = {
    "pyodbc": ("pyodbc", "microsoft"),
    "arrow": ("arrow", "mssql-python"),
    "freetds": ("pyodbc", "freetds"),
}


@pytest.fixture(scope="package")
def place():
    """A database whose server is another process, since mssql-python keeps Python to itself while it waits for one."""
    with open_place(apart=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def reads(place):
    """Read a column of a table, in the order in which it was filled, in every way that there is here."""
    connections = {}
    for way, (engine, driver) in WAYS.items():
        if not drivers.missing(driver):
            words = {"driver": str(drivers.freetds())} if way == "freetds" else {}
            connections[way] = (engine, place.connection(**words))

    def frames(table, columns, options, ways=None):
        shape = Shape(columns=readable(columns, options), options=options)
        statement = Statement(f"SELECT {', '.join(shape.select)} FROM {table} ORDER BY i")
        for way in ways or connections:
            engine, connection = connections[way]
            with connection.pool.borrow(engine) as raw, connection.told(table):
                rows = open_rows(engine, raw, statement, shape)
                batches = list(rows.batches(1 << 20))
                rows.close()
            yield way, pl.concat([shape.schema.to_frame(), *batches])

    yield frames
    for _, connection in connections.values():
        connection.close()


@pytest.fixture
def ways():
    """The ways of reading that there are here."""
    return [way for way, (_, driver) in WAYS.items() if not drivers.missing(driver)]
