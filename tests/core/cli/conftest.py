"""Calling the command line as people do: as a program of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from hygge_core.engine.events import Event


START = datetime(2024, 11, 5, 20, 15, tzinfo=UTC)


def clean_environment(**more: str) -> dict[str, str]:
    """The environment without what would change how hygge speaks."""
    spoiling = (
        "CI",
        "NO_COLOR",
        "FORCE_COLOR",
        "TTY_COMPATIBLE",
        "PYTHONIOENCODING",
        "HYGGE_",
        "_HYGGE",
        "COLUMNS",
        "LINES",
    )
    kept = {key: value for key, value in os.environ.items() if not key.startswith(spoiling)}
    return {**kept, "PYTHONUTF8": "1", "TERM": "xterm-256color", **more}


@pytest.fixture
def hygge(tmp_path):
    """Call ``hygge`` with arguments in a folder, and return what came of it."""

    def call(*args, cwd=tmp_path, env=None, **options):
        return subprocess.run(
            [sys.executable, "-m", "hygge_core", *map(str, args)],
            cwd=cwd,
            env=clean_environment(**(env or {})),
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
            stdin=subprocess.DEVNULL,
            **options,
        )

    return call


@pytest.fixture
def event():
    """Make an event of a kind; ``at`` is in seconds after the start of the run."""

    def make(kind, *, flow="tea", entity="cups", at=0.0, **data):
        moment = datetime.fromtimestamp(START.timestamp() + at, tz=UTC)
        return Event(kind=kind, run="r1", at=moment, flow=flow, entity=entity, data=data)

    return make
