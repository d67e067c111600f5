"""What a column of a Parquet file means to Fabric: fine, unsure, or nothing at all."""

from __future__ import annotations

from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from hygge_core.parquet.schema import Declared


_MAX_PRECISION = 38
_UNSURE = frozenset({"time", "json", "uuid", "bson", "enum", "float16", "interval"})


def trouble(column: Declared) -> tuple[str, str] | None:
    """Return the code of a rule and what breaks it, None for a column that is sure to work."""
    return _refused(column) or _unsure(column)


def kind(column: Declared) -> str:
    """Name the type, so that two files can be compared."""
    details = {
        "decimal": f"({column.precision},{column.scale})",
        "integer": f"({column.bits}, {'signed' if column.signed else 'unsigned'})",
        "timestamp": f"({column.unit}, {'UTC' if column.utc else 'no zone'})",
        "time": f"({column.unit})",
    }.get(column.logical, "")
    return f"{column.physical or 'nested'} {column.logical}{details}".strip()


def _refused(column: Declared) -> tuple[str, str] | None:
    if column.nested or column.repetition == "repeated":
        return "E15", f"column {column.name!r} is nested; write it as JSON text"
    if column.logical == "null":
        return "E15", f"column {column.name!r} has no type, only nulls; give it the type that it will have"
    if column.logical == "decimal" and (column.precision or 0) > _MAX_PRECISION:
        return "E15", f"column {column.name!r} is a decimal of {column.precision} digits"
    if column.logical == "date" and column.physical != "int32":
        return "E15", f"column {column.name!r} is a date in {column.physical}"
    return None


def _unsure(column: Declared) -> tuple[str, str] | None:
    unsure = (
        (column.logical == "integer" and not column.signed)
        or (column.logical == "timestamp" and (column.unit == "ns" or not column.utc))
        or column.logical in _UNSURE
        or column.physical == "int96"
        or (column.physical == "fixed_len_byte_array" and column.logical != "decimal")
    )
    return ("W01", f"column {column.name!r} is {kind(column)}") if unsure else None
