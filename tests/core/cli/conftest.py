"""Calling the command line as people do: as a program of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

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

    def call(*args, cwd=tmp_path, env=None, encoding="utf-8"):
        return subprocess.run(
            [sys.executable, "-m", "hygge_core", *map(str, args)],
            cwd=cwd,
            env=clean_environment(**(env or {})),
            capture_output=True,
            encoding=encoding,
            timeout=120,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    return call


def start(folder, environment, *args, **streams):
    """Start ``hygge go`` in a folder and return the running process."""
    return subprocess.Popen(
        [sys.executable, "-m", "hygge_core", "go", *args],
        cwd=folder,
        env=clean_environment(**environment),
        stdin=subprocess.DEVNULL,
        encoding="utf-8",
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams},
    )


def wait_for(file, process, seconds=60):
    """Wait until a file is there, as a sign of how far a process is."""
    deadline = time.monotonic() + seconds
    while not file.exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline, f"{file} never came"
        time.sleep(0.02)


@pytest.fixture
def event():
    """Make an event of a kind; ``at`` is in seconds after the start of the run."""

    def make(kind, *, flow="tea", entity="cups", at=0.0, **data):
        moment = datetime.fromtimestamp(START.timestamp() + at, tz=UTC)
        return Event(kind=kind, run="r1", at=moment, flow=flow, entity=entity, data=data)

    return make


@pytest.fixture
def theatre(tmp_path):
    """A project whose one flow, ``play``, reads from a home that plays the given parts, one for each entity.

    Returns its folder; needs the environment of `stage_door`.
    """

    def build(flow="", options="", **parts):
        entities = ", ".join(f'{{ name = "{name}", home = {{ {part} }} }}' for name, part in parts.items())
        text = f'name = "theatre"\n[options]\n{options}\n[flows.play]\n{flow}\n'
        text += 'home = { type = "stage" }\nstore = { type = "parquet", path = "out/{entity}" }\n'
        (tmp_path / "hygge.toml").write_text(f"{text}entities = [{entities}]\n", encoding="utf-8")
        return tmp_path

    return build


@pytest.fixture
def stage_door():
    """The environment in which the actors' plugin is installed."""
    return {"PYTHONPATH": str(Path(__file__).parent / "actors")}
