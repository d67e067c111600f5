"""Old projects, written where a test wants them, and migrated without a process of their own."""

from __future__ import annotations

from contextlib import chdir
from pathlib import Path

import pytest
from attrs import frozen

from hygge_core.migrate.checking import check
from hygge_core.migrate.migration import migrate
from hygge_core.migrate.project import read_project
from hygge_core.plugins import Plugins

from .outcomes import report


@frozen(kw_only=True)
class Told:
    """A migration, what the loader said, and everything that was written or printed."""

    migration: object
    verdict: object
    text: str

    @property
    def remarks(self):
        return {(one.file, one.key): one for one in self.migration.remarks}

    @property
    def toml(self):
        return "\n".join(self.migration.files.values())


@pytest.fixture(scope="session")
def plugins():
    return Plugins.load(environ={})


@pytest.fixture
def old(tmp_path):
    """Write the files of an old project and return its folder; a text alone is a flow named `erp`."""

    def write(files, top="name: sample\n"):
        files = {"flows/erp/flow.yml": files} if isinstance(files, str) else files
        for name, text in ({"hygge.yml": top} | files).items():
            place = tmp_path / "old" / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
        return tmp_path / "old"

    return write


@pytest.fixture
def migrated(old, plugins):
    """Migrate an old project where it lies."""

    def call(files, top="name: sample\n", *, environ=None, into=None):
        folder = old(files, top)
        with chdir(folder.parent):
            migration = migrate(read_project(Path("old")), into or Path("old"), plugins)
            verdict = check(migration, plugins, environ or {})
            text = report(migration, verdict, Path("old"))
        return Told(migration=migration, verdict=verdict, text=text)

    return call
