"""Keeping a mirrored database in a folder between polls of different processes: a Parquet file and a note a table."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import attrs
import cattrs
import polars as pl

from hygge_store_openmirroring.landing_zone import TableName
from hygge_store_openmirroring.metadata import Metadata
from hygge_store_openmirroring.replicator.columns import MirrorColumn
from hygge_store_openmirroring.replicator.table import Failure, MirroredTable


if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


DEFAULT_SCHEMA = "dbo"
_ROWS, _NOTE = "rows.parquet", "replica.json"


def folder_of(root: Path, name: TableName) -> Path:
    """Return the folder of a table: ``<schema>/<table>`` below the root, as OneLake shows it below ``Tables``."""
    return root / (name.schema or DEFAULT_SCHEMA) / name.table


def save(root: Path, table: MirroredTable) -> None:
    """Write a table; its note comes last, so that a reader never sees a note without its rows."""
    folder = folder_of(root, table.name)
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f"{_ROWS}.unfinished"
    table.rows.write_parquet(unfinished)
    unfinished.replace(folder / _ROWS)
    said = {field.name: getattr(table, field.name) for field in attrs.fields(MirroredTable) if field.name != "rows"}
    note = folder / f"{_NOTE}.unfinished"
    note.write_text(json.dumps(cattrs.unstructure(said), ensure_ascii=False, indent=1), "utf-8")
    note.replace(folder / _NOTE)


def load(root: Path) -> Iterator[MirroredTable]:
    """Read what was saved."""
    for note in sorted(root.glob(f"*/*/{_NOTE}")):
        said: dict[str, Any] = json.loads(note.read_text("utf-8"))
        yield MirroredTable(
            name=cattrs.structure(said["name"], TableName),
            identity=said["identity"],
            last=said["last"],
            metadata=cattrs.structure(said["metadata"], Metadata | None),  # type: ignore[arg-type] # cattrs takes unions
            columns=cattrs.structure(said["columns"], dict[str, MirrorColumn]),
            rows=pl.read_parquet(note.with_name(_ROWS)),
            taken=said["taken"],
            failure=cattrs.structure(said["failure"], Failure | None),  # type: ignore[arg-type] # the same
        )


def forget(root: Path, name: TableName) -> None:
    """Delete a table that was dropped."""
    folder = folder_of(root, name)
    for file in (_NOTE, _ROWS):
        (folder / file).unlink(missing_ok=True)
    if folder.is_dir():
        folder.rmdir()
