"""Rules for homes, by the original's type and, for local files, their format."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from hygge_core.migrate.rules.rule import Area, Asked, Rule, dropped, kept, renamed
from hygge_core.migrate.rules.values import listed, named_by_format, truth, whole


if TYPE_CHECKING:
    from collections.abc import Mapping


_BATCHES = "batches are measured in bytes and fit the memory: options.max_memory"
_TYPE = kept("type", convert=named_by_format)
_COMMON = (
    dropped("batch_size", _BATCHES),
    dropped("row_multiplier", "progress is told by time"),
    dropped("options.*", _BATCHES),
)
_PATH = kept("path")
_FORMAT = renamed("format", "type", "each format is a type of its own")


def _query(value: Any, _: Mapping[str, Any]) -> Any:
    text = str(value).strip().rstrip("; \t\r\n")
    if re.match(r"with\b", text, re.IGNORECASE):
        raise Asked("a query that begins with WITH cannot become part of a larger one", "make it a view, and name that")
    return text


def _encoding(value: Any, _: Mapping[str, Any]) -> Any:
    return {"utf8": "utf-8", "utf8-lossy": "utf-8"}.get(str(value), value)


def _of_one_column(_: Any, __: Mapping[str, Any]) -> Any:
    raise Asked("texts that mean null in one column only have no counterpart", "list those of all columns")


def _option(key: str, to: str, convert: Any = None) -> Rule:
    return renamed(f"format_options.{key}", to, convert=convert)


_PARQUET = Area(
    name="home of type `parquet`, and `local` of parquet",
    type="parquet",
    local=True,
    rules=(
        _TYPE,
        _FORMAT,
        _PATH,
        *_COMMON,
        dropped("format_options.*", "Parquet files say themselves how they are to be read"),
    ),
)

_CSV = Area(
    name="home of type `local` of csv",
    type="csv",
    local=True,
    rules=(
        _TYPE,
        _FORMAT,
        _PATH,
        *_COMMON,
        _option("separator", "separator"),
        _option("has_header", "header", truth),
        Rule(key="format_options.quote_char", to="quote", nothing=""),
        _option("encoding", "encoding", _encoding),
        _option("null_values", "null_values", listed),
        _option("null_values.*", "null_values", _of_one_column),
        _option("skip_rows", "skip_rows", whole),
        _option("comment_prefix", "comment"),
        _option("decimal_comma", "decimal_comma", truth),
        dropped(
            "format_options.*", "hygge looks at all rows before it says what a column is; columns declares the types"
        ),
    ),
)

_NDJSON = Area(
    name="home of type `local` of ndjson",
    type="ndjson",
    local=True,
    rules=(
        _TYPE,
        _FORMAT,
        _PATH,
        *_COMMON,
        dropped(
            "format_options.*", "hygge looks at all rows before it says what a column is; columns declares the types"
        ),
    ),
)

_MSSQL = Area(
    name="home of type `mssql`",
    type="mssql",
    connects=True,
    rules=(
        _TYPE,
        kept("connection"),
        kept("table"),
        kept("query", "without a semicolon at the end; {entity} in it becomes a quoted name", convert=_query),
        *_COMMON,
    ),
)

HOMES: dict[tuple[str, str], Area] = {
    ("parquet", ""): _PARQUET,
    ("local", ""): _PARQUET,
    ("local", "parquet"): _PARQUET,
    ("local", "csv"): _CSV,
    ("local", "ndjson"): _NDJSON,
    ("mssql", ""): _MSSQL,
}
"""By type and format."""
