"""Compare a CSV file with the Parquet table that came of it, value for value.

The CSV is read with the standard library, so nothing that hygge uses can hide a mistake of hygge.
"""

from __future__ import annotations

import csv
import io
import zipfile
from contextlib import contextmanager
from datetime import datetime
from itertools import islice, zip_longest
from typing import TYPE_CHECKING, Any

import polars as pl
from attrs import frozen


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


NULLS = ("", "NA")
ADDED = ("flight_id", "loaded_at")
SHOWN = 5


@frozen(kw_only=True)
class Comparison:
    """How many rows are on either side, how many values were compared, and the first few that differ."""

    source_rows: int
    table_rows: int
    values: int
    differences: tuple[str, ...]

    @property
    def equal(self) -> bool:
        """Whether both sides hold the same rows, and any at all."""
        return self.source_rows == self.table_rows > 0 and not self.differences


def compare(source: Path, table: Path) -> Comparison:
    """Read both sides to their end, in order, leaving aside the columns that hygge adds."""
    frame = pl.read_parquet(sorted(table.glob("*.parquet")))
    frame = frame.drop(name for name in ADDED if name in frame.columns)
    with opened(source) as lines:
        header, *rows = csv.reader(lines)
    differences = [f"columns {header} became {frame.columns}"] if header != frame.columns else []
    differences += islice(differing(rows, frame), 0 if differences else SHOWN)
    return Comparison(
        source_rows=len(rows),
        table_rows=frame.height,
        values=sum(map(len, rows)),
        differences=tuple(differences),
    )


def differing(rows: list[list[str]], frame: pl.DataFrame) -> Iterator[str]:
    """Go through both sides to their end and describe each row that is not the same on both."""
    parsers = [parser(dtype) for dtype in frame.dtypes]
    for number, (texts, row) in enumerate(zip_longest(rows, frame.iter_rows(), fillvalue=()), start=1):
        if tuple(parse(text) for parse, text in zip(parsers, texts, strict=False)) != row:
            yield f"row {number}: {texts} became {row}"


@contextmanager
def opened(source: Path) -> Iterator[io.TextIOBase]:
    """Open the file, or the one member of a zip archive, as text."""
    if source.suffix != ".zip":
        with source.open(encoding="utf-8", newline="") as lines:
            yield lines
        return
    with zipfile.ZipFile(source) as archive, archive.open(archive.namelist()[0]) as member:
        yield io.TextIOWrapper(member, "utf-8", newline="")


def parser(dtype: pl.DataType) -> Callable[[str], Any]:
    """Return what turns a text of the CSV into the value that a column of this type must hold."""
    known: dict[Any, Callable[[str], Any]] = {
        pl.Int64: int,
        pl.Float64: float,
        pl.String: str,
        pl.Datetime: datetime.fromisoformat if getattr(dtype, "time_zone", None) else naive,
    }
    convert = known[dtype.base_type()]
    return lambda text: None if text in NULLS else convert(text)


def naive(text: str) -> datetime:
    """Read a time in UTC for a column without a time zone."""
    return datetime.fromisoformat(text).replace(tzinfo=None)
