"""Packages that are installed as a folder on the path, and the command that tries their promises."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


TESTS = Path(__file__).parents[2]


def install(folder, module, source, name="acme-tea"):
    """Install a distribution of one module: the folder has only to be on the path."""
    inside = folder / f"{name.replace('-', '_')}-1.2.dist-info"
    inside.mkdir(parents=True, exist_ok=True)
    inside.joinpath("METADATA").write_text(f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.2\n", "utf-8")
    points = f"[hygge.conformance]\ntea = {module}\n" if module else "[hygge]\ntea = acme_tea\n"
    inside.joinpath("entry_points.txt").write_text(points, "utf-8")
    if module:
        folder.joinpath(f"{module}.py").write_text(source, "utf-8")
    return folder


def environment(*places, **more):
    """The environment with some folders on the path, and without what would change how hygge speaks."""
    spoiling = ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "HYGGE_", "_HYGGE", "COLUMNS", "PYTEST_")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(spoiling)}
    path = os.pathsep.join([*map(str, places), str(TESTS)])
    return {**kept, "PYTHONPATH": path, "PYTHONUTF8": "1", "TERM": "xterm-256color", "COLUMNS": "100", **more}


def command(*args):
    return [sys.executable, "-m", "hygge_core", "conformance", *map(str, args)]


@pytest.fixture
def conformance(tmp_path):
    """Call ``hygge conformance``, with a folder of installed packages on the path."""

    def call(*args, cwd=None, **more):
        return subprocess.run(
            command(*args),
            cwd=cwd or tmp_path,
            env=environment(tmp_path, **more),
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=240,
            stdin=subprocess.DEVNULL,
        )

    return call
