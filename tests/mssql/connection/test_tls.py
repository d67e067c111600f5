"""The server's certificate is checked, and each way in which that fails has its own way out."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from hygge_core import HomeError
from tds import SqlServer
from tds.tables import Tables


LOGIN = """
import sys
from hygge_core.secret import Secret
from hygge_home_mssql.config import MssqlConnectionConfig
from hygge_home_mssql.connection import MssqlConnection
port, engine, encrypt, host = sys.argv[1:]
place = {"server": "localhost", "port": int(port), "database": "test", "certificate_host": host}
login = {"user": "hygge", "password": Secret("Pa$$ ;word=1"), "encrypt": encrypt or True}
connection = MssqlConnection(MssqlConnectionConfig(**place, **login))
try:
    with connection.pool.borrow(engine) as raw:
        cursor = raw.cursor()
        print(cursor.execute("SELECT 1").fetchone()[0])
        cursor.close()
except Exception as error:
    print(error)
connection.close()
"""
TRUSTED = "add the authority that signed it"


@pytest.fixture(params=["pyodbc", "arrow"])
def engine(request):
    return request.param


@pytest.fixture
def login(engine):
    """Log in from a process that trusts the test's authority, as a machine of its company does."""

    def said(server, *, strict=False, host=""):
        words = [str(server.port), engine, "strict" if strict else "", host]
        trusting = {**os.environ, "SSL_CERT_FILE": str(server.ca_file)}
        done = subprocess.run(
            [sys.executable, "-c", LOGIN, *words],
            env=trusting,
            capture_output=True,
            encoding="utf-8",
            check=True,
            timeout=60,
        )
        return done.stdout.strip()

    return said


def refused(connection, engine):
    with pytest.raises(HomeError) as error, connection.pool.borrow(engine):
        pass
    return error.value


def test_a_certificate_of_a_trusted_authority_gets_in(server, login):
    assert login(server) == "1"
    assert login(server, strict=True) == "1"


def test_a_certificate_of_an_unknown_authority_is_refused_by_default(connect, engine):
    error = refused(connect(trust_server_certificate=False), engine)
    assert "certificate verify failed" in error.what
    for way_out in (TRUSTED, "SSL_CERT_FILE", 'encrypt = "strict"', "trust_server_certificate = true"):
        assert way_out in error.fix


def test_the_servers_own_certificate_may_be_named(server, connect, engine):
    words = {"encrypt": "strict", "trust_server_certificate": False, "certificate": str(server.certificates.alone_file)}
    with connect(**words).pool.borrow(engine) as raw:
        assert raw.cursor().execute("SELECT 1").fetchone()[0] == 1


def test_another_certificate_than_the_named_one_is_refused(server, connect, engine):
    words = {"encrypt": "strict", "trust_server_certificate": False, "certificate": str(server.ca_file)}
    assert "the server's own certificate" in refused(connect(**words), engine).fix


def test_a_certificate_for_another_name_says_how_to_name_it(login):
    with SqlServer(Tables(), certificate="wrong_name") as server:
        text = login(server)
        assert "does not match host name" in text
        assert "certificate_host to that name" in text
        assert login(server, host="elsewhere.test") == "1"


def test_an_expired_certificate_says_so(login):
    with SqlServer(Tables(), certificate="expired") as server:
        assert "certificate of the server renewed" in login(server)


def test_a_server_without_encryption_is_left_alone_unless_that_is_wanted(connect, engine):
    with SqlServer(Tables(), encryption="none") as server:
        assert refused(connect(to=server), engine).fix
        connection = connect(to=server, encrypt=False, trust_server_certificate=False)
        with connection.pool.borrow(engine) as raw:
            assert raw.cursor().execute("SELECT 1").fetchone()[0] == 1
        connection.close()
