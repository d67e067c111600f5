"""A server with the smallest engine, and connections to it that nothing may leak from."""

from __future__ import annotations

import pytest

from hygge_core.secret import Secret
from hygge_home_mssql.config import MssqlConnectionConfig
from hygge_home_mssql.connection import MssqlConnection
from tds import SqlServer, drivers
from tds.accounts import PASSWORD, USER
from tds.contract import Column, SqlType
from tds.tables import Tables


WAYS = {"pyodbc": "microsoft", "freetds": "freetds", "arrow": "mssql-python"}


@pytest.fixture(params=WAYS)
def way(request):
    """How to read: pyodbc with Microsoft's driver or with FreeTDS, or Arrow."""
    if problem := drivers.missing(WAYS[request.param]):
        pytest.skip(problem)
    return request.param


@pytest.fixture
def server():
    with SqlServer(Tables()) as server:
        server.create("numbers", (Column("n", SqlType("int")),), [(number,) for number in range(20_000)])
        yield server


@pytest.fixture
def connect(server):
    """Open connections of hygge; in the end all of them are back, and the server sees none any more."""
    opened = []

    def connection(way="pyodbc", log=None, to=server, **words):
        words = {"user": USER, "password": PASSWORD, "trust_server_certificate": True} | words
        secrets = {
            name: Secret(words[name]) for name in ("password", "access_token", "client_secret") if words.get(name)
        }
        words = {name: value for name, value in words.items() if value is not None}
        driver = {"driver": str(drivers.freetds())} if way == "freetds" else {}
        address = {"server": "127.0.0.1", "port": to.port, "database": "test"}
        opened.append(MssqlConnection(MssqlConnectionConfig(**address | driver | words | secrets), log))
        return opened[-1]

    yield connection
    for one in opened:
        assert one.pool.counts.lent == 0
        one.close()
    assert server.seen.leaked() == 0


@pytest.fixture
def ask(way):
    """Ask for a number over a borrowed connection, the way of this test."""

    def asked(connection, sql="SELECT 1"):
        with connection.pool.borrow("arrow" if way == "arrow" else "pyodbc") as raw, connection.told():
            cursor = raw.cursor()
            try:
                return cursor.execute(sql).fetchone()[0]
            finally:
                cursor.close()

    return asked
