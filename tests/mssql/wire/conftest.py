"""A server with the smallest engine, and every driver that is there."""

from __future__ import annotations

import contextlib
import datetime as dt
import struct

import pytest

from tds import SqlServer, drivers
from tds.tables import Tables


CLR_TYPE, DATETIMEOFFSET = -151, -155  # types of ODBC that pyodbc leaves to the program


@pytest.fixture(params=drivers.NAMES)
def driver(request):
    if problem := drivers.missing(request.param):
        pytest.skip(problem)
    return request.param


@pytest.fixture(params=[name for name in drivers.NAMES if name != "freetds"])
def microsoft_driver(request):
    if problem := drivers.missing(request.param):
        pytest.skip(problem)
    return request.param


@pytest.fixture
def server():
    with SqlServer(Tables()) as server:
        yield server


@pytest.fixture
def connect(server, driver):
    """Connect with the driver; what is still open at the end of the test is closed."""
    opened = []

    def connect(**words):
        opened.append(drivers.connect(driver, server, **words))
        if driver != "mssql-python":
            opened[-1].add_output_converter(CLR_TYPE, lambda data: data)
            opened[-1].add_output_converter(DATETIMEOFFSET, moment)
        return opened[-1]

    yield connect
    for connection in opened:
        with contextlib.suppress(Exception):  # closed by the test, or dead by a fault
            connection.close()


def moment(data):
    """Return a datetimeoffset as Python has it, of what pyodbc gives for it: the driver's own structure."""
    *local, nanoseconds, hours, minutes = struct.unpack("<hHHHHHIhh", data)
    zone = dt.timezone(dt.timedelta(hours=hours, minutes=minutes))
    return dt.datetime(*local, nanoseconds // 1000, tzinfo=zone)


@pytest.fixture
def cursor(connect):
    return connect().cursor()
