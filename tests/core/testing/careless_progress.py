"""Stores of files that let rows and watermark part ways; child processes import this by name."""

from __future__ import annotations

from pathlib import Path

from hygge_core.lakes.local import LocalLake
from hygge_core.staging.history import History
from hygge_core.staging.layout import FolderLayout
from hygge_core.staging.options import FileOptions
from hygge_core.staging.store import FileStore
from hygge_core.testing.crash import Subject


class MarksFirst(FolderLayout):
    """Ends the record before the rows are there."""

    def publish(self, lake, place, record, *, deep, check):
        History(lake, place).end(record)
        super().publish(lake, place, record, deep=deep, check=check)


class MarksLater(FolderLayout):
    """Forgets the record while the rows come, and writes it anew when they are there."""

    def publish(self, lake, place, record, *, deep, check):
        pending = lake.read(place.pending)
        lake.delete(place.pending)
        super().publish(lake, place, record, deep=deep, check=check)
        lake.put(place.pending, pending)


def marks_first(place, shim):
    return _open(place, shim, MarksFirst())


def marks_later(place, shim):
    return _open(place, shim, MarksLater())


def _open(place, shim, layout):
    return FileStore(shim(LocalLake(Path(place))), path="{entity}", layout=layout, options=FileOptions())


def subject(opener):
    return Subject(
        open=f"core.testing.careless_progress:{opener}",
        read="parquet.parquet_subject:read_folder",
        leftovers="parquet.parquet_subject:leftovers",
    )
