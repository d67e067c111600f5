"""The journal as a table for Polars, and written to files for other tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hygge_core.errors import UsageError
from hygge_core.journal.lines import FIELDS


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from hygge_core.journal.record import JournalRecord


_DTYPES: dict[str, pl.DataType] = {
    "str": pl.String(),
    "int": pl.Int64(),
    "float": pl.Float64(),
    "bool": pl.Boolean(),
    "datetime": pl.Datetime("us", "UTC"),
}

SCHEMA = pl.Schema({name: _DTYPES[kind] for name, kind in FIELDS.items()})
"""The columns of the journal and their dtypes; no value is null."""

_WRITERS: dict[str, Callable[[pl.DataFrame, Path], None]] = {
    ".parquet": lambda frame, file: frame.write_parquet(file),
    ".csv": lambda frame, file: frame.write_csv(file),
    ".ndjson": lambda frame, file: frame.write_ndjson(file),
}


def frame_of(records: Iterable[JournalRecord]) -> pl.DataFrame:
    """Put records into a frame of `SCHEMA`, in their order."""
    rows = [tuple(getattr(record, name) for name in FIELDS) for record in records]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def write_frame(frame: pl.DataFrame, file: Path) -> None:
    """Write the frame in the format that the file's suffix names. Raises `UsageError` for another one, `OSError`."""
    writer = _WRITERS.get(file.suffix.lower())
    if writer is None:
        raise UsageError(
            f"cannot tell a format from {file.suffix or 'no suffix'!r}",
            where=str(file),
            fix=f"name a file that ends in {', '.join(_WRITERS)}",
        )
    writer(frame, file)
