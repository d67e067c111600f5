"""Dtypes as text, exactly: what commit records keep and what users write for ``columns``.

The text is what a person would write: ``int64``, ``datetime[us, UTC]``,
``decimal(38, 10)``, ``list[string]``, ``struct{"a": int8, "b": date}``.  `dtype_of`
reads what `text_of` writes, for every dtype of Polars but ``Object`` and extensions.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from hygge_core.commit import Column


if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl
    from polars.datatypes import DataTypeClass


SCALAR = re.compile(
    r"u?int(8|16|32|64)|int|float(32|64)|float|string|str|text|boolean|bool|date|time"
    r"|datetime(\[(ms|us|ns)(, *[A-Za-z0-9_+\-/:]+)?\])?|decimal\(\d{1,2}(, *\d{1,2})?\)"
)
"""The dtypes that one text can be read as by `hygge_core.texts`, for checks that must not load Polars."""

_ATOMS = {
    name.lower(): name
    for name in (
        *("Int8", "Int16", "Int32", "Int64", "Int128", "UInt8", "UInt16", "UInt32", "UInt64", "UInt128"),
        *("Float16", "Float32", "Float64", "Boolean", "String", "Binary", "Date", "Time", "Categorical", "Null"),
    )
}
_WORDS = {"bool": "boolean", "str": "string", "text": "string", "bytes": "binary", "float": "float64", "int": "int64"}
_TOKEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[A-Za-z0-9_+\-/:]+|[\[\](){},])')
_UNITS = ("ms", "us", "ns")


def columns_of(schema: pl.Schema) -> tuple[Column, ...]:
    """Turn a schema into plain data for a commit record."""
    return tuple(Column(name=name, dtype=text_of(dtype)) for name, dtype in schema.items())


def schema_of(columns: Iterable[Column]) -> pl.Schema:
    """Turn the plain data of a commit record back into a schema."""
    import polars as pl

    return pl.Schema({column.name: dtype_of(column.dtype) for column in columns})


def text_of(dtype: pl.DataType) -> str:  # noqa: PLR0911 - one return for each kind of dtype
    """Write a dtype as text. Raises `TypeError` for ``Object``, extension and unknown dtypes."""
    import polars as pl

    match dtype:
        case pl.Datetime(time_unit=unit, time_zone=zone):
            return f"datetime[{unit}, {zone}]" if zone else f"datetime[{unit}]"
        case pl.Duration(time_unit=unit):
            return f"duration[{unit}]"
        case pl.Decimal(precision=precision, scale=scale):
            return f"decimal({precision}, {scale})"
        case pl.Enum(categories=categories):
            return f"enum[{', '.join(_quoted(name) for name in categories.to_list())}]"
        case pl.List(inner=inner):
            return f"list[{text_of(_instance(inner))}]"
        case pl.Array(inner=inner, size=size):
            return f"array[{text_of(_instance(inner))}, {size}]"
        case pl.Map(key=key, value=value):
            return f"map[{text_of(_instance(key))}, {text_of(_instance(value))}]"
        case pl.Struct(fields=fields):
            inside = ", ".join(f"{_quoted(field.name)}: {text_of(_instance(field.dtype))}" for field in fields)
            return f"struct{{{inside}}}"
    name = type(dtype).__name__
    if _ATOMS.get(name.lower()) != name:
        message = f"a column of dtype {dtype} cannot be kept in a store"
        raise TypeError(message)
    return name.lower()


def dtype_of(text: str) -> pl.DataType:
    """Read a dtype from text; upper and lower case are alike. Raises `ValueError` that says what is wrong."""
    return _Reader(text).whole()


def _quoted(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)


def _instance(dtype: pl.DataType | DataTypeClass) -> pl.DataType:
    return dtype() if isinstance(dtype, type) else dtype


class _Reader:
    """Reads one dtype by recursive descent."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0

    def whole(self) -> pl.DataType:
        dtype = self.dtype()
        if self.text[self.position :].strip():
            raise self.fault()
        return dtype

    def dtype(self) -> pl.DataType:
        import polars as pl

        word = self.token().lower()
        word = _WORDS.get(word, word)
        if atom := _ATOMS.get(word):
            kind: type[pl.DataType] = getattr(pl, atom)
            return kind()
        nested = {
            "datetime": self.datetime,
            "duration": self.duration,
            "decimal": self.decimal,
            "enum": self.enum,
            "list": self.list,
            "array": self.array,
            "map": self.map,
            "struct": self.struct,
        }.get(word)
        if nested is None:
            raise self.fault()
        return nested()

    def datetime(self) -> pl.DataType:
        import polars as pl

        if not self.skip("["):
            return pl.Datetime("us")
        unit = self.unit()
        zone = self.token() if self.skip(",") else None
        self.expect("]")
        return pl.Datetime(unit, zone)  # type: ignore[arg-type] # unit() returns one of the three

    def duration(self) -> pl.DataType:
        import polars as pl

        if not self.skip("["):
            return pl.Duration("us")
        unit = self.unit()
        self.expect("]")
        return pl.Duration(unit)  # type: ignore[arg-type] # unit() returns one of the three

    def decimal(self) -> pl.DataType:
        import polars as pl

        self.expect("(")
        precision = self.number()
        scale = self.number() if self.skip(",") else 0
        self.expect(")")
        return pl.Decimal(precision, scale)

    def enum(self) -> pl.DataType:
        import polars as pl

        self.expect("[")
        names: list[str] = []
        while not self.skip("]"):
            names.append(self.quoted())
            self.skip(",")
        return pl.Enum(names)

    def list(self) -> pl.DataType:
        import polars as pl

        self.expect("[")
        inner = self.dtype()
        self.expect("]")
        return pl.List(inner)

    def array(self) -> pl.DataType:
        import polars as pl

        self.expect("[")
        inner = self.dtype()
        self.expect(",")
        size = self.number()
        self.expect("]")
        return pl.Array(inner, size)

    def map(self) -> pl.DataType:
        import polars as pl

        self.expect("[")
        key = self.dtype()
        self.expect(",")
        value = self.dtype()
        self.expect("]")
        return pl.Map(key, value)

    def struct(self) -> pl.DataType:
        import polars as pl

        self.expect("{")
        fields: list[pl.Field] = []
        while not self.skip("}"):
            name = self.quoted()
            if not self.skip(":"):
                raise self.fault()
            fields.append(pl.Field(name, self.dtype()))
            self.skip(",")
        return pl.Struct(fields)

    def unit(self) -> str:
        unit = self.token()
        if unit not in _UNITS:
            raise self.fault()
        return unit

    def number(self) -> int:
        token = self.token()
        if not token.isdigit():
            raise self.fault()
        return int(token)

    def quoted(self) -> str:
        token = self.token()
        if not token.startswith('"'):
            raise self.fault()
        name: str = json.loads(token)
        return name

    def token(self) -> str:
        match = _TOKEN.match(self.text, self.position)
        if match is None:
            raise self.fault()
        self.position = match.end()
        return match[1]

    def skip(self, token: str) -> bool:
        match = _TOKEN.match(self.text, self.position)
        if match is None or match[1] != token:
            return False
        self.position = match.end()
        return True

    def expect(self, token: str) -> None:
        if not self.skip(token):
            raise self.fault()

    def fault(self) -> ValueError:
        return ValueError(f"{self.text!r} is not a dtype (read as far as character {self.position})")
