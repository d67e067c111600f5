"""The table of types: every type of SQL Server, the dtype it becomes, and how its values are selected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from hygge_core import HomeError
from hygge_home_mssql.types.column import MAX
from hygge_home_mssql.types.crossing import Crossing


if TYPE_CHECKING:
    from collections.abc import Callable

    from hygge_home_mssql.types.column import Column
    from hygge_home_mssql.types.options import Options


_BELOW_MICROSECONDS = 7
_MOMENT = "datetime[us]"
_INSTANT = "datetime[us, UTC]"


def crossing_of(column: Column, options: Options) -> Crossing:
    """Find how the values of a column cross. Raises `HomeError` for a type that has no dtype, with the way out."""
    rule = _TYPES.get(column.type)
    if rule is None:
        raise _refusal(column)
    crossing = rule if isinstance(rule, Crossing) else rule(column, options)
    return _for_fabric(crossing) if options.profile == "fabric" else crossing


def is_long(column: Column) -> bool:
    """Say whether a single value may be larger than a few kilobytes, so that memory must be bounded by bytes."""
    return column.length == MAX or column.type in _LONG


def _text(column: Column, _: Options) -> Crossing:
    """Select the bytes of long texts: mssql-python 1.16 never comes back from one that begins with a zero character."""
    if column.type == "nvarchar" and column.length != MAX:
        return _STRING
    sql = (
        "CAST({} AS varbinary(max))"
        if column.type == "nvarchar"
        else "CAST(CAST({} AS nvarchar(max)) AS varbinary(max))"
    )
    return Crossing(dtype="string", sql=sql, arrives="binary", finish="utf_16")


def _decimal(column: Column, _: Options) -> Crossing:
    return Crossing(dtype=f"decimal({column.precision}, {column.scale})")


def _time(column: Column, options: Options) -> Crossing:
    """Select text: drivers keep the microsecond or the second of a time, Polars the nanosecond."""
    sql = f"CONVERT(varchar({8 + _fraction(column.scale)}), {{}}, 121)"
    if options.profile == "fabric":  # Delta has no times of day
        return Crossing(dtype="string", sql=sql)
    return Crossing(dtype="time", sql=sql, arrives="string", finish="clock")


def _datetime2(column: Column, options: Options) -> Crossing:
    """Select text where there may be a seventh digit: drivers cut it off, which is right for ``truncate`` only."""
    if column.scale < _BELOW_MICROSECONDS:
        return Crossing(dtype=_MOMENT)
    if options.on_100ns == "truncate":
        return Crossing(dtype=_MOMENT, exact=False)
    sql = "CONVERT(varchar(27), {}, 121)"
    if options.on_100ns == "text":
        return Crossing(dtype="string", sql=sql)
    dtype = "datetime[ns]" if options.on_100ns == "ns" else _MOMENT
    return Crossing(dtype=dtype, sql=sql, arrives="string", finish="moment")


def _datetimeoffset(column: Column, options: Options) -> Crossing:
    """Select text: one driver has no type for it, the other loses the offset and the seventh digit."""
    below = column.scale == _BELOW_MICROSECONDS
    sql = f"CONVERT(varchar({26 + _fraction(column.scale)}), {{}}, 121)"
    if options.datetimeoffset == "text" or (below and options.on_100ns == "text"):
        return Crossing(dtype="string", sql=sql)
    dtype = "datetime[ns, UTC]" if below and options.on_100ns == "ns" else _INSTANT
    exact = not (below and options.on_100ns == "truncate")
    return Crossing(dtype=dtype, sql=sql, arrives="string", finish="instant", exact=exact)


def _rowversion(_: Column, options: Options) -> Crossing:
    if options.rowversion == "bytes":
        return _BINARY
    return Crossing(dtype="uint64", arrives="binary", finish="big_endian")


def _spatial(_: Column, options: Options) -> Crossing:
    """Write a shape as well-known text with Z and M, or give the server's own bytes, which keep the SRID too."""
    return _SERIALIZED if options.spatial == "bytes" else Crossing(dtype="string", sql="{}.ToString()")


def _hierarchyid(_: Column, options: Options) -> Crossing:
    if options.spatial == "bytes":
        return Crossing(dtype="binary", sql="CAST({} AS varbinary(892))")
    return Crossing(dtype="string", sql="CAST({} AS nvarchar(4000))")


def _fraction(scale: int) -> int:
    return scale + 1 if scale else 0


def _for_fabric(crossing: Crossing) -> Crossing:
    """Change what the landing zone of Fabric does not take: unsigned numbers, and moments that name no zone."""
    dtype = _FABRIC.get(crossing.dtype)
    return crossing if dtype is None else evolve(crossing, dtype=dtype, arrives=crossing.arriving)


def _refusal(column: Column) -> HomeError:
    if column.type == "sql_variant":
        what = "is a sql_variant, whose values have no common type"
        fix = f'read the table by a query with CAST([{column.name}] AS nvarchar(4000)), or leave it out by "columns"'
    else:
        what = f"has the type {column.type!r}, which hygge does not know"
        fix = f'read the table by a query that casts [{column.name}] to another type, or leave it out by "columns"'
    return HomeError(f"column {column.name!r} {what}", fix=fix)


_STRING = Crossing(dtype="string")
_BINARY = Crossing(dtype="binary")
_SERIALIZED = Crossing(dtype="binary", sql="CAST({} AS varbinary(max))")
_AS_TEXT = Crossing(dtype="string", sql="CAST({} AS nvarchar(max))")

_TYPES: dict[str, Crossing | Callable[[Column, Options], Crossing]] = {
    "bit": Crossing(dtype="boolean"),
    "tinyint": Crossing(dtype="uint8"),
    "smallint": Crossing(dtype="int16"),
    "int": Crossing(dtype="int32"),
    "bigint": Crossing(dtype="int64"),
    "decimal": _decimal,
    "money": Crossing(dtype="decimal(19, 4)"),
    "smallmoney": Crossing(dtype="decimal(10, 4)"),
    "real": Crossing(dtype="float32"),
    "float": Crossing(dtype="float64"),
    "date": Crossing(dtype="date"),
    "time": _time,
    "datetime": Crossing(dtype=_MOMENT),
    "smalldatetime": Crossing(dtype=_MOMENT),
    "datetime2": _datetime2,
    "datetimeoffset": _datetimeoffset,
    "char": _STRING,
    "varchar": _STRING,
    "text": _STRING,
    "nchar": _STRING,
    "nvarchar": _text,
    "ntext": _text,
    "xml": _AS_TEXT,
    "json": _AS_TEXT,
    "vector": _AS_TEXT,
    "binary": _BINARY,
    "varbinary": _BINARY,
    "image": _BINARY,
    "rowversion": _rowversion,
    "uniqueidentifier": Crossing(dtype="string", sql="CAST({} AS char(36))"),
    "hierarchyid": _hierarchyid,
    "geography": _spatial,
    "geometry": _spatial,
}

_LONG = frozenset({"text", "ntext", "image", "xml", "json", "vector", "geography", "geometry"})

_FABRIC = {"uint8": "int16", "uint64": "decimal(20, 0)", _MOMENT: _INSTANT}
