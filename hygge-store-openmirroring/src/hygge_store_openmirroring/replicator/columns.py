"""The columns that a mirrored table takes from files: their Delta types, and when a file does not fit them.

What Microsoft documents is taken; what nobody documents (unsigned integers, times, nanoseconds,
nested types) stops the table, so that nobody comes to rely on it here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl
from attrs import frozen

from hygge_store_openmirroring.replicator.refusal import Refusal


if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hygge_core.parquet.schema import Declared
    from hygge_store_openmirroring.metadata import TextColumn


_DECIMAL = re.compile(r"decimal\((\d+),(\d+)\)")
_MAX_PRECISION = 38
_INTEGERS = {8: "byte", 16: "short", 32: "integer", 64: "long"}
_PLAIN = {
    "boolean": "boolean",
    "int32": "integer",
    "int64": "long",
    "float": "float",
    "double": "double",
    "byte_array": "binary",
}
_DTYPES: dict[str, pl.DataType] = {
    "boolean": pl.Boolean(),
    "byte": pl.Int8(),
    "short": pl.Int16(),
    "integer": pl.Int32(),
    "long": pl.Int64(),
    "float": pl.Float32(),
    "double": pl.Float64(),
    "string": pl.String(),
    "binary": pl.Binary(),
    "date": pl.Date(),
    "timestamp": pl.Datetime("us", "UTC"),
    "timestamp_ntz": pl.Datetime("us"),
}
_DELIMITED = {
    "Double": "double",
    "Single": "float",
    "Int16": "short",
    "Int32": "integer",
    "Int64": "long",
    "DateTime": "timestamp_ntz",
    "IDate": "date",
    "ITime": "string",
    "String": "string",
    "Boolean": "boolean",
    "ByteArray": "binary",
}


@frozen
class MirrorColumn:
    """A column of a mirrored table: a Delta type by its name, such as ``decimal(18,2)``, and its nullability."""

    name: str
    delta: str
    nullable: bool = True

    @property
    def dtype(self) -> pl.DataType:
        """The Polars type that holds its values."""
        decimal = _DECIMAL.fullmatch(self.delta)
        return pl.Decimal(int(decimal[1]), int(decimal[2])) if decimal else _DTYPES[self.delta]

    def __str__(self) -> str:
        return f"{self.name} ({self.delta} Nullable:{self.nullable})"


def of_parquet(declared: Iterable[Declared]) -> list[MirrorColumn]:
    """Say what the service makes of a file's columns. Raises `Refusal` for one that it makes nothing of."""
    return [MirrorColumn(column.name, _delta(column), column.repetition == "optional") for column in declared]


def of_delimited(declared: Iterable[TextColumn]) -> list[MirrorColumn]:
    """Say what the service makes of declared columns of text."""
    return [MirrorColumn(column.name, _DELIMITED[column.data_type], column.nullable) for column in declared]


def united(known: Mapping[str, MirrorColumn], file: Sequence[MirrorColumn]) -> dict[str, MirrorColumn]:
    """Return the columns of a table after a file: those known, and new ones behind them.

    Raises `Refusal` when the file changes a type or a nullability, repeats a name in another case, or
    leaves out a column that is not nullable.
    """
    _no_twins([*known.values(), *file])
    here = {column.name for column in file}
    for column in file:
        before = known.get(column.name, column)
        if before != column:
            raise Refusal(
                "SchemaMergeFailure", f"Type mismatch for column. Incoming type: {column}, existing type: {before}"
            )
        if known and column.name not in known and not column.nullable:
            raise Refusal("SchemaMergeFailure", f"New column {column} is not nullable")
    for column in known.values():
        if column.name not in here and not column.nullable:
            raise Refusal("SchemaMergeFailure", f"Column {column} is missing")
    return {**known, **{column.name: column for column in file}}


def _no_twins(columns: Iterable[MirrorColumn]) -> None:
    seen: dict[str, str] = {}
    for column in columns:
        if seen.setdefault(column.name.lower(), column.name) != column.name:
            raise Refusal(
                "InputValidationError", f"Columns {column.name} and {seen[column.name.lower()]} differ in case only"
            )


def _delta(column: Declared) -> str:
    if column.nested or column.repetition == "repeated":
        raise _unsupported(column, "nested columns must come as JSON text")
    if column.logical == "decimal" and (column.precision or 0) > _MAX_PRECISION:
        raise _unsupported(column, "a decimal holds at most 38 digits")
    known = {
        "": _PLAIN.get(column.physical),
        "string": "string",
        "date": "date" if column.physical == "int32" else None,
        "integer": _INTEGERS.get(column.bits or 0) if column.signed else None,
        "decimal": f"decimal({column.precision},{column.scale})",
        "timestamp": _timestamp(column),
        "null": "integer",  # an all-null column lies as INT32, which is then the type of the table's column
    }.get(column.logical)
    if known is None:
        raise _unsupported(column, "no document says what becomes of it")
    return known


def _timestamp(column: Declared) -> str | None:
    if column.unit == "ns":
        return None
    return "timestamp" if column.utc else "timestamp_ntz"


def _unsupported(column: Declared, why: str) -> Refusal:
    kind = f"{column.physical or 'nested'} {column.logical}".strip()
    return Refusal("UnsupportedType", f"Column {column.name} of type {kind} is not supported: {why}")
