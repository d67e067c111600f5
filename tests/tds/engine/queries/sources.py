"""What FROM names made ready to read: tables, views, functions, queries in brackets."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from attrs import evolve

from tds.contract import Column, SqlError
from tds.engine import changes
from tds.engine.catalogue import catalogue_function, catalogue_view
from tds.engine.expressions.compiling import compiled
from tds.engine.expressions.functions.numbers import cast_to, chosen_type
from tds.engine.expressions.scope import Field
from tds.engine.generated import Generated
from tds.engine.queries.joins import joined
from tds.engine.queries.plan import Plan, Reading
from tds.engine.storage.tables import View
from tds.engine.storage.transactions import READ_UNCOMMITTED
from tds.engine.syntax import tree


if TYPE_CHECKING:
    from collections.abc import Iterator

    from tds.engine.expressions.compiled import Row
    from tds.engine.expressions.scope import Scope
    from tds.engine.storage.tables import Table

_DIRTY = {"NOLOCK", "READUNCOMMITTED"}


def reading(source: tree.Source, scope: Scope) -> Reading:
    """Make a source ready to read. Raises `SqlError` 208 for names that nothing has."""
    if isinstance(source, tree.Join):
        return joined(source, scope, reading)
    if isinstance(source, tree.Derived):
        return _derived(source, scope)
    if isinstance(source, tree.Rowset):
        return _rowset(source, scope)
    if isinstance(source, tree.Changes):
        return _named(changes.plan(source, scope), (source.alias or source.table[-1],))
    if source.arguments is not None:
        arguments = [compiled(argument, scope) for argument in source.arguments]
        return _named(catalogue_function(scope.context, source.parts, arguments), (source.alias or source.parts[-1],))
    return _table(source, scope)


def _named(plan: Plan, name: tuple[str, ...], columns: tuple[str, ...] = ()) -> Reading:
    lower = tuple(part.lower() for part in name)
    if columns and len(columns) != len(plan.columns):
        raise SqlError(
            8158,
            f"'{name[-1]}' has {'more' if len(plan.columns) > len(columns) else 'fewer'} columns than "
            "were specified in the column list.",
        )
    found = [evolve(column, name=new) for column, new in zip(plan.columns, columns or (), strict=False)]
    return Reading(tuple(Field(lower, column) for column in (found or plan.columns)), plan.rows, plan.encoded)


def _derived(source: tree.Derived, scope: Scope) -> Reading:
    plan = inner_plan(source.query, scope)
    demand_names(plan, source.alias, source.columns)
    return _named(plan, (source.alias,), source.columns)


def inner_plan(query: tree.Query, scope: Scope) -> Plan:
    """Plan a query that is a table of another one. Raises `SqlError` 1033 for an order that means nothing there."""
    top = isinstance(query.body, tree.Select) and query.body.top is not None
    if query.order and not top and query.offset is None:
        raise SqlError(
            1033,
            "The ORDER BY clause is invalid in views, inline functions, derived tables, subqueries, "
            "and common table expressions, unless TOP, OFFSET or FOR XML is also specified.",
            severity=15,
        )
    return scope.context.plan(query, scope.inner())  # type: ignore[no-any-return]


def demand_names(plan: Plan, alias: str, columns: tuple[str, ...]) -> None:
    """Raise `SqlError` 8155 and 8156: columns of an inner query need names, and each its own."""
    names = columns or tuple(column.name for column in plan.columns)
    seen = set()
    for at, name in enumerate(names, 1):
        if not name:
            raise SqlError(8155, f"No column name was specified for column {at} of '{alias}'.")
        if name.lower() in seen:
            raise SqlError(8156, f"The column '{name}' was specified multiple times for '{alias}'.")
        seen.add(name.lower())


def _rowset(source: tree.Rowset, scope: Scope) -> Reading:
    rows = [[compiled(value, scope) for value in row] for row in source.rows]
    types = [chosen_type(tuple(column)) for column in zip(*rows, strict=True)]
    casts = [[cast_to(value, type_).run for value, type_ in zip(row, types, strict=True)] for row in rows]
    columns = tuple(Column("", type_) for type_ in types)

    def values() -> Iterator[Row]:
        return iter([tuple(run(()) for run in row) for row in casts])

    return _named(Plan(columns, values), (source.alias,), source.columns)


def _table(source: tree.Table, scope: Scope) -> Reading:
    context, name = scope.context, source.parts[-1]
    if len(source.parts) == 1 and name.lower() in context.named:
        return _with_query(source, scope)
    found = context.find(source.parts)
    known = (source.alias,) if source.alias else source.parts if len(source.parts) < 3 else source.parts[1:]
    if found is None:
        view = catalogue_view(context, source.parts)
        if view is None:
            raise SqlError(208, f"Invalid object name '{'.'.join(source.parts)}'.")
        return _named(view, tuple(known))
    context.check("SELECT", found)
    if isinstance(found, View):
        return _named(
            _view(found, scope), (source.alias or found.name,) if source.alias else (found.schema, found.name)
        )
    plan = table_plan(found, context, READ_UNCOMMITTED if _DIRTY & set(source.hints) else None)
    if source.sample is not None:
        plan = _sampled(plan, source.sample, scope)
    return _named(plan, (source.alias,) if source.alias else (found.schema, found.name))


def _with_query(source: tree.Table, scope: Scope) -> Reading:
    name = source.parts[-1]
    columns, query = scope.context.named[name.lower()]
    earlier = {}
    for known, value in scope.context.named.items():
        if known == name.lower():
            break
        earlier[known] = value
    plan = scope.context.within(earlier).plan(query)
    demand_names(plan, name, columns)
    return _named(plan, (source.alias or name,), columns)


def _view(found: View, scope: Scope) -> Plan:
    plan = scope.context.within({}).plan(found.query)
    if not found.columns:
        return plan  # type: ignore[no-any-return]
    named = [evolve(column, name=name) for column, name in zip(plan.columns, found.columns, strict=True)]
    return Plan(tuple(named), plan.rows)


def table_plan(table: Table, context: Any, isolation: str | None = None) -> Plan:
    """Read a table as the transaction sees it now."""
    database = next(one for one in context.server.all_databases() if one.find(table.schema, table.name) is table)
    transaction = context.transaction
    if database is not context.database:
        from tds.engine.storage.transactions import Transaction

        transaction = Transaction(database, isolation=transaction.isolation)
    version = transaction.version(table, isolation)
    columns = tuple(
        Column(
            column.name, column.type, nullable=column.nullable, identity=column.identity is not None,
            computed=column.computed is not None,
        )
        for column in version.columns
    )  # fmt: skip
    return Plan(columns, version.rows, isinstance(version, Generated) and version.encoded)


def _sampled(plan: Plan, sample: tuple[tree.Expression, str], scope: Scope) -> Plan:
    """Take about so many rows, blocks of 100 at a time, as a server takes pages."""
    size, unit = compiled(sample[0], scope).value(), sample[1]

    def rows() -> Iterator[Row]:
        found = list(plan.rows())
        share = float(size) / 100 if unit == "PERCENT" else float(size) / max(len(found), 1)
        for start in range(0, len(found), 100):
            if random.random() < share:  # noqa: S311 - no secret
                yield from found[start : start + 100]

    return Plan(plan.columns, rows)
