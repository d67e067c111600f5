"""How a Parquet file declares its columns: physical type, logical type, and whether a value may be missing.

Polars shows what it makes of a column; a strict reader, such as a mirrored database, also minds how it was
written.  The numbers of the fields are those of ``SchemaElement`` and ``LogicalType`` in parquet.thrift.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO, Literal

from attrs import frozen

from hygge_core.parquet.footer import parsed


if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygge_core.parquet.thrift import Compact


Repetition = Literal["required", "optional", "repeated"]

_SCHEMA = 2
_CONVERTED_TYPE, _LOGICAL_TYPE = 6, 10
_PHYSICAL = ("boolean", "int32", "int64", "int96", "float", "double", "byte_array", "fixed_len_byte_array")
_REPETITIONS: tuple[Repetition, ...] = ("required", "optional", "repeated")
_LOGICAL = {
    1: "string",
    2: "map",
    3: "list",
    4: "enum",
    5: "decimal",
    6: "date",
    7: "time",
    8: "timestamp",
    10: "integer",
    11: "null",
    12: "json",
    13: "bson",
    14: "uuid",
    15: "float16",
    16: "variant",
    17: "geometry",
    18: "geography",
}
_UNITS = {1: "ms", 2: "us", 3: "ns"}
_CONVERTED: dict[int, tuple[str, dict[str, Any]]] = {  # of older files
    0: ("string", {}),
    1: ("map", {}),
    2: ("map", {}),
    3: ("list", {}),
    4: ("enum", {}),
    5: ("decimal", {}),
    6: ("date", {}),
    7: ("time", {"unit": "ms", "utc": True}),
    8: ("time", {"unit": "us", "utc": True}),
    9: ("timestamp", {"unit": "ms", "utc": True}),
    10: ("timestamp", {"unit": "us", "utc": True}),
    11: ("integer", {"bits": 8, "signed": False}),
    12: ("integer", {"bits": 16, "signed": False}),
    13: ("integer", {"bits": 32, "signed": False}),
    14: ("integer", {"bits": 64, "signed": False}),
    15: ("integer", {"bits": 8, "signed": True}),
    16: ("integer", {"bits": 16, "signed": True}),
    17: ("integer", {"bits": 32, "signed": True}),
    18: ("integer", {"bits": 64, "signed": True}),
    19: ("json", {}),
    20: ("bson", {}),
    21: ("interval", {}),
}


@frozen(kw_only=True)
class Declared:
    """One column at the top of a file's schema.

    ``physical`` and ``logical`` are the format's own names in lower case, ``logical`` empty
    where the file states none; ``nested`` columns (lists, maps, structs) have no physical type.
    ``bits`` and ``signed`` describe integers, ``precision`` and ``scale`` decimals, ``unit`` (ms, us or ns)
    and ``utc`` times and timestamps.
    """

    name: str
    repetition: Repetition
    physical: str = ""
    logical: str = ""
    nested: bool = False
    length: int | None = None
    bits: int | None = None
    signed: bool = True
    precision: int | None = None
    scale: int | None = None
    unit: str = ""
    utc: bool = False


def read_schema(file: BinaryIO) -> tuple[Declared, ...]:
    """Read the columns of an open file. Raises `ValueError` that says what is wrong with it."""
    return parsed(file, lambda thrift: tuple(_columns(_elements(thrift))))


def _elements(thrift: Compact) -> list[dict[int, Any]]:
    elements: list[dict[int, Any]] = thrift.struct(until=_SCHEMA)[_SCHEMA]
    return elements


def _columns(elements: list[dict[int, Any]]) -> Iterator[Declared]:
    """Yield the children of the root; the list holds the tree depth first."""
    at = 1
    for _ in range(elements[0].get(5) or 0):
        yield _declared(elements[at])
        at = _after(elements, at)


def _after(elements: list[dict[int, Any]], at: int) -> int:
    """Return where the element after this one and all below it stands."""
    following = at + 1
    for _ in range(elements[at].get(5) or 0):
        following = _after(elements, following)
    return following


def _declared(element: dict[int, Any]) -> Declared:
    logical, details = _logical(element)
    precision = {name: element[field] for field, name in ((7, "scale"), (8, "precision")) if field in element}
    return Declared(
        name=element[4].decode(),
        repetition=_REPETITIONS[element[3]],
        physical=_PHYSICAL[element[1]] if 1 in element else "",
        logical=logical,
        nested=1 not in element,
        length=element.get(2),
        **({"scale": 0} | precision | details if logical == "decimal" else details),
    )


def _logical(element: dict[int, Any]) -> tuple[str, dict[str, Any]]:
    if element.get(_LOGICAL_TYPE):
        ((number, said),) = element[_LOGICAL_TYPE].items()
        return _LOGICAL.get(number, f"type {number}"), _details(number, said)
    return _CONVERTED[element[_CONVERTED_TYPE]] if _CONVERTED_TYPE in element else ("", {})


def _details(number: int, said: dict[int, Any]) -> dict[str, Any]:
    name = _LOGICAL.get(number)
    if name == "decimal":
        return {"scale": said[1], "precision": said[2]}
    if name in {"time", "timestamp"}:
        return {"utc": said[1], "unit": _UNITS[next(iter(said[2]))]}
    if name == "integer":
        return {"bits": said[1], "signed": said[2]}
    return {}
