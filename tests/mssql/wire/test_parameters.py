"""Parameters on their way to the server: what the driver binds is what the engine gets, and it comes back the same."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import uuid
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from tds import drivers


D = Decimal
TESTS = Path(__file__).parents[2]
GUID = uuid.UUID("00112233-4455-6677-8899-aabbccddeeff")
VALUES = {
    "true": True,
    "small": 7,
    "big": 2**63 - 1,
    "negative": -(2**63),
    "float": 0.1,
    "decimal": D("-12345678901234567890123456.7890"),
    "small decimal": D("0.0001"),
    "text": "æ😀漢'",
    "empty text": "",
    "4000 characters": "x" * 4000,
    "bytes": b"\0\xff",
    "8001 bytes": b"\1" * 8001,
    "uuid": GUID,
    "date": dt.date(2024, 2, 29),
    "first date": dt.date(1, 1, 1),
    "seconds": dt.datetime(2024, 2, 29, 23, 59, 59),
    "none": None,
}
MICROSECONDS = dt.datetime(2024, 2, 29, 23, 59, 59, 123_457)


LIMITS = {  # of drivers, not of the server
    ("freetds", "8001 bytes"): "FreeTDS cuts binary parameters after 8,000 bytes",
    ("freetds", "first date"): "FreeTDS binds a wrong date before 1753",
    ("mssql-python", "first date"): "mssql-python refuses dates before 1753",
}


@pytest.mark.parametrize("case", VALUES)
def test_a_value_that_is_bound_comes_back(cursor, driver, case):
    if limit := LIMITS.get((driver, case)):
        pytest.skip(limit)
    value = VALUES[case]
    (row,) = cursor.execute("SELECT ?", (value,)).fetchall()
    got = uuid.UUID(row[0]) if value == GUID and isinstance(row[0], str) else row[0]
    assert got == value
    assert type(got) is type(value)


def test_text_longer_than_a_page_comes_back_whole(server, microsoft_driver):
    """FreeTDS cuts text parameters after 4,000 characters."""
    text = "æ😀" * 5_000
    assert selected(server, microsoft_driver, text) == text


def test_microseconds_come_back(server, microsoft_driver):
    """FreeTDS cuts datetime2 parameters to seconds."""
    assert selected(server, microsoft_driver, MICROSECONDS) == MICROSECONDS
    (bound,) = server.seen.of("@p1")[-1].parameters
    assert (bound.type.name, bound.type.scale, bound.value % 10_000_000) == ("datetime2", 7, 1_234_570)


def test_times_come_back(server):
    """pyodbc binds a time to the second, with every driver."""
    if problem := drivers.missing("mssql-python"):
        pytest.skip(problem)
    assert selected(server, "mssql-python", MICROSECONDS.time()) == MICROSECONDS.time()


def selected(server, name, value):
    with closing(drivers.connect(name, server)) as connection:
        return connection.cursor().execute("SELECT ?", (value,)).fetchall()[0][0]


def test_each_of_many_values_gets_its_own_name(server, cursor):
    assert tuple(cursor.execute("SELECT ?, ?, ?", (1, "a", None)).fetchall()[0]) == (1, "a", None)
    (statement,) = server.seen.of("@p3")
    assert [parameter.name for parameter in statement.parameters] == ["@P1", "@P2", "@P3"]


def test_a_statement_runs_again_with_other_values(server, cursor):
    for value in (1, 2, 3):
        assert cursor.execute("SELECT ?", (value,)).fetchall()[0][0] == value
    assert [statement.parameters[0].value for statement in server.seen.of("@p1")] == [1, 2, 3]


def test_the_rows_of_executemany_are_calls_of_their_own(server, cursor):
    cursor.executemany("SET ROWCOUNT ?", [(number,) for number in range(5)])
    assert [statement.parameters[0].value for statement in server.seen.of("rowcount")] == [0, 1, 2, 3, 4]


ARRAY = """
import sys
from attrs import make_class
from tds import drivers

server = make_class("Server", ["port", "database"])(int(sys.argv[2]), "test")
cursor = drivers.connect(sys.argv[1], server).cursor()
if sys.argv[1] == "microsoft":
    cursor.fast_executemany = True
cursor.executemany("SET ANSI_NULLS ? ?", [(number, f"æ{number}") for number in range(50)])
"""


def test_an_array_of_parameters_is_one_message_of_many_calls(server, microsoft_driver):
    """In a process of its own: pyodbc keeps Python's lock while it asks what the parameters are."""
    command = [sys.executable, "-c", ARRAY, microsoft_driver, str(server.port)]
    done = subprocess.run(command, cwd=TESTS, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    bound = [tuple(parameter.value for parameter in statement.parameters) for statement in server.seen.of("@p2")]
    assert [(int(number), text) for number, text in bound] == [(number, f"æ{number}") for number in range(50)]
