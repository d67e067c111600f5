"""Checks of rows: what must hold of the values that a run brings, found out in streams."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from hygge_core.key_hash import portions
from hygge_core.row_text import row_texts, value_texts


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from hygge_core.checks.config import Fresh
    from hygge_core.checks.evidence import Evidence


_SHOWN = 3
_ROWS = "\x00rows"  # a name that no column of a table has
_DAY = timedelta(days=1)


def unique(columns: Sequence[str], frame: pl.LazyFrame, evidence: Evidence) -> Iterator[str]:
    """Yield a sentence when rows share their values in ``columns``; null is a value like any other.

    The keys of `hygge_core.key_hash.KEYS_AT_ONCE` rows are held at once; a larger run is read several times.
    """
    number, shown = 0, []
    for some in portions(frame.select(columns), columns, evidence.rows):
        repeated = some.group_by(columns).agg(pl.len().alias(_ROWS)).filter(pl.col(_ROWS) > 1)
        queries = [repeated.select(pl.len()), repeated.bottom_k(_SHOWN, by=columns)]
        many, few = pl.collect_all(queries, engine="streaming")
        number += many.item()
        shown.append(few)
    if number:
        few = pl.concat(shown).sort(columns).head(_SHOWN)
        rows = zip(row_texts(few.drop(_ROWS)), few[_ROWS], strict=True)
        told = ", ".join(f"{key} ({count:,} rows)" for key, count in rows)
        keys = (
            f"{number:,} keys come more than once, such as"
            if number > few.height
            else "these keys come more than once:"
        )
        yield f"unique: {keys} {told}"


def not_null(columns: Sequence[str], frame: pl.LazyFrame, evidence: Evidence) -> Iterator[str]:
    """Yield a sentence for each of the columns in which a row has no value, with the key of such a row."""
    counts = frame.select(pl.col(columns).null_count()).collect(engine="streaming")
    for column, number in counts.row(0, named=True).items():
        if number:
            rows = "1 row has" if number == 1 else f"{number:,} rows have"
            yield f"not_null: {rows} no value in {column!r}{_example(column, frame, evidence.key)}"


def _example(column: str, frame: pl.LazyFrame, key: Sequence[str]) -> str:
    others = [name for name in key if name != column]
    if not others:
        return ""
    found = frame.filter(pl.col(column).is_null()).select(others).head(1).collect(engine="streaming")
    return f", such as the row {row_texts(found)[0]}"


def fresh(config: Fresh, frame: pl.LazyFrame, evidence: Evidence) -> Iterator[str]:
    """Yield a sentence when no row is new enough, neither among those that come nor among those that stay.

    Timestamps without a zone count as UTC, and a date until the end of its day.
    """
    limit, newest = evidence.now - config.within, None
    for rows in (lambda: frame, evidence.staying):
        found = _newest(rows() if rows else None, config.column)
        newest = max(filter(None, (newest, found)), default=None)
        if newest and newest[0] >= _microseconds(limit):
            return
    wanted = f"at most {config.within} is allowed"
    if newest is None:
        yield f"fresh: no row has a value in {config.column!r}, so nothing says how old they are; {wanted}"
    else:
        age = timedelta(microseconds=_microseconds(evidence.now) - newest[0])
        yield f"fresh: the newest {config.column!r} is {newest[1]}, {age} before the run began; {wanted}"


def _newest(frame: pl.LazyFrame | None, column: str) -> tuple[int, str] | None:
    """Find the newest value: in microseconds of UTC since 1970, and as text."""
    if frame is None or column not in frame.collect_schema():
        return None
    newest = frame.select(pl.col(column).max()).collect(engine="streaming").to_series()
    if newest.null_count():
        return None
    moment = newest.cast(pl.Datetime("us")) + (_DAY if newest.dtype == pl.Date else timedelta())
    return moment.to_physical().item(), value_texts(newest)[0]


def _microseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000)
