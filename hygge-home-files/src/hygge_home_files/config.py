"""What a flow may say about a home of files: the keys of its ``home`` table."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, Any, Literal

from attrs import Factory, field, frozen
from attrs.validators import ge, min_len

from hygge_core.schema import SCALAR


if TYPE_CHECKING:
    from attrs import Attribute


BadRows = Literal["fail", "skip", "null"]
"""What happens to a row that cannot be read: stop the table, leave the row out, or null what cannot be read."""

MissingColumns = Literal["error", "null"]
"""What happens when a file lacks a column that the table has."""

ExtraColumns = Literal["error", "ignore", "add"]
"""What happens when a later file has a column that the first does not have."""


def _dtypes(_: object, attribute: Attribute[Any], value: dict[str, str]) -> None:
    for name, text in value.items():
        if not SCALAR.fullmatch(text.strip()):
            message = (
                f"{attribute.name}: {text!r} for {name!r} is not a type that text can be read as; use int64, float64, "
                "string, boolean, date, time, datetime, datetime[us, UTC] or decimal(10, 2)"
            )
            raise ValueError(message)


def _byte(_: object, attribute: Attribute[Any], value: str) -> None:
    if len(value) != 1 or not value.isascii() or value in "\r\n\0":
        message = f"{attribute.name} must be one ASCII character, not {value!r}"
        raise ValueError(message)


def _byte_or_none(instance: object, attribute: Attribute[Any], value: str) -> None:
    if value:
        _byte(instance, attribute, value)


def _text_encoding(_: object, attribute: Attribute[Any], value: str) -> None:
    try:
        known = codecs.lookup(value)
        b"x".decode(known.name, errors="replace")  # turns away codecs that are not about text, such as base64
    except LookupError as error:
        message = f"{attribute.name}: {value!r} is not a text encoding that Python knows; try utf-8, utf-16 or cp1252"
        raise ValueError(message) from error


def _check_place(path: str, connection: str) -> None:
    if "://" in path and not connection:
        message = f'path {path!r} is an address; add connection = "...", the name of the connection that leads there'
        raise ValueError(message)


@frozen(kw_only=True)
class ParquetConfig:
    """The keys of a home of type ``parquet``."""

    path: str = field(validator=min_len(1))
    connection: str = ""
    missing_columns: MissingColumns = "error"
    extra_columns: ExtraColumns = "error"

    def __attrs_post_init__(self) -> None:
        _check_place(self.path, self.connection)


@frozen(kw_only=True)
class CsvConfig:
    """The keys of a home of type ``csv``."""

    path: str = field(validator=min_len(1))
    connection: str = ""
    columns: dict[str, str] = field(default=Factory(dict), validator=_dtypes)
    infer: Literal["all", "strings"] = "all"
    header: bool = True
    names: tuple[str, ...] = ()
    separator: str = field(default=",", validator=_byte)
    quote: str = field(default='"', validator=_byte_or_none)
    encoding: str = field(default="utf-8", validator=_text_encoding)
    null_values: tuple[str, ...] = ()
    comment: str = ""
    skip_rows: int = field(default=0, validator=ge(0))
    decimal_comma: bool = False
    bad_rows: BadRows = "fail"
    missing_columns: MissingColumns = "error"
    extra_columns: ExtraColumns = "error"
    scratch: str = ""

    def __attrs_post_init__(self) -> None:
        _check_place(self.path, self.connection)
        if self.quote == self.separator:
            message = f"quote and separator are both {self.quote!r}; a field could not end"
            raise ValueError(message)
        if len(set(self.names)) != len(self.names):
            message = f"names holds a name twice: {', '.join(self.names)}"
            raise ValueError(message)


@frozen(kw_only=True)
class NdjsonConfig:
    """The keys of a home of type ``ndjson``."""

    path: str = field(validator=min_len(1))
    connection: str = ""
    columns: dict[str, str] = field(default=Factory(dict), validator=_dtypes)
    encoding: str = field(default="utf-8", validator=_text_encoding)
    bad_rows: BadRows = "fail"
    scratch: str = ""

    def __attrs_post_init__(self) -> None:
        _check_place(self.path, self.connection)
