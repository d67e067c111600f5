"""A database to test against: the TDS test server, or the server that HYGGE_TEST_MSSQL names.

HYGGE_TEST_MSSQL is an ODBC connection string with a SQL login that may create tables in the database it names.
Tests make their tables with `Place.name`, whose names are new for each run, and they are dropped in the end.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import sys
from contextlib import closing, contextmanager
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

import tds
from tds import SqlServer
from tds.accounts import PASSWORD, USER


if TYPE_CHECKING:
    from collections.abc import Iterator


VARIABLE = "HYGGE_TEST_MSSQL"
_PAIR = re.compile(r"\s*([^=;]+?)\s*=\s*(?:\{((?:[^}]|\}\})*)\}|([^;]*))\s*(?:;|$)")


class Place:
    """One database. ``settings`` are the keys of its connection, ``server`` the test server, None for a real one."""

    def __init__(self, settings: dict[str, Any], server: SqlServer | SimpleNamespace | None) -> None:
        self.settings = settings
        self.server = server
        self._made: list[str] = []

    def name(self, word: str = "t") -> str:
        """Return a new table name, to be dropped in the end."""
        self._made.append(f"hygge_{secrets.token_hex(4)}_{word}")
        return self._made[-1]

    def execute(self, sql: str, *parameters: Any) -> None:
        """Run T-SQL as the tests' own login."""
        with closing(self.raw.cursor()) as cursor:
            cursor.execute(sql, *parameters)

    def rows(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Run a query."""
        with closing(self.raw.cursor()) as cursor:
            return [tuple(row) for row in cursor.execute(sql, *parameters).fetchall()]

    def need(self, sql: str) -> None:
        """Skip the test when the server does not take a statement that it is about."""
        import pyodbc

        try:
            self.execute(sql)
        except pyodbc.Error as error:
            if self.server is not None:
                raise
            pytest.skip(f"this server cannot {sql}: {error}")

    def connect(self) -> Any:
        """Return one more raw connection, for whoever closes it."""
        return self.connection()._open("pyodbc")

    def connection(self, **more: Any) -> Any:
        """Return a connection of hygge, as a run would open it."""
        from hygge_core.secret import Secret
        from hygge_home_mssql.config import MssqlConnectionConfig
        from hygge_home_mssql.connection import MssqlConnection

        settings = {**self.settings, **more, "password": Secret(self.settings["password"])}
        return MssqlConnection(MssqlConnectionConfig(**settings))

    @cached_property
    def raw(self) -> Any:
        """The tests' own connection."""
        return self.connect()

    def project(self, folder: Path, flows: str, **more: Any) -> Path:
        """Write a project with the connection ``erp``; its password comes from the environment."""
        settings = {**self.settings, **more, "type": "mssql", "password": "${ERP_PASSWORD}"}
        lines = "\n".join(f"{key} = {json.dumps(value)}" for key, value in settings.items())
        text = f'name = "erp"\n[options]\nmax_memory = "1 GiB"\n[connections.erp]\n{lines}\n{flows}'
        (folder / "hygge.toml").write_text(text, encoding="utf-8")
        return folder

    @property
    def environment(self) -> dict[str, str]:
        """What a project needs in its environment."""
        return {"ERP_PASSWORD": self.settings["password"]}

    def close(self) -> None:
        """Drop what was made."""
        for name in self._made:
            self.execute(f"IF OBJECT_ID('{name}') IS NOT NULL DROP TABLE {name}")
        if "raw" in self.__dict__:
            self.raw.close()


@contextmanager
def open_place(*, apart: bool = False) -> Iterator[Place]:
    """Open the real server, if one is named, else the test server, by choice as a process ``apart``."""
    if text := os.environ.get(VARIABLE):
        place = Place(_settings(text), None)
        try:
            yield place
        finally:
            place.close()
        return
    with run_apart() if apart else SqlServer() as server:
        place = place_of(server)
        try:
            yield place
        finally:
            place.close()


@contextmanager
def run_apart(*words: str) -> Iterator[SimpleNamespace]:
    """Run the test server as a process of its own; its ``port`` is known, and the rest that it says of itself."""
    command = [sys.executable, "-m", "tds", *words]
    folder = Path(tds.__file__).parent.parent
    with subprocess.Popen(
        command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdin
        assert process.stdout
        try:
            yield SimpleNamespace(**json.loads(process.stdout.readline()))
        finally:
            process.stdin.close()
            process.wait(60)


def place_of(server: SqlServer | SimpleNamespace) -> Place:
    """Return the database of a test server, for whoever closes it."""
    address = {"server": "127.0.0.1", "port": server.port, "database": "test", "trust_server_certificate": True}
    return Place({**address, "user": USER, "password": PASSWORD}, server)


def _settings(text: str) -> dict[str, Any]:
    """Read a connection string as the keys of a connection."""
    said = {key.lower(): (braced or plain).replace("}}", "}") for key, braced, plain in _PAIR.findall(text)}
    server, _, port = said["server"].removeprefix("tcp:").partition(",")
    settings: dict[str, Any] = {
        "server": server,
        "database": said["database"],
        "user": said.get("uid", ""),
        "password": said.get("pwd", ""),
        "encrypt": said.get("encrypt", "yes").lower() not in {"no", "optional", "false"},
        "trust_server_certificate": said.get("trustservercertificate", "no").lower() in {"yes", "true"},
    }
    if port or "port" in said:
        settings["port"] = int(port or said["port"])
    driver = said.get("driver", "")
    return settings | ({"driver": driver} if driver else {})
