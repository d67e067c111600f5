"""Hash ids: a row's identity as the SHA-256 of a text that any SQL engine can write.

Each column becomes a piece of text, the pieces are joined with ``;``, the UTF-8 bytes of
the whole are hashed.  NULL is the piece ``null``.  A piece of text or a category starts
with its length in bytes and a colon (``5:hello``), so nothing in it can pass for the end
of the piece; the pieces of all other types hold no ``;`` and are never ``null``.  The
exact text of each dtype is in ``docs/polish.md``; it is a promise, kept by golden vectors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from polars_hash import CryptographicHashingNameSpace

from hygge_core.polish.column import column
from hygge_core.polish.refusal import PolishError, require


if TYPE_CHECKING:
    from collections.abc import Callable

    from hygge_core.polish.config import HashIdConfig


def hash_id(config: HashIdConfig, source: pl.Schema) -> pl.Expr:
    """Build the expression of a hash id over the source's columns.

    Elementwise, so batches and threads make no difference.  Gives ``String`` of 64
    lower-case hexadecimal digits or ``Binary`` of 32 bytes, never NULL.  Raises
    `PolishError` for unknown columns and for dtypes without one exact text.
    """
    where = f"polish.hash_ids[{config.name!r}]"
    require(config.from_columns, source, where=where)
    if not config.from_columns:
        raise PolishError("there is nothing to hash", where=where, fix="name at least one column in from_columns")
    pieces = [_piece(name, source[name], where=where) for name in config.from_columns]
    digest = CryptographicHashingNameSpace(pl.concat_str(pieces, separator=";")).sha2_256()
    return (digest if config.hex else digest.str.decode("hex")).alias(config.name)


def _piece(name: str, dtype: pl.DataType, *, where: str) -> pl.Expr:
    for matches, write in _PIECES:
        if matches(dtype):
            return write(column(name)).fill_null("null")
    raise PolishError(
        f"column {name!r} of dtype {dtype} has no exact text to hash",
        where=where,
        fix="hash other columns, or read it as a decimal or as text",
    )


def _measured(value: pl.Expr) -> pl.Expr:
    text = value.cast(pl.String)
    return pl.format("{}:{}", text.str.len_bytes(), text)


def _literal(value: pl.Expr) -> pl.Expr:
    return value.cast(pl.String)


def _hexadecimal(value: pl.Expr) -> pl.Expr:
    return value.bin.encode("hex")


def _date(value: pl.Expr) -> pl.Expr:
    return value.dt.strftime("%Y-%m-%d")


def _time(value: pl.Expr) -> pl.Expr:
    return value.dt.strftime("%H:%M:%S%.9f")


def _wall_clock(value: pl.Expr) -> pl.Expr:
    return value.dt.strftime("%Y-%m-%dT%H:%M:%S%.9f")


def _instant(value: pl.Expr) -> pl.Expr:
    return value.dt.convert_time_zone("UTC").dt.strftime("%Y-%m-%dT%H:%M:%S%.9fZ")


def _is_any(*kinds: type[pl.DataType]) -> Callable[[pl.DataType], bool]:
    return lambda dtype: isinstance(dtype, kinds)


# Nine digits of a second in every unit, so that a column read as ms, us or ns keeps its hash.
_PIECES: tuple[tuple[Callable[[pl.DataType], bool], Callable[[pl.Expr], pl.Expr]], ...] = (
    (_is_any(pl.String, pl.Categorical, pl.Enum, pl.Null), _measured),
    (lambda dtype: dtype.is_integer(), _literal),
    (_is_any(pl.Decimal, pl.Boolean), _literal),
    (_is_any(pl.Binary), _hexadecimal),
    (_is_any(pl.Date), _date),
    (_is_any(pl.Time), _time),
    (lambda dtype: isinstance(dtype, pl.Datetime) and dtype.time_zone is None, _wall_clock),
    (_is_any(pl.Datetime), _instant),
)
