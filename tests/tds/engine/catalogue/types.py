"""Types as the catalogue shows them: numbers, lengths, precisions, scales."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tds.contract import DEFAULT_COLLATION, MAX
from tds.engine.values.families import family


if TYPE_CHECKING:
    from tds.contract import SqlType


SYSTEM = {
    "image": (34, 16, 0, 0), "text": (35, 16, 0, 0), "uniqueidentifier": (36, 16, 0, 0), "date": (40, 3, 10, 0),
    "time": (41, 5, 16, 7), "datetime2": (42, 8, 27, 7), "datetimeoffset": (43, 10, 34, 7), "tinyint": (48, 1, 3, 0),
    "smallint": (52, 2, 5, 0), "int": (56, 4, 10, 0), "smalldatetime": (58, 4, 16, 0), "real": (59, 4, 24, 0),
    "money": (60, 8, 19, 4), "datetime": (61, 8, 23, 3), "float": (62, 8, 53, 0), "sql_variant": (98, 8016, 0, 0),
    "ntext": (99, 16, 0, 0), "bit": (104, 1, 1, 0), "decimal": (106, 17, 38, 38), "numeric": (108, 17, 38, 38),
    "smallmoney": (122, 4, 10, 4), "bigint": (127, 8, 19, 0), "varbinary": (165, 8000, 0, 0),
    "varchar": (167, 8000, 0, 0), "binary": (173, 8000, 0, 0), "char": (175, 8000, 0, 0), "timestamp": (189, 8, 0, 0),
    "nvarchar": (231, 8000, 0, 0), "nchar": (239, 8000, 0, 0), "xml": (241, -1, 0, 0),
    "hierarchyid": (240, 892, 0, 0), "geometry": (240, -1, 0, 0), "geography": (240, -1, 0, 0),
}  # fmt: skip
USER_IDS = {"hierarchyid": 128, "geometry": 129, "geography": 130, "sysname": 256}
NAMES = {USER_IDS.get(name, number): name for name, (number, *_) in SYSTEM.items()} | {256: "sysname"}


def user_type_id(type_: SqlType) -> int:
    """Return ``user_type_id``."""
    return USER_IDS.get(type_.name, SYSTEM[type_.name][0])


def measures(type_: SqlType) -> tuple[int, int, int]:
    """Return ``max_length``, ``precision`` and ``scale`` of a column."""
    _, length, precision, scale = SYSTEM[type_.name]
    if type_.precision is not None:
        return _decimal_bytes(type_.precision), type_.precision, type_.scale or 0
    if type_.scale is not None:
        return _time(type_)
    if type_.length is not None:
        wide = type_.name in {"nchar", "nvarchar"} and type_.length != MAX
        return type_.length * (2 if wide else 1), 0, 0
    return length, precision, scale


def _decimal_bytes(precision: int) -> int:
    return next(size for digits, size in ((9, 5), (19, 9), (28, 13), (38, 17)) if precision <= digits)


def _time(type_: SqlType) -> tuple[int, int, int]:
    scale = type_.scale or 0
    least, digits = {"time": (3, 8), "datetime2": (6, 19), "datetimeoffset": (8, 26)}[type_.name]
    more = 0 if scale <= 2 else 1 if scale <= 4 else 2
    return least + more, digits + (scale + 1 if scale else 0), scale


def collation(type_: SqlType) -> str | None:
    """Return ``collation_name``: of texts only."""
    return (type_.collation or DEFAULT_COLLATION) if family(type_) == "text" else None


def written(type_: SqlType) -> str | None:
    """Write a type as ``system_type_name`` does; None for the types of the CLR."""
    if type_.name in USER_IDS:
        return None
    if type_.precision is not None:
        return f"{type_.name}({type_.precision},{type_.scale})"
    if type_.scale is not None:
        return f"{type_.name}({type_.scale})"
    if type_.length is not None:
        return f"{type_.name}({'max' if type_.length == MAX else type_.length})"
    return type_.name
