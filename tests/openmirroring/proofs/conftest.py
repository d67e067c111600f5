"""A project that mirrors a SQLite database into a landing zone here, and the service that looks at it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from hygge_core.config import load_project
from hygge_core.engine import Stop, run
from hygge_core.lakes.local import LocalLake
from hygge_core.plugins import Plugins
from hygge_store_openmirroring.landing_zone import TableName
from hygge_store_openmirroring.lint.zone import lint
from hygge_store_openmirroring.replicator.replicator import Replicator
from openmirroring.publisher import Service


PLUGINS = Plugins.load()
ORDER = TableName("dbo", "Order")
PROJECT = """
name = "proofs"

[flows.f]
run_type = "{run_type}"
{more}
home = {{ type = "sqlite", path = "source.db" }}
store = {{ type = "open_mirroring", landing_zone = "file:LandingZone", drop_wait = 0{store} }}
{watermark}
entities = ["Order"]
"""
UPSERT = 'write = "upsert"'
WATERMARK = 'watermark = { column = "At", key = ["Id"] }'


class Source:
    """The database; every row says when it changed last."""

    def __init__(self, path, *, new=True):
        self._path = path
        if not new:
            return
        self.do('CREATE TABLE "Order" (Id INTEGER, V TEXT, At INTEGER NOT NULL)')
        self.do("PRAGMA journal_mode = WAL")

    def do(self, statement, *values):
        with closing(sqlite3.connect(self._path)) as connection:
            connection.execute(statement, values)
            connection.commit()

    def insert(self, *rows):
        with closing(sqlite3.connect(self._path)) as connection:
            connection.executemany('INSERT INTO "Order" VALUES (?, ?, ?)', rows)
            connection.commit()

    def rows(self):
        with closing(sqlite3.connect(self._path)) as connection:
            return sorted(connection.execute('SELECT * FROM "Order"').fetchall())


class Project:
    """The project's folder; ``go`` runs it in this process, ``hygge`` in one of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.zone = LocalLake(folder / "LandingZone")
        self.replicator = Replicator(self.zone)

    def write(self, *, run_type="incremental", more=UPSERT, watermark=WATERMARK, **store):
        said = "".join(f", {key} = {_toml(value)}" for key, value in store.items())
        text = PROJECT.format(run_type=run_type, more=more, watermark=watermark, store=said)
        (self.folder / "hygge.toml").write_text(text, "utf-8")
        return self

    def go(self, *, emit=lambda _: None):
        project = load_project(self.folder / "hygge.toml", plugins=PLUGINS, environ={})
        report = run(project, PLUGINS, project.entities, emit=emit, stop=Stop())
        (table,) = report.tables
        return table

    def hygge(self, *words, timeout=120):
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        shell = {**os.environ, "PATH": path, "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
        return subprocess.run(
            ["hygge", *words],
            cwd=self.folder,
            env=shell,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=timeout,
        )

    def mirrored(self):
        """Let the service look; return the rows of the table, which it must not have stopped, None without one."""
        self.replicator.poll()
        table = self.replicator.tables.get(ORDER)
        assert table is None or table.failure is None, table.failure
        return sorted(table.rows.rows()) if table is not None and table.taken else None

    def findings(self):
        return [str(finding) for finding in lint(self.zone)]

    def files(self):
        """The names of all files of data, those put aside included."""
        found = self.zone.list(ORDER.folder, recursive=True)
        return sorted(name for entry in found if (name := entry.path.rpartition("/")[2]).endswith(".parquet"))


def _toml(value):
    return str(value).lower() if isinstance(value, bool) else repr(value)


@pytest.fixture
def source(tmp_path):
    return Source(tmp_path / "source.db")


@pytest.fixture
def project(tmp_path, source):  # noqa: ARG001 - the project reads it
    return Project(tmp_path).write()


@pytest.fixture
def zone(tmp_path):
    return LocalLake(tmp_path / "zone")


@pytest.fixture
def service(zone):
    return Service(zone)
