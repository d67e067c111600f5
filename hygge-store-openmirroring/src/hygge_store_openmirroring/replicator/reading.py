"""Reading one data file of a landing zone, as strictly as the service does."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import polars as pl

from hygge_core.parquet.footer import read_footer
from hygge_core.parquet.schema import read_schema
from hygge_store_openmirroring.file_names import extension_of
from hygge_store_openmirroring.landing_zone import last_name
from hygge_store_openmirroring.replicator.columns import MirrorColumn, of_delimited, of_parquet
from hygge_store_openmirroring.replicator.refusal import Refusal
from hygge_store_openmirroring.row_markers import ROW_MARKER


if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygge_core.lake import Lake
    from hygge_store_openmirroring.metadata import Delimited


CODECS = frozenset({"uncompressed", "snappy", "gzip", "zstd"})
"""What the landing-zone format lists; brotli and LZ4 are not there."""


def read_file(zone: Lake, path: str, size: int, delimited: Delimited) -> tuple[list[MirrorColumn], pl.DataFrame]:
    """Return the columns of a file, without the row marker, and its rows with it. Raises `Refusal`."""
    if extension_of(path) == "parquet":
        return _parquet(zone, path, size)
    return _text(zone.read(path), last_name(path), delimited)


def _parquet(zone: Lake, path: str, size: int) -> tuple[list[MirrorColumn], pl.DataFrame]:
    where = f"We encountered an error while opening the Parquet file {last_name(path)}"
    if size == 0:
        raise Refusal("ParquetError", f"{where}: 'Invalid: Parquet file size is 0 bytes'")
    try:
        with zone.open(path) as file:
            footer, declared = read_footer(file), read_schema(file)
            if other := footer.codecs - CODECS:
                raise Refusal("ParquetError", f"{where}: codec {min(other)} is not supported")
            columns = of_parquet(column for column in declared if column.name != ROW_MARKER)
            file.seek(0)
            rows = pl.read_parquet(file)
    except (ValueError, pl.exceptions.PolarsError) as error:
        raise Refusal("ParquetError", f"{where}: {error}") from error
    return columns, rows.cast({column.name: column.dtype for column in columns})


def _text(data: bytes, name: str, delimited: Delimited) -> tuple[list[MirrorColumn], pl.DataFrame]:
    if not delimited.first_row_as_header:
        raise Refusal("InputValidationError", "FirstRowAsHeader must be true")
    if not data:
        raise Refusal("InputValidationError", f"Error while parsing data file {name}: No data rows available")
    try:
        header, records = _records(data.decode(delimited.encoding), delimited)
        frame = pl.DataFrame(records, schema=dict.fromkeys(header, pl.String), orient="row")
    except (LookupError, UnicodeDecodeError, csv.Error, pl.exceptions.PolarsError) as error:
        raise Refusal("InputValidationError", f"Error while parsing data file {name}: {error}") from error
    columns = _declared(header, delimited)
    return [column for column in columns if column.name != ROW_MARKER], _typed(frame, columns, name)


def _records(text: str, delimited: Delimited) -> tuple[list[str], list[list[str | None]]]:
    """Split the text into its header and its rows."""
    doubled = delimited.escape == delimited.quote
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=delimited.column_separator,
        quotechar=delimited.quote or None,
        quoting=csv.QUOTE_MINIMAL if delimited.quote else csv.QUOTE_NONE,
        doublequote=doubled,
        escapechar=None if doubled or not delimited.escape else delimited.escape,
        strict=True,
    )
    header = next(reader)
    return header, [[None if value == delimited.null_value else value for value in row] for row in reader]


def _declared(header: Sequence[str], delimited: Delimited) -> list[MirrorColumn]:
    """Match the header with the declared columns; without any, all is text."""
    declared = {column.name: column for column in of_delimited(delimited.columns)}
    marker = MirrorColumn(ROW_MARKER, "integer", nullable=False)
    if not declared:
        return [marker if name == ROW_MARKER else MirrorColumn(name, "string") for name in header]
    if unknown := [name for name in header if name not in declared and name != ROW_MARKER]:
        raise Refusal("InputValidationError", f"Column {unknown[0]} is not in the SchemaDefinition")
    return [declared.get(name, marker) for name in header]


def _typed(frame: pl.DataFrame, columns: Sequence[MirrorColumn], name: str) -> pl.DataFrame:
    try:
        return frame.with_columns(_parsed(column) for column in columns)
    except pl.exceptions.PolarsError as error:
        raise Refusal("InputValidationError", f"Error while parsing data file {name}: {error}") from error


def _parsed(column: MirrorColumn) -> pl.Expr:
    text = pl.col(column.name)
    if column.delta == "boolean":
        return text.str.to_lowercase().replace_strict({"true": True, "false": False, "1": True, "0": False})
    if column.delta == "binary":
        return text.str.decode("base64")
    if column.delta == "timestamp_ntz":
        return text.str.to_datetime(time_unit="us")
    return text.str.to_date() if column.delta == "date" else text.cast(column.dtype)
