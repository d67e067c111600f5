"""The columns of a table as the mirrored table will have them, decided before anything is staged."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import polars as pl
from attrs import frozen

from hygge_core.errors import StoreError
from hygge_core.polish.column import column
from hygge_store_openmirroring.row_markers import ROW_MARKER
from hygge_store_openmirroring.types.markers import marker_of, without_marker
from hygge_store_openmirroring.types.rules import becomes, converted


if TYPE_CHECKING:
    from collections.abc import Iterator


F = TypeVar("F", pl.DataFrame, pl.LazyFrame)
_MAX_PRECISION = 38


@frozen(kw_only=True)
class Encoding:
    """How frames become files of a mirrored table. ``source`` are their columns, ``target`` those of the files.

    ``marker`` is the value of the row marker, which is the last column of a file, or the name of the
    frames' column that has it, which neither schema holds; None for files without one.
    """

    source: pl.Schema
    target: pl.Schema
    marker: int | str | None = None

    @property
    def schema(self) -> pl.Schema:
        """The columns of a file, the marker included."""
        marker = {} if self.marker is None else {ROW_MARKER: pl.Int32()}
        return pl.Schema({**self.target, **marker})

    def encode(self, frame: F) -> F:
        """Return the frame as a file has it.

        Raises `UnfitValue`, once it is evaluated, for values that a mirrored table cannot hold.
        """
        values = [converted(column(name), dtype, name).alias(name) for name, dtype in self.source.items()]
        marker = [] if self.marker is None else [marker_of(self.marker)]
        return frame.select(*values, *marker)


def encoding_of(source: pl.Schema, *, marker: int | str | None, where: str) -> Encoding:
    """Decide what becomes of each column. Raises `StoreError` that names every column without a place."""
    if isinstance(marker, str):
        source = without_marker(source, marker, where)
    if faults := list(_faults(source)):
        raise StoreError(
            f"Fabric cannot hold this table: {'; '.join(faults)}", where=where, fix="nothing was staged; change that"
        )
    target = {name: dtype for name, kind in source.items() if isinstance(dtype := becomes(kind), pl.DataType)}
    return Encoding(source=source, target=pl.Schema(target), marker=marker)


def _faults(source: pl.Schema) -> Iterator[str]:
    seen: dict[str, str] = {}
    for name, dtype in source.items():
        if isinstance(said := becomes(dtype), str):
            yield f"column {name!r} {said}"
        if isinstance(dtype, pl.Decimal) and (dtype.precision or _MAX_PRECISION + 1) > _MAX_PRECISION:
            yield f"column {name!r} is a decimal of more than 38 digits"
        if name == ROW_MARKER:
            yield f"column {name!r} has the name of the row marker; set row_marker_column if it is one"
        if seen.setdefault(name.lower(), name) != name:
            yield f"columns {seen[name.lower()]!r} and {name!r} differ in case only"


def demand_fitting(encoding: Encoding, known: pl.Schema, where: str) -> None:
    """Raise `StoreError` for columns that changed their type, even to a wider one; ``known`` are the table's own."""
    there = {name: becomes(dtype) for name, dtype in known.items()}
    lower = {name.lower(): name for name in known}
    changed = [
        f"{name!r} was {there[name]} and is {dtype}"
        for name, dtype in encoding.target.items()
        if there.get(name, dtype) != dtype
    ]
    changed += [
        f"{name!r} was {lower[name.lower()]!r}, which differs in case only"
        for name in encoding.target
        if name not in known and name.lower() in lower
    ]
    if changed:
        raise StoreError(
            f"Fabric takes no change of a column's type, and stops the table for it: {'; '.join(changed)}",
            where=where,
            fix="bring the type back in the source, or make the table anew with `hygge go --full-drop`",
        )
