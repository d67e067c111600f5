"""Fixing, before the first row, which rows one table run is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from hygge_core.errors import HomeError, UsageError
from hygge_core.mark import Range
from hygge_core.watermark.marks import is_before, latest, minus, ordinal_of, parse_end, parse_mark, retyped
from hygge_core.watermark.source import dtype_in, extent_of


if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from hygge_core.home import Reading
    from hygge_core.mark import Mark
    from hygge_core.watermark.progress import Progress
    from hygge_core.watermark.source import Extent


@frozen(kw_only=True)
class Backfill:
    """A range that a person asked for; None is open. ``moves`` says whether the watermark follows it."""

    low: str | None = None
    high: str | None = None
    moves: bool = False


@frozen(kw_only=True)
class Window:
    """The rows of one table run.

    ``range`` is None for every row, whatever it has in the column.  ``mark`` is what the
    commit carries, ``dtype`` that of the column.  ``empty`` says that the source has no
    value in it at all.
    """

    dtype: str
    range: Range | None = None
    mark: Mark | None = None
    empty: bool = False
    warnings: tuple[str, ...] = ()


def asked_range(progress: Progress, backfill: Backfill | None, dtype: Callable[[], str]) -> Range:
    """Return what the home is asked for; the high end of an ordinary run is found when the home is open.

    ``dtype`` opens the source and tells the column's, and is called only where a person wrote a value.
    """
    column, config = progress.config.column, progress.config
    if not progress.incremental:
        return Range(column=column, nulls=True)
    if backfill is not None:
        low = _typed(progress, "--from", backfill.low, dtype)
        high = _typed(progress, "--to", backfill.high, dtype, parse_end)
        if low and high and is_before(high, low):
            raise UsageError(
                f"{low.text} lies after --to {high.text}", where=f"{progress.where}: --from", fix="swap them"
            )
        return Range(column=column, low=low, high=high)
    low = _low(progress) if progress.mark else _typed(progress, "watermark.initial", config.initial, dtype)
    nulls = config.nulls == "include" or (config.nulls == "once" and progress.mark is None)
    return Range(column=column, low=low, nulls=nulls)


def window_of(reading: Reading, asked: Range, progress: Progress, backfill: Backfill | None, where: str) -> Window:
    """Fix the window by what the open source says. ``where`` names the source in errors."""
    dtype = dtype_in(reading.schema, progress)
    extent = extent_of(reading, progress, dtype, where)
    before, low = (_carried(mark, dtype, progress) for mark in (progress.mark, asked.low))
    empty = extent.high is None
    if not progress.incremental:
        warnings = _fallen_behind(before, extent, progress)
        return Window(dtype=dtype, mark=latest(before, extent.high), empty=empty, warnings=warnings)
    if backfill is not None:
        chosen = Range(column=asked.column, low=low, high=_carried(asked.high, dtype, progress))
        mark = _moved(before, chosen, extent) if backfill.moves else before
        return Window(dtype=dtype, range=chosen, mark=mark, empty=empty)
    _demand_values(progress, extent, where)
    return Window(
        dtype=dtype,
        range=Range(column=asked.column, low=low, high=extent.high, nulls=asked.nulls),
        mark=latest(before, _reached(low, extent)),
        empty=empty,
        warnings=_fallen_behind(before, extent, progress),
    )


def _low(progress: Progress) -> Mark | None:
    """Go back from the last mark by the lag, but not below where the table was told to begin."""
    config, mark = progress.config, progress.mark
    if mark is None or not config.lag:
        return mark
    try:
        low = minus(mark, config.lag)
    except ValueError as error:
        raise progress.unusable(str(error), "lag", "mend it in the configuration") from error
    floor = _typed(progress, "watermark.initial", config.initial, lambda: mark.dtype)
    return min(mark, latest(low, floor) or low, key=ordinal_of)


def _typed(
    progress: Progress,
    name: str,
    written: str | int | date | None,
    dtype: Callable[[], str],
    parse: Callable[[str | int | date, str], Mark] = parse_mark,
) -> Mark | None:
    if written is None:
        return None
    try:
        return parse(written, dtype())
    except ValueError as error:
        fix = f"write a value as column {progress.config.column!r} holds them"
        raise UsageError(str(error), where=f"{progress.where}: {name}", fix=fix) from error


def _carried(mark: Mark | None, dtype: str, progress: Progress) -> Mark | None:
    try:
        return None if mark is None else retyped(mark, dtype)
    except ValueError as error:
        raise progress.unusable(f"{error}, so its last mark means nothing any more") from error


def _moved(before: Mark | None, chosen: Range, extent: Extent) -> Mark | None:
    """Move the mark to the end of a backfill, never back, and never beyond what the source holds of the range."""
    reached = _reached(chosen.low, extent)
    if chosen.high is None or reached is None:
        return latest(before, reached)
    return latest(before, min(chosen.high, reached, key=ordinal_of))


def _reached(low: Mark | None, extent: Extent) -> Mark | None:
    """Return the source's highest value, unless it lies below the range: then no row of it is in the store."""
    return None if is_before(extent.high, low) else extent.high


def _demand_values(progress: Progress, extent: Extent, where: str) -> None:
    if progress.config.nulls != "error" or not extent.nulls:
        return
    rows = "rows have" if extent.nulls < 0 else "1 row has" if extent.nulls == 1 else f"{extent.nulls:,} rows have"
    raise HomeError(
        f"{rows} no value in the watermark's column {progress.config.column!r}",
        where=f"{progress.where} ({where})",
        fix='give them one, or set watermark.nulls = "include" to read them in every run or "once" in the first only',
    )


def _fallen_behind(before: Mark | None, extent: Extent, progress: Progress) -> tuple[str, ...]:
    if before is None or not is_before(extent.high, before):
        return ()
    highest = f"ends at {extent.high.text}" if extent.high else "holds no value any more"
    what = f"the source's column {progress.config.column!r} {highest}, before the watermark {before.text}, which stays"
    return (f"{what}; if the source was set back, {progress.ways_out}",)
