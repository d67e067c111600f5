"""What the source says of a watermark's column before its first row is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from hygge_core.config.suggest import did_you_mean
from hygge_core.errors import HomeError
from hygge_core.home import Explains, Ranged, Scans
from hygge_core.watermark.kinds import kind_of
from hygge_core.watermark.marks import lag_steps, mark_of, retyped


if TYPE_CHECKING:
    import polars as pl

    from hygge_core.home import Reading
    from hygge_core.mark import Mark
    from hygge_core.watermark.progress import Progress


@frozen(kw_only=True)
class Extent:
    """How far a column goes: its highest value, and how many rows have none.

    ``nulls`` is -1 for rows that are there and were not counted.
    """

    high: Mark | None
    nulls: int = 0


def dtype_in(schema: pl.Schema, progress: Progress) -> str:
    """Return the dtype of the watermark's column, as text. Raises `UsageError` for a column that cannot be one."""
    from hygge_core.schema import text_of

    for key, names in (("column", (progress.config.column,)), ("key", progress.config.key)):
        for name in names:
            if name not in schema:
                near = did_you_mean(name, schema) or f"it has {', '.join(map(repr, schema))}"
                raise progress.unusable(f"the source has no column {name!r}", key, near)
    column = progress.config.column
    try:
        dtype = text_of(schema[column])
        kind = kind_of(dtype)
    except (ValueError, TypeError) as error:
        fix = "take a column of integers, decimals, dates, times or binary"
        raise progress.unusable(f"column {column!r}: {error}", fix=fix) from error
    if kind.name == "string" and not progress.config.text:
        what = f"column {column!r} is text, which is ordered by its bytes: '10' comes before '9'"
        raise progress.unusable(what, fix="take another column, or set text = true if that is its order")
    _demand_lag(dtype, progress)
    return dtype


def _demand_lag(dtype: str, progress: Progress) -> None:
    if not progress.config.lag:
        return
    try:
        lag_steps(dtype, progress.config.lag)
    except ValueError as error:
        raise progress.unusable(str(error), "lag", "mend it in the configuration") from error


def extent_of(reading: Reading, progress: Progress, dtype: str, where: str) -> Extent:
    """Ask the reading, or look through its lazy frame. ``dtype`` is the column's.

    Raises `HomeError` for a reading that is neither `Ranged` nor `Scans`, and for values that no mark can hold.
    """
    try:
        if isinstance(reading, Ranged):
            counts = progress.incremental and progress.config.nulls == "error"
            high = reading.high()
            return Extent(high=high and retyped(high, dtype), nulls=-1 if counts and reading.has_nulls() else 0)
        if isinstance(reading, Scans):
            return _scanned(reading, progress.config.column, where)
    except ValueError as error:
        fix = "mend the value in the source, or take another column"
        raise HomeError(f"column {progress.config.column!r}: {error}", where=where, fix=fix) from error
    raise HomeError(
        "this home cannot say how far a column goes, so it cannot be followed by a watermark",
        where=where,
        fix='use run_type = "full_drop" without a watermark, or ask the home\'s author for readings that are Ranged',
    )


def _scanned(reading: Scans, name: str, where: str) -> Extent:
    import polars as pl

    from hygge_core.polish.column import column

    query = reading.scan().select(column(name).max().alias("high"), column(name).null_count().alias("nulls"))
    try:
        found = query.collect(engine="streaming")
    except (pl.exceptions.PolarsError, OSError) as error:
        explained = reading.explain(error) if isinstance(reading, Explains) else None
        raise explained or HomeError(f"could not be read: {error}", where=where) from error
    return Extent(high=mark_of(found["high"]), nulls=int(found["nulls"].item()))
