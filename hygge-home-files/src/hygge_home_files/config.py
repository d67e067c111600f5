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

_CONNECTION_TEXT = "The connection to the lake that holds the files; without it they are on this machine."
_PATH_TEXT = "Which files: one, a folder, or a glob, with `{entity}` and `{flow}`; compressed ones too."
_COLUMNS_TEXT = "Dtypes for columns, by name; those of the other columns are inferred."
_ENCODING_TEXT = "Any text encoding that Python knows, such as `utf-16` or `cp1252`."
_BAD_ROWS_TEXT = (
    "What becomes of a row that cannot be read: `fail` stops the table, `skip` leaves the row out, `null` nulls what "
    "cannot be read."
)
_MISSING_TEXT = "What to do where a file lacks a column of the table: stop, or fill it with nulls."
_EXTRA_TEXT = (
    "What to do where a later file has a column that the first does not have: stop, leave it out, or add it to the "
    "table."
)
_SCRATCH_TEXT = "The folder for copies while a table is read; without it, the system's temporary folder."


def _described(text: str) -> dict[str, str]:
    return {"doc": text}


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

    path: str = field(
        validator=min_len(1),
        metadata=_described("Which files: one, a folder, or a glob, with `{entity}` and `{flow}`."),
    )
    connection: str = field(default="", metadata=_described(_CONNECTION_TEXT))
    missing_columns: MissingColumns = field(default="error", metadata=_described(_MISSING_TEXT))
    extra_columns: ExtraColumns = field(default="error", metadata=_described(_EXTRA_TEXT))

    def __attrs_post_init__(self) -> None:
        _check_place(self.path, self.connection)


@frozen(kw_only=True)
class CsvConfig:
    """The keys of a home of type ``csv``."""

    path: str = field(validator=min_len(1), metadata=_described(_PATH_TEXT))
    connection: str = field(default="", metadata=_described(_CONNECTION_TEXT))
    columns: dict[str, str] = field(default=Factory(dict), validator=_dtypes, metadata=_described(_COLUMNS_TEXT))
    infer: Literal["all", "strings"] = field(
        default="all",
        metadata=_described(
            "Whether the types of undeclared columns are found from every row of every file, or all are text."
        ),
    )
    header: bool = field(
        default=True, metadata=_described("Whether the first line that is no comment and not blank has the names.")
    )
    names: tuple[str, ...] = field(
        default=(),
        metadata=_described("The names of all columns, instead of those in the header or where there is none."),
    )
    separator: str = field(
        default=",", validator=_byte, metadata=_described("What stands between fields: one ASCII character.")
    )
    quote: str = field(
        default='"',
        validator=_byte_or_none,
        metadata=_described("What stands around fields: one ASCII character, doubled inside of them; empty for none."),
    )
    encoding: str = field(default="utf-8", validator=_text_encoding, metadata=_described(_ENCODING_TEXT))
    null_values: tuple[str, ...] = field(
        default=(), metadata=_described("Texts that mean null, quoted or not; an empty field is null anyway.")
    )
    comment: str = field(
        default="", metadata=_described("Lines that begin with this are no rows; it costs a slower pass.")
    )
    skip_rows: int = field(
        default=0,
        validator=ge(0),
        metadata=_described("How many lines to skip at the top of each file, whatever they hold."),
    )
    decimal_comma: bool = field(
        default=False, metadata=_described("Whether `1,5` is one and a half; needs another `separator`, or quotes.")
    )
    bad_rows: BadRows = field(default="fail", metadata=_described(_BAD_ROWS_TEXT))
    missing_columns: MissingColumns = field(default="error", metadata=_described(_MISSING_TEXT))
    extra_columns: ExtraColumns = field(default="error", metadata=_described(_EXTRA_TEXT))
    scratch: str = field(default="", metadata=_described(_SCRATCH_TEXT))

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

    path: str = field(validator=min_len(1), metadata=_described(_PATH_TEXT))
    connection: str = field(default="", metadata=_described(_CONNECTION_TEXT))
    columns: dict[str, str] = field(default=Factory(dict), validator=_dtypes, metadata=_described(_COLUMNS_TEXT))
    encoding: str = field(default="utf-8", validator=_text_encoding, metadata=_described(_ENCODING_TEXT))
    bad_rows: BadRows = field(default="fail", metadata=_described(_BAD_ROWS_TEXT))
    scratch: str = field(default="", metadata=_described(_SCRATCH_TEXT))

    def __attrs_post_init__(self) -> None:
        _check_place(self.path, self.connection)
