"""Rows brought into an order, NULL first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tds.engine.values.ordering import nulls_first


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tds.engine.expressions.compiled import Compiled, Row


def sorted_rows(orders: Sequence[tuple[Compiled, bool]]) -> Callable[[list[Row]], list[Row]]:
    """Return what sorts rows by expressions, each descending or not; equal rows keep their places."""
    keys = [(by.run, nulls_first(by.type), descending) for by, descending in orders]

    def sort(rows: list[Row]) -> list[Row]:
        for run, key, descending in reversed(keys):
            rows = sorted(rows, key=_key(run, key), reverse=descending)
        return rows

    return sort


def _key(run: Any, key: Any) -> Callable[[Row], Any]:
    return lambda row: key(run(row))
