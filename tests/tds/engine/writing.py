"""INSERT, UPDATE, DELETE and TRUNCATE: each happens whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from tds.contract import Column, Done, Rows, SqlError
from tds.engine.expressions.compiling import compiled, condition
from tds.engine.expressions.functions.numbers import cast_to, chosen_type
from tds.engine.expressions.scope import Field, Scope
from tds.engine.queries.planning import planned
from tds.engine.rowmaking import RowMaker
from tds.engine.storage.keys import claim
from tds.engine.storage.transactions import SNAPSHOT
from tds.engine.syntax import tree


if TYPE_CHECKING:
    from collections.abc import Iterator

    from tds.contract import Result
    from tds.engine.context import Context
    from tds.engine.expressions.compiled import Row
    from tds.engine.storage.tables import Table
    from tds.engine.storage.versions import Version
    from tds.engine.syntax import statements as made


@frozen
class _Written:
    """A row before and after; None where there is none."""

    number: int
    before: Row | None
    after: Row | None


def insert(node: made.Insert, context: Context) -> Iterator[Result]:
    """Run INSERT."""
    table = context.table(node.table, "INSERT")
    version = context.transaction.version(table)
    maker = RowMaker.of(table, version, context)
    places = maker.insertable(node.columns)
    given = _given(node, context, maker, places)
    written = [_Written(table.next_row(), None, maker.new(values)) for values in given]
    _apply(context, table, version, written)
    yield from _said(node.output, context, version, written)


def _given(node: made.Insert, context: Context, maker: RowMaker, places: tuple[int, ...]) -> Iterator[dict[int, Any]]:
    """Yield the values that are given for columns, as the columns hold them."""
    if node.query is not None:
        plan = planned(node.query, context, None)
        _same_number(len(places), len(plan.columns))
        stores = [maker.storing(place, column.type) for place, column in zip(places, plan.columns, strict=True)]
        for row in list(plan.rows()):
            yield {place: store(value) for place, store, value in zip(places, stores, row, strict=True)}
        return
    if len(node.rows) > 1 and None not in {one for row in node.rows for one in row}:
        yield from _given_together(node, context, maker, places)
        return
    scope = Scope(context=context)
    for expressions in node.rows or ((),):
        if node.rows:
            _same_number(len(places), len(expressions))
        pairs = [
            (place, compiled(one, scope)) for place, one in zip(places, expressions, strict=False) if one is not None
        ]
        yield {place: maker.storing(place, value.type)(value.value()) for place, value in pairs}


def _given_together(
    node: made.Insert, context: Context, maker: RowMaker, places: tuple[int, ...]
) -> Iterator[dict[int, Any]]:
    """Yield rows of VALUES, whose columns have one type each, as if they were joined by UNION ALL."""
    scope = Scope(context=context)
    for row in node.rows:
        _same_number(len(places), len(row))
    columns = [[compiled(one, scope) for one in column if one is not None] for column in zip(*node.rows, strict=True)]
    ready = []
    for place, column in zip(places, columns, strict=True):
        type_ = chosen_type(tuple(column))
        store = maker.storing(place, type_)
        ready.append([store(cast_to(one, type_).value()) for one in column])
    yield from (dict(zip(places, row, strict=True)) for row in zip(*ready, strict=True))


def _same_number(columns: int, values: int) -> None:
    if columns > values:
        raise SqlError(
            109,
            "There are more columns in the INSERT statement than values specified in the VALUES clause. "
            "The number of values must match the number of columns.",
            severity=15,
        )
    if columns < values:
        raise SqlError(213, "Column name or number of supplied values does not match table definition.")


def update(node: made.Update, context: Context) -> Iterator[Result]:
    """Run UPDATE."""
    table = context.table(node.table, "UPDATE")
    version, found = _locked(table, node.where, node.top, context)
    maker = RowMaker.of(table, version, context)
    scope = _scope(context, table, version)
    changes = []
    for name, expression in node.changes:
        place = maker.updatable(name)
        value = maker.default(place) if expression is None else compiled(expression, scope)
        changes.append((place, value, maker.storing(place, value.type)))
    written = [
        _Written(number, row, maker.changed(row, {place: store(value.run(row)) for place, value, store in changes}))
        for number, row in found
    ]
    _apply(context, table, version, written)
    yield from _said(node.output, context, version, written)


def delete(node: made.Delete, context: Context) -> Iterator[Result]:
    """Run DELETE."""
    table = context.table(node.table, "DELETE")
    version, found = _locked(table, node.where, node.top, context)
    written = [_Written(number, row, None) for number, row in found]
    _apply(context, table, version, written)
    yield from _said(node.output, context, version, written)


def truncate(node: made.Truncate, context: Context) -> Iterator[Result]:
    """Run TRUNCATE TABLE, of which Change Tracking sees nothing: it begins anew."""
    table = context.table(node.table, "DELETE")
    version, found = _locked(table, None, None, context)
    _apply(context, table, version, [_Written(number, row, None) for number, row in found], tracked=False)
    if table.tracking is not None:
        table.tracking.begin = context.database.moment.changes
        table.tracking.log.clear()
    if table.next_identity is not None:
        table.next_identity = next(one.identity[0] for one in version.columns if one.identity is not None)
    yield Done()


def _scope(context: Context, table: Table, version: Version) -> Scope:
    fields = tuple(
        Field((table.schema.lower(), table.name.lower()), Column(one.name, one.type, nullable=one.nullable))
        for one in version.columns
    )
    return Scope(context=context, fields=fields)


def _locked(table: Table, where: Any, top: Any, context: Context) -> tuple[Version, list[tuple[int, Row]]]:
    """Find the rows that a condition means and lock them; look again when others had changed some meanwhile."""
    while True:
        version = context.transaction.version(table)
        scope = _scope(context, table, version)
        test = None if where is None else condition(where, scope)
        found = [(number, row) for number, row in version.numbered() if test is None or test(row)]
        if top is not None:
            found = found[: compiled(top, scope).value()]
        waited = [context.transaction.lock(table, number) for number, _ in found]
        if context.transaction.isolation == SNAPSHOT:
            _demand_unchanged(table, found, context)
            return version, found
        if not any(waited):
            return version, _still_there(table, found, context)


def _still_there(table: Table, found: list[tuple[int, Row]], context: Context) -> list[tuple[int, Row]]:
    """Leave out what another transaction deleted between the look and the lock."""
    now = context.transaction.version(table)
    return [(number, now_row) for number, _ in found if (now_row := now.get(number)) is not None]


def _demand_unchanged(table: Table, found: list[tuple[int, Row]], context: Context) -> None:
    now = context.database.moment.versions[table.id]
    mine = context.transaction.of(table)
    for number, row in found:
        if number not in mine.rows and now.get(number) is not row and now.get(number) != row:
            raise SqlError(
                3960,
                "Snapshot isolation transaction aborted due to update conflict. You cannot use snapshot "
                f"isolation to access table '{table.schema}.{table.name}' directly or indirectly in database "
                f"'{context.database.name}' to update, delete, or insert the row that has been modified or "
                "deleted by another transaction.",
                state=2,
            )


def _apply(context: Context, table: Table, version: Version, written: list[_Written], *, tracked: bool = True) -> None:
    """Take all keys, then write all rows; when a key is taken nothing was written."""
    transaction = context.transaction
    transaction.of(table)
    mark = len(transaction.undo)
    pending = {one.number: one.after for one in written}
    try:
        for one in written:
            transaction.lock(table, one.number)
            if one.after is not None:
                claim(transaction, table, version.columns, one.number, pending)
    except SqlError:
        for undo in reversed(transaction.undo[mark:]):
            undo()
        del transaction.undo[mark:]
        raise
    for one in written:
        if one.after is None:
            transaction.remove(table, one.number, one.before or ())
        else:
            transaction.put(table, one.number, one.before, one.after)
    if not tracked:
        transaction.of(table).operations.clear()


def _said(items: tuple[tree.Item, ...], context: Context, version: Version, written: list[_Written]) -> Any:
    """Say how many rows were written, or what OUTPUT wants to know of each."""
    context.memory.row_count = len(written)
    if not items:
        yield Done(len(written))
        return
    columns = [Column(one.name, one.type, nullable=one.nullable) for one in version.columns]
    fields = tuple(Field((side,), column) for side in ("inserted", "deleted") for column in columns)
    scope = Scope(context=context, fields=fields)
    parts = [part for item in items for part in _expanded(item, fields)]
    values = [(alias, compiled(of, scope)) for alias, of in parts]
    described = tuple(Column(alias, value.type, nullable=value.nullable) for alias, value in values)
    empty = (None,) * len(columns)
    rows = [tuple(value.run((one.after or empty) + (one.before or empty)) for _, value in values) for one in written]
    yield Rows(described, rows)


def _expanded(item: tree.Item, fields: tuple[Field, ...]) -> Iterator[tuple[str, tree.Expression]]:
    if isinstance(item.of, tree.Star):
        for field in fields:
            if field.source == (str(item.of.of).lower(),):
                yield field.column.name, tree.Name((*field.source, field.column.name))
    else:
        name = item.of.parts[-1] if isinstance(item.of, tree.Name) else ""
        yield item.alias or name, item.of
