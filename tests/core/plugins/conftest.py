from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import distributions
from pathlib import Path

import pytest

from hygge_core import Part, Staged, Table, TableRun
from hygge_core.plugins import Plugins


FAKES = Path(__file__).parents[2] / "plugins"


def _forget_acme():
    for name in [name for name in sys.modules if name.startswith("acme_")]:
        del sys.modules[name]


@pytest.fixture
def installed(monkeypatch):
    """Put the named folders of tests/plugins on sys.path, the first one first."""

    def install(*folders):
        for folder in reversed(folders):
            monkeypatch.syspath_prepend(str(FAKES / folder))
        return [str(FAKES / folder) for folder in folders]

    yield install
    _forget_acme()


@pytest.fixture
def load(installed):
    """Load the plugins of the named folders, and no others."""

    def load_from(*folders, disabled=(), environ=None):
        paths = installed(*folders)
        entry_points = [point for found in distributions(path=paths) for point in found.entry_points]
        return Plugins.load(disabled=disabled, environ=environ or {}, entry_points=entry_points)

    return load_from


@pytest.fixture
def run():
    return TableRun(id="r1", flow="erp", entity="Order", started=datetime(2026, 11, 20, tzinfo=UTC))


@pytest.fixture
def staged(run):
    def of_rows(rows):
        part = Part(name="a", staged="b", rows=rows, size=1, checksum="sha256:00")
        return Staged(table=Table(name="Order"), run=run, parts=(part,))

    return of_rows


@pytest.fixture
def hygge(tmp_path):
    """Run Python in a process of its own, in an empty folder, with these plugins beside the real ones."""

    def run_python(*args, folders=(), **environ):
        inherited = os.environ.get("PYTHONPATH", "").split(os.pathsep)
        paths = os.pathsep.join([*(str(FAKES / folder) for folder in folders), *filter(None, inherited)])
        environment = {k: v for k, v in os.environ.items() if not k.startswith("HYGGE_")}
        environment |= {"PYTHONPATH": paths, "PYTHONUTF8": "1", "COLUMNS": "80", **environ}
        return subprocess.run(
            [sys.executable, *args],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )

    return run_python
