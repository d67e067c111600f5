"""How the values of a column are spread, from the statistics that the server keeps for its own plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core import HomeError
from hygge_core.sql import Statement
from hygge_home_mssql.dialect import MSSQL


if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygge_home_mssql.reading.session import Session
    from hygge_home_mssql.types import Column


_STEPS = """\
SELECT {text}, h.rows
FROM sys.stats AS s
JOIN sys.stats_columns AS k ON k.object_id = s.object_id AND k.stats_id = s.stats_id AND k.stats_column_id = 1
JOIN sys.columns AS c ON c.object_id = k.object_id AND c.column_id = k.column_id
CROSS APPLY (
    SELECT CAST(d.range_high_key AS {kind}) AS value, d.range_rows + d.equal_rows AS rows, d.step_number
    FROM sys.dm_db_stats_histogram(s.object_id, s.stats_id) AS d
) AS h
WHERE s.object_id = OBJECT_ID(?) AND c.name = ? AND s.stats_id = (
    SELECT MIN(o.stats_id) FROM sys.stats AS o
    JOIN sys.stats_columns AS p ON p.object_id = o.object_id AND p.stats_id = o.stats_id AND p.stats_column_id = 1
    WHERE o.object_id = s.object_id AND p.column_id = k.column_id AND o.has_filter = 0)
ORDER BY h.step_number"""
_ENOUGH = 4
"""Steps for each part, below which the values themselves are asked."""


def histogram_of(session: Session, parts: Sequence[str], column: Column, text: str, ranges: int) -> list[str]:
    """Return the lower bounds of all ranges but the first, as texts; empty where no statistics tell.

    ``text`` is SQL that writes ``h.value`` as text.  Statistics may be old: then ranges are uneven,
    never wrong.
    """
    statement = Statement(
        _STEPS.format(text=text, kind=column.written),
        (".".join(map(MSSQL.quote, parts)), column.name),
    )
    try:
        steps = [(str(value), float(rows)) for value, rows in session.rows(statement) if value is not None]
    except HomeError:  # the server has no such view, or the login may not look into it
        return []
    return _cut(steps, ranges) if len(steps) >= _ENOUGH * ranges else []


def _cut(steps: Sequence[tuple[str, float]], ranges: int) -> list[str]:
    total, seen = sum(rows for _, rows in steps), 0.0
    bounds: list[str] = []
    for value, rows in steps:
        if seen >= total * (len(bounds) + 1) / ranges and len(bounds) + 1 < ranges:
            bounds.append(value)
        seen += rows
    return list(dict.fromkeys(bounds))
