"""A whole query planned: WITH, unions, order, offset."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from attrs import evolve

from tds.contract import Column, SqlError
from tds.engine.expressions.compiling import compiled
from tds.engine.expressions.functions.numbers import cast_to, chosen_type
from tds.engine.expressions.scope import Field, Scope, at
from tds.engine.queries.plan import Plan
from tds.engine.queries.selecting import selected
from tds.engine.queries.sorting import sorted_rows
from tds.engine.syntax import tree
from tds.engine.values.ordering import nulls_first


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tds.engine.context import Context
    from tds.engine.expressions.compiled import Row


def planned(query: tree.Query, context: Context, scope: Scope | None) -> Plan:
    """Plan a query; ``scope`` is that of a query inside of another one."""
    if query.named:
        named = {**context.named, **{name.lower(): (columns, inner) for name, columns, inner in query.named}}
        context = context.within(named)
        scope = None if scope is None else evolve(scope, context=context)
    scope = scope or Scope(context=context)
    if isinstance(query.body, tree.Select):
        plan = selected(query.body, query.order, scope)
    else:
        plan = _ordered(_combined(query.body, scope), query.order, scope)
    return _page(plan, query, scope)


def _page(plan: Plan, query: tree.Query, scope: Scope) -> Plan:
    if query.offset is None:
        return plan
    start = compiled(query.offset, scope).value()
    stop = None if query.fetch is None else start + compiled(query.fetch, scope).value()
    return Plan(plan.columns, lambda: islice(plan.rows(), start, stop))


def _body(body: tree.Body, scope: Scope) -> Plan:
    return selected(body, (), scope) if isinstance(body, tree.Select) else _combined(body, scope)


def _combined(body: tree.Combined, scope: Scope) -> Plan:
    """Join two queries whose columns stand side by side, each pair brought to one type."""
    left, right = _body(body.left, scope), _body(body.right, scope)
    if len(left.columns) != len(right.columns):
        raise SqlError(
            205,
            "All queries combined using a UNION, INTERSECT or EXCEPT operator must have an equal number "
            "of expressions in their target lists.",
        )
    columns = tuple(_common(one, other) for one, other in zip(left.columns, right.columns, strict=True))
    first, second = _brought(left, columns), _brought(right, columns)
    if body.kind == "UNION ALL":
        return Plan(columns, lambda: _chained(first, second))
    keys = [nulls_first(column.type) for column in columns]
    return Plan(columns, lambda: _as_sets(body.kind, first, second, keys))


def _common(left: Column, right: Column) -> Column:
    places = (evolve(at(0, left)), evolve(at(0, right)))
    return Column(left.name, chosen_type(places), nullable=left.nullable or right.nullable)


def _brought(plan: Plan, columns: tuple[Column, ...]) -> Callable[[], Iterator[Row]]:
    casts = [cast_to(at(place, own), column.type).run for place, (own, column) in
             enumerate(zip(plan.columns, columns, strict=True))]  # fmt: skip
    if all(own.type == column.type for own, column in zip(plan.columns, columns, strict=True)):
        return plan.rows
    return lambda: (tuple(run(row) for run in casts) for row in plan.rows())


def _chained(first: Callable[[], Iterator[Row]], second: Callable[[], Iterator[Row]]) -> Iterator[Row]:
    yield from first()
    yield from second()


def _as_sets(kind: str, first: Any, second: Any, keys: list[Any]) -> Iterator[Row]:
    def key(row: Row) -> tuple[Any, ...]:
        return tuple(one(value) for one, value in zip(keys, row, strict=True))

    if kind == "UNION":
        return iter({key(row): row for row in reversed(list(_chained(first, second)))}.values())
    others = {key(row) for row in second()}
    kept = {found: row for row in first() if ((found := key(row)) in others) == (kind == "INTERSECT")}
    return iter(kept.values())


def _ordered(plan: Plan, order: tuple[tree.Ordering, ...], scope: Scope) -> Plan:
    if not order:
        return plan
    inside = Scope(context=scope.context, fields=tuple(Field((), column) for column in plan.columns))
    sort = sorted_rows([_by(one, plan, inside) for one in order])
    return Plan(plan.columns, lambda: iter(sort(list(plan.rows()))))


def _by(order: tree.Ordering, plan: Plan, scope: Scope) -> tuple[Any, bool]:
    if isinstance(order.by, tree.Literal) and isinstance(order.by.value, int):
        place = order.by.value - 1
        return at(place, plan.columns[place]), order.descending
    return compiled(order.by, scope), order.descending
