"""Opening a lake on the local disk from plain data; child processes import this and nothing of the kit."""

from __future__ import annotations

from pathlib import Path

from hygge_core.lakes.local import LocalLake


def open_lake(place):
    return LocalLake(Path(place))
