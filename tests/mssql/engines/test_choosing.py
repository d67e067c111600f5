"""The engine that nobody chose is the fast one, but where it would stand in the way of others."""

from __future__ import annotations

import pytest

from hygge_home_mssql.config import MssqlConnectionConfig
from hygge_home_mssql.reading.choosing import engine_for
from hygge_home_mssql.types import typed
from tds import drivers


PLAIN = {"server": "sql01", "database": "ERP", "auth": "windows"}
NEEDS_ARROW = pytest.mark.skipif(bool(drivers.missing("mssql-python")), reason="mssql-python is not there")


@NEEDS_ARROW
@pytest.mark.parametrize(
    ("types", "engine"),
    [
        ([], "arrow"),
        (["int", "nvarchar(4000)", "varbinary(8000)"], "arrow"),
        (["int", "nvarchar(max)"], "pyodbc"),
        (["xml"], "pyodbc"),
        (["geography", "int"], "pyodbc"),
    ],
)
def test_large_values_are_read_by_the_engine_that_lets_others_work_meanwhile(types, engine):
    columns = [typed("a", written) for written in types]
    assert engine_for("auto", MssqlConnectionConfig(**PLAIN), columns) == engine
    assert engine_for("arrow", MssqlConnectionConfig(**PLAIN), columns) == "arrow"
    assert engine_for("pyodbc", MssqlConnectionConfig(**PLAIN), columns) == "pyodbc"


def test_a_driver_that_the_project_names_is_used():
    settings = MssqlConnectionConfig(**PLAIN, driver="FreeTDS")
    assert engine_for("auto", settings) == "pyodbc"
    assert engine_for("arrow", settings) == "arrow"


@NEEDS_ARROW
@pytest.mark.parametrize("pool_size", [1, 2])
@pytest.mark.parametrize(("written", "changes"), [("varchar(20)", False), ("varchar(max)", True)])
def test_a_reading_changes_its_engine_when_it_knows_the_columns(table, written, changes, pool_size):
    query = f"SELECT APP_NAME() AS app, CAST('a' AS {written}) AS a"
    frame = table(query=query, pool_size=pool_size)
    assert frame["a"].to_list() == ["a"]
    assert (frame["app"].item() == "hygge") == changes  # mssql-python says its own name
    assert table(query=query, columns=("app",), pool_size=pool_size)["app"].item() != "hygge"
