"""The file ``_metadata.json`` of a table: its keys, how its files are detected, and what they look like.

It is read strictly and written in exactly the casing that Microsoft documents.  Whatever is
not documented is never written.
"""

from __future__ import annotations

import json
from typing import Any, Literal, get_args

from attrs import frozen


Detection = Literal["SequentialFileName", "LastUpdateTimeFileDetection"]
DataType = Literal[
    "Double", "Single", "Int16", "Int32", "Int64", "DateTime", "IDate", "ITime", "String", "Boolean", "ByteArray"
]
KNOWN_KEYS = (
    "keyColumns",
    "fileDetectionStrategy",
    "isUpsertDefaultRowMarker",
    "SchemaDefinition",
    "FileFormat",
    "FileExtension",
    "FileFormatTypeProperties",
)


class MetadataError(ValueError):
    """The file cannot be used; the text says why."""


@frozen(kw_only=True)
class TextColumn:
    """A column of delimited text, as ``SchemaDefinition`` declares it."""

    name: str
    data_type: DataType
    nullable: bool


@frozen(kw_only=True)
class Delimited:
    """How files of delimited text are written; the defaults are those of the service, the escape included."""

    extension: str = "csv"
    row_separator: str = "\r\n"
    column_separator: str = ","
    quote: str = '"'
    escape: str = "\\"
    null_value: str = ""
    encoding: str = "utf-8"
    first_row_as_header: bool = True
    columns: tuple[TextColumn, ...] = ()


@frozen(kw_only=True)
class Metadata:
    """What ``_metadata.json`` says; ``unknown`` are keys that no document knows.

    ``upsert_by_default``: a file without row markers replaces rows by key instead of adding them.
    """

    key_columns: tuple[str, ...] = ()
    detection: Detection = "SequentialFileName"
    upsert_by_default: bool = False
    delimited: Delimited = Delimited()
    unknown: tuple[str, ...] = ()


def write_metadata(metadata: Metadata) -> bytes:
    """Return the file of a table of Parquet files."""
    said: dict[str, Any] = {"keyColumns": list(metadata.key_columns)} if metadata.key_columns else {}
    said["fileDetectionStrategy"] = metadata.detection
    if metadata.upsert_by_default:
        said["isUpsertDefaultRowMarker"] = True
    return json.dumps(said, ensure_ascii=False).encode()


def read_metadata(data: bytes) -> Metadata:
    """Read the file. Raises `MetadataError`."""
    said = _object(data)
    detection = said.get("fileDetectionStrategy", "SequentialFileName")
    if detection not in get_args(Detection):
        raise MetadataError(f"fileDetectionStrategy {detection!r} is not one of {', '.join(get_args(Detection))}")
    return Metadata(
        key_columns=_keys(said.get("keyColumns", [])),
        detection=detection,
        upsert_by_default=_boolean(said, "isUpsertDefaultRowMarker", default=False),
        delimited=_delimited(said),
        unknown=tuple(key for key in said if key not in KNOWN_KEYS),
    )


def _object(data: bytes) -> dict[str, Any]:
    """Read strict JSON: no key twice, whatever its case, and no numbers that JSON does not know."""
    try:
        said = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_constant)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise MetadataError(f"is not JSON: {error}") from error
    if not isinstance(said, dict):
        raise MetadataError("is not a JSON object")
    return said


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    lower = [key.lower() for key, _ in pairs]
    if twice := next((key for key, _ in pairs if lower.count(key.lower()) > 1), None):
        raise MetadataError(f"holds {twice!r} twice")
    return dict(pairs)


def _no_constant(name: str) -> None:
    raise MetadataError(f"holds {name}, which is no JSON")


def _keys(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(name, str) and name for name in value):
        raise MetadataError("keyColumns is not a list of names")
    if len({name.lower() for name in value}) < len(value):
        raise MetadataError("keyColumns names a column twice")
    return tuple(value)


def _boolean(said: dict[str, Any], key: str, *, default: bool) -> bool:
    value = said.get(key, default)
    if not isinstance(value, bool):
        raise MetadataError(f"{key} is {value!r}, not true or false")
    return value


def _delimited(said: dict[str, Any]) -> Delimited:
    if said.get("FileFormat", "CSV") not in {"CSV", "DelimitedText"}:
        raise MetadataError(f"FileFormat {said['FileFormat']!r} is not CSV or DelimitedText")
    if said.get("FileFormat") == "DelimitedText" and not said.get("FileExtension"):
        raise MetadataError("FileFormat DelimitedText needs a FileExtension")
    details = _dictionary(said, "FileFormatTypeProperties")
    return Delimited(
        extension=_text(said, "FileExtension", "csv"),
        row_separator=_text(details, "RowSeparator", "\r\n"),
        column_separator=_text(details, "ColumnSeparator", ","),
        quote=_text(details, "QuoteCharacter", '"'),
        escape=_text(details, "EscapeCharacter", "\\"),
        null_value=_text(details, "NullValue", ""),
        encoding=_text(details, "Encoding", "utf-8"),
        first_row_as_header=_boolean(details, "FirstRowAsHeader", default=True),
        columns=tuple(_column(each) for each in _dictionary(said, "SchemaDefinition").get("Columns", [])),
    )


def _dictionary(said: dict[str, Any], key: str) -> dict[str, Any]:
    value = said.get(key, {})
    if not isinstance(value, dict):
        raise MetadataError(f"{key} is not an object")
    return value


def _text(said: dict[str, Any], key: str, default: str) -> str:
    value = said.get(key, default)
    if not isinstance(value, str):
        raise MetadataError(f"{key} is {value!r}, not a text")
    return value


def _column(said: Any) -> TextColumn:
    if not isinstance(said, dict) or not isinstance(said.get("Name"), str):
        raise MetadataError("SchemaDefinition holds a column without a Name")
    if said.get("DataType") not in get_args(DataType):
        raise MetadataError(f"column {said['Name']!r} has DataType {said.get('DataType')!r}, which is none")
    return TextColumn(
        name=said["Name"], data_type=said["DataType"], nullable=_boolean(said, "IsNullable", default=True)
    )
