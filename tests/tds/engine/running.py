"""Statements run one after the other, each in a transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tds.contract import Done, Rows, SqlError
from tds.engine import altering, defining, steering, writing
from tds.engine.queries.planning import planned
from tds.engine.storage.tables import Table
from tds.engine.storage.versions import version_of
from tds.engine.syntax import statements as made
from tds.engine.syntax import tree
from tds.engine.values.casting import casting


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tds.contract import Result
    from tds.engine.context import Context
    from tds.engine.expressions.compiled import Row

_WRITES: dict[type, Callable[[Any, Context], Iterator[Result]]] = {
    made.Insert: writing.insert, made.Update: writing.update, made.Delete: writing.delete,
    made.Truncate: writing.truncate,
}  # fmt: skip
_DEFINES: dict[type, Callable[[Any, Context], None]] = {
    made.CreateTable: defining.create_table, made.CreateIndex: defining.create_index,
    made.CreateView: defining.create_view, made.CreateSchema: defining.create_schema,
    made.CreateStatistics: defining.create_statistics, made.Drop: defining.drop,
    made.AddToTable: altering.add_to_table, made.DropFromTable: altering.drop_from_table,
    made.AlterColumn: altering.alter_column, made.TrackTable: altering.track_table,
    made.AlterDatabase: altering.alter_database, made.Permit: altering.permit,
}  # fmt: skip


def run(statements: Iterable[made.Statement], surroundings: steering.Surroundings) -> Iterator[Result]:
    """Run statements in order; the first error ends them all."""
    for statement in statements:
        yield from _one(statement, surroundings)


def _one(statement: made.Statement, surroundings: steering.Surroundings) -> Iterator[Result]:
    kind = type(statement)
    if kind in steering.STEERS:
        yield from steering.STEERS[kind](statement, surroundings, run)
    elif isinstance(statement, tree.Query):
        yield from _query(statement, surroundings)
    elif kind in _WRITES:
        yield from surroundings.written(lambda context: list(_WRITES[kind](statement, context)))
    else:
        surroundings.written(lambda context: _DEFINES[kind](statement, context))
        yield Done()


def _query(query: tree.Query, surroundings: steering.Surroundings) -> Iterator[Result]:
    if isinstance(query.body, tree.Select):
        if query.body.into is not None:
            yield from surroundings.written(lambda context: _into(query, context))
            return
        if any(item.alias is not None and item.alias.startswith("@") for item in query.body.items):
            surroundings.read(lambda context: _assign(query, query.body, context))
            yield Done()
            return
    plan = surroundings.read(lambda context: planned(query, context, None))
    yield Rows(plan.columns, _counted(plan.rows(), surroundings))


def _counted(rows: Iterator[Row], surroundings: steering.Surroundings) -> Iterator[Row]:
    """Yield rows while the client wants them, and remember how many there were."""
    count, cancelled = 0, surroundings.session.cancelled
    for row in rows:
        count += 1
        if not count % 1024 and cancelled.is_set():
            return
        yield row
    surroundings.memory.row_count = count


def _assign(query: tree.Query, select: Any, context: Context) -> None:
    """Run SELECT @a = x: each variable gets the value of the last row."""
    names = [str(item.alias).lower() for item in select.items]
    plan = planned(query, context, None)
    for row in plan.rows():
        for name, column, value in zip(names, plan.columns, row, strict=True):
            if name not in context.variables:
                raise SqlError(137, f'Must declare the scalar variable "{name}".', severity=15)
            type_ = context.variables[name][0]
            context.variables[name] = (type_, None if value is None else casting(column.type, type_)(value))


def _into(query: tree.Query, context: Context) -> list[Result]:
    """Run SELECT ... INTO: a new table with the columns and rows of a query."""
    from attrs import evolve

    from tds.engine.storage.tables import TableColumn

    assert isinstance(query.body, tree.Select)
    assert query.body.into is not None
    plan = planned(evolve(query, body=evolve(query.body, into=None)), context, None)
    database, schema, name = context.place(query.body.into)
    columns = tuple(
        TableColumn(id=at, name=one.name, type=one.type, nullable=one.nullable)
        for at, one in enumerate(plan.columns, 1)
    )
    rows = list(plan.rows())
    table = Table(id=database.next_object(), schema=schema, name=name, created=0, last_row=len(rows))
    database.add(table, version_of(columns, rows))
    context.transaction.undo.append(lambda: database.remove(table))
    context.memory.row_count = len(rows)
    return [Done(len(rows))]
