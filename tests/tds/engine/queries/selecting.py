"""One SELECT planned: source, condition, groups, windows, list, order, DISTINCT, TOP."""

from __future__ import annotations

from itertools import islice
from math import ceil
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from tds.contract import Column, SqlError, SqlType
from tds.engine.expressions.compiling import compiled, condition, value_of
from tds.engine.expressions.scope import at
from tds.engine.expressions.windows import windowed
from tds.engine.queries.grouping import aggregates_in, grouped, parts_of
from tds.engine.queries.plan import Plan, Reading
from tds.engine.queries.sorting import sorted_rows
from tds.engine.queries.sources import reading
from tds.engine.syntax import tree
from tds.engine.values.families import family
from tds.engine.values.ordering import nulls_first


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tds.engine.expressions.compiled import Compiled, Row
    from tds.engine.expressions.scope import Scope


@frozen
class _Step:
    """A scope, and the rows that its expressions are about."""

    scope: Scope
    rows: Callable[[], Iterable[Row]]


def selected(select: tree.Select, order: tuple[tree.Ordering, ...], scope: Scope) -> Plan:
    """Plan one SELECT with the order of its query."""
    source = Reading((), lambda: iter([()])) if select.source is None else reading(select.source, scope)
    step = _filtered(_Step(scope.with_fields(source.fields), source.rows), select.where)
    items = tuple(part for item in select.items for part in _expanded(item, step.scope))
    step = _grouped(step, select, items, order)
    step = _windowed(step, items, order)
    columns = [value_of(item.of, step.scope) for item in items]
    named = tuple(_column(item, one) for item, one in zip(items, columns, strict=True))
    sort = _sorting(order, items, columns, step.scope, distinct=select.distinct)
    limit = _limit(select, step.scope)
    as_it_is = step.rows is source.rows and (sort, limit, select.distinct) == (None, None, False)
    if as_it_is and [column.position for column in columns] == list(range(len(source.fields))):
        return Plan(named, source.rows, source.encoded)
    if source.encoded:
        raise SqlError(40000, "this server gives rows that are encoded already only as they are, all columns in order")
    return Plan(named, _rows(step, columns, sort, limit, select))


def _filtered(step: _Step, where: tree.Expression | None) -> _Step:
    if where is None:
        return step
    test = condition(where, step.scope)
    return _Step(step.scope, lambda: (row for row in step.rows() if test(row)))


def _expanded(item: tree.Item, scope: Scope) -> tuple[tree.Item, ...]:
    """Write out ``*`` and ``alias.*``."""
    if not isinstance(item.of, tree.Star):
        return (item,)
    wanted = item.of.of
    fields = [field for field in scope.fields if wanted is None or field.source[-1:] == (wanted.lower(),)]
    if not fields:
        raise SqlError(
            107,
            f"The column prefix '{wanted}' does not match with a table name or alias name used in the query."
            if wanted
            else "Must specify table to select from.",
            severity=15,
        )
    return tuple(tree.Item(tree.Name((*field.source[-1:], field.column.name)), field.column.name) for field in fields)


def _grouped(step: _Step, select: tree.Select, items: Any, order: Any) -> _Step:
    calls = aggregates_in([*items, select.having, *order])
    if not select.groups and not calls and select.having is None:
        return step
    made = grouped(select.groups, calls, step.scope)
    found = _Step(made.scope, lambda: made.rows(step.rows()))
    return _filtered(found, select.having)


def _windowed(step: _Step, items: Any, order: Any) -> _Step:
    nodes = tuple(dict.fromkeys(parts_of((*items, *order), tree.Window)))
    if not nodes:
        return step
    made = [windowed(node, step.scope) for node in nodes]
    width = _width(step.scope)
    known = {node: at(width + place, Column("", one.type, nullable=one.nullable))
             for place, (node, one) in enumerate(zip(nodes, made, strict=True))}  # fmt: skip

    def rows() -> Iterable[Row]:
        base = list(step.rows())
        added = zip(*(one.over(base) for one in made), strict=True)
        return (row + more for row, more in zip(base, added, strict=True))

    return _Step(evolve(step.scope, known={**step.scope.known, **known}), rows)


def _width(scope: Scope) -> int:
    if not scope.grouped:
        return len(scope.fields)
    return 1 + max((one.position for one in scope.known.values() if one.position is not None), default=-1)


def _column(item: tree.Item, of: Compiled) -> Column:
    """Describe a column of the result. NULL alone is an int, as a server says."""
    name = item.alias if item.alias is not None else item.of.parts[-1] if isinstance(item.of, tree.Name) else ""
    type_ = SqlType("int") if of.type.name == "null" else of.type
    source = of.source
    return Column(
        name, type_, nullable=of.nullable, identity=source is not None and source.identity,
        computed=source is not None and source.computed,
    )  # fmt: skip


def _sorting(order: Any, items: Any, columns: list[Compiled], scope: Scope, *, distinct: bool) -> Any:
    if not order:
        return None
    return sorted_rows(
        [(_ordered_by(one.by, items, columns, scope, distinct=distinct), one.descending) for one in order]
    )


def _ordered_by(node: Any, items: Any, columns: list[Compiled], scope: Scope, *, distinct: bool) -> Compiled:
    if isinstance(node, tree.Literal) and family(node.type) == "integer":
        if not 1 <= node.value <= len(columns):
            raise SqlError(
                108,
                f"The ORDER BY position number {node.value} is out of range of the number of items in the select list.",
                severity=15,
            )
        return columns[node.value - 1]
    if isinstance(node, tree.Name) and len(node.parts) == 1:
        for item, column in zip(items, columns, strict=True):
            if item.alias is not None and item.alias.lower() == node.parts[0].lower():
                return column
    found = compiled(node, scope)
    if distinct and not any(item.of == node or column.position == found.position is not None
                            for item, column in zip(items, columns, strict=True)):  # fmt: skip
        raise SqlError(
            145, "ORDER BY items must appear in the select list if SELECT DISTINCT is specified.", severity=15
        )
    return found


def _limit(select: tree.Select, scope: Scope) -> Any:
    if select.top is None:
        return None
    if select.ties:
        raise SqlError(40000, "this server does not know TOP WITH TIES")
    value = compiled(select.top, scope).value()
    if value is None and scope.context.describing:
        return None
    if value is None or value < 0:
        raise SqlError(
            1060, "The number of rows provided for a TOP or FETCH clauses row count parameter must be an integer."
        )
    return value


def _projection(columns: list[Compiled]) -> Callable[[Iterable[Row]], Iterator[Row]]:
    """Return what makes result rows; columns that are merely named are picked without calls of their own."""
    places = [column.position for column in columns]
    if None not in places and len(places) > 1:
        pick: Any = itemgetter(*places)  # type: ignore[arg-type]
        return lambda rows: map(pick, rows)
    runs = [column.run for column in columns]
    if len(runs) == 1:
        (only,) = runs
        return lambda rows: ((only(row),) for row in rows)
    return lambda rows: (tuple([run(row) for run in runs]) for row in rows)


def _rows(
    step: _Step, columns: list[Compiled], sort: Any, limit: Any, select: tree.Select
) -> Callable[[], Iterator[Row]]:
    project = _projection(columns)
    keys = [nulls_first(column.type) for column in columns] if select.distinct else []

    def rows() -> Iterator[Row]:
        base: Any = step.rows()
        if sort is not None:
            base = sort(list(base))
        found = project(base)
        if select.distinct:
            found = _distinct(found, keys)
        if limit is None:
            return found
        if select.percent:
            kept = list(found)
            return iter(kept[: ceil(len(kept) * float(limit) / 100)])
        return islice(found, int(limit))

    return rows


def _distinct(rows: Iterator[Row], keys: list[Any]) -> Iterator[Row]:
    seen = set()
    for row in rows:
        key = tuple(one(value) for one, value in zip(keys, row, strict=True))
        if key not in seen:
            seen.add(key)
            yield row
