"""Which columns a mirrored table has: those of all files since it was last made anew.

A mirrored database unites the columns of all files and never forgets one, so a column that left the source and
comes back must have the type that it had.  The union follows from the commit records; a note beside
them saves reading all of them in every run.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hygge_core.commit import Column
from hygge_core.schema import columns_of, schema_of


if TYPE_CHECKING:
    import polars as pl

    from hygge_core.commit import CommitRecord
    from hygge_core.lake import Lake
    from hygge_core.staging.history import History
    from hygge_core.staging.place import Place


def known_columns(history: History) -> pl.Schema:
    """Return the columns that the table has by its source's dtypes, empty before the first commit."""
    found: dict[str, Column] = {}
    sequence, noted = _read(history.lake, history.place)
    for record in history.newest():
        if record.sequence <= sequence:
            found = {**{column.name: column for column in noted}, **found}
            break
        found = {**_columns(record), **found}
        if record.table.mode == "replace":
            break
    return schema_of(found.values())


def remember(history: History) -> None:
    """Note the union after a commit, for the next run."""
    last = history.last_sequence()
    said = {"sequence": last, "columns": [[column.name, column.dtype] for column in columns_of(known_columns(history))]}
    history.lake.put(_note(history.place), json.dumps(said, ensure_ascii=False).encode())


def _columns(record: CommitRecord) -> dict[str, Column]:
    return {column.name: column for column in record.table.columns}


def _read(lake: Lake, place: Place) -> tuple[int, tuple[Column, ...]]:
    if lake.stat(_note(place)) is None:
        return 0, ()
    said = json.loads(lake.read(_note(place)))
    return said["sequence"], tuple(Column(name=name, dtype=dtype) for name, dtype in said["columns"])


def _note(place: Place) -> str:
    return f"{place.state}/columns.json"
