"""Conditions on one column that keep to ranges of values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from hygge_core.sql.statement import Statement, all_of, any_of


if TYPE_CHECKING:
    from collections.abc import Iterable

    from hygge_core.sql.dialect import Dialect


@frozen(kw_only=True)
class Span:
    """Values from ``low`` to ``high``, both included, as the driver binds them; None is open."""

    low: Any = None
    high: Any = None


def within(dialect: Dialect, column: str, spans: Iterable[Span], *, nulls: bool = False) -> Statement | None:
    """Keep the rows whose value lies in one of the spans, with ``nulls`` also those without a value.

    None when every row may pass; without ``nulls`` a span that is open at both ends still
    demands a value.  ``column`` is SQL: a quoted name or an expression.
    """
    known = list(spans)
    if nulls and Span() in known:
        return None
    missing = [Statement(f"{column} IS NULL")] if nulls else []
    return any_of([*(_in_span(dialect, column, span) for span in known), *missing])


def _in_span(dialect: Dialect, column: str, span: Span) -> Statement:
    bounds = ((">=", span.low), ("<=", span.high))
    condition = all_of(
        Statement(f"{column} {sign} {dialect.parameter}", (value,)) for sign, value in bounds if value is not None
    )
    return condition or Statement(f"{column} IS NOT NULL")
