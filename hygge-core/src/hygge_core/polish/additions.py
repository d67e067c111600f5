"""Columns that a polish adds with the same value in every row: constants and the moment of the run."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import polars as pl

from hygge_core.polish.refusal import PolishError
from hygge_core.schema import dtype_of


if TYPE_CHECKING:
    from hygge_core.polish.config import ConstantConfig, TimestampConfig


def constant(config: ConstantConfig) -> pl.Expr:
    """Build the expression of a constant, of its own dtype or of the one asked for.

    Integers are ``Int64``, moments with a zone become UTC.  Raises `PolishError` when the
    value does not fit the dtype as it is, rather than rounding or cutting it.
    """
    where = f"polish.constants[{config.name!r}]"
    value = config.value
    if isinstance(value, datetime) and value.tzinfo:
        value = value.astimezone(UTC)
    try:
        own = pl.Series([value])
        asked = own.dtype if config.type is None else _dtype(config.type, where)
        kept = own.cast(asked).cast(own.dtype).equals(own)
    except pl.exceptions.PolarsError as error:
        raise _misfit(config, where) from error
    if not kept:
        raise _misfit(config, where)
    return pl.lit(value, dtype=own.dtype).cast(asked).alias(config.name)


def timestamp(config: TimestampConfig, now: datetime) -> pl.Expr:
    """Build the expression of a timestamp: ``Datetime("us", "UTC")``, or without a zone for ``now_local``, or text.

    ``now`` is the one moment of the run and must know its zone.
    """
    if now.tzinfo is None:
        raise ValueError("the moment of a run must know its zone")
    moment = now.astimezone(UTC if config.source == "now_utc" else None)
    if config.type == "string":
        text = moment.isoformat(timespec="microseconds") if config.format is None else moment.strftime(config.format)
        return pl.lit(text).alias(config.name)
    if config.format is not None:
        raise PolishError(
            "a datetime column has no format",
            where=f"polish.timestamps[{config.name!r}]",
            fix='say type = "string" or take the format out',
        )
    if config.source == "now_utc":
        return pl.lit(moment, dtype=pl.Datetime("us", "UTC")).alias(config.name)
    return pl.lit(moment.replace(tzinfo=None), dtype=pl.Datetime("us")).alias(config.name)


def _dtype(text: str, where: str) -> pl.DataType:
    try:
        return dtype_of(text)
    except ValueError as error:
        fix = "write a dtype such as int64, string, date or decimal(18, 2)"
        raise PolishError(str(error), where=where, fix=fix) from error


def _misfit(config: ConstantConfig, where: str) -> PolishError:
    return PolishError(
        f"the value {config.value!r} cannot be of type {config.type} as it is",
        where=where,
        fix="change the value, or the type to one that holds it",
    )
