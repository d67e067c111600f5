"""What is read: a table, a view or a query, with the columns that SQLite says it has."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from hygge_core import HomeError
from hygge_core.config.suggest import did_you_mean
from hygge_core.sql import Statement, of_query, of_table, select, table_parts
from hygge_home_sqlite.config import SQLITE


if TYPE_CHECKING:
    from collections.abc import Iterable

    from hygge_core.home import ReadRequest
    from hygge_home_sqlite.config import SqliteConfig
    from hygge_home_sqlite.snapshot import Snapshot


_SHOWN = 20
_ROW_IDS = ("rowid", "_rowid_", "oid")
_VIEW = "hygge columns"
_NAMES = Statement(
    "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
    "ORDER BY name"
)


@frozen(kw_only=True)
class Source:
    """``text`` stands after ``FROM``, ``declared`` holds the declared type of each column, in order.

    ``row_id`` is SQL for the number of a row, empty where rows have none: in views, queries
    and tables WITHOUT ROWID.
    """

    text: str
    declared: dict[str, str] = field(factory=dict)
    row_id: str = ""


def names(snapshot: Snapshot) -> list[str]:
    """List tables and views."""
    with snapshot.told():
        return [name for (name,) in snapshot.run(_NAMES)]


def find(snapshot: Snapshot, settings: SqliteConfig, request: ReadRequest) -> Source:
    """Look at the source of one entity. Raises `HomeError` for what is not there and for a query that does not run."""
    if settings.query:
        return _query(snapshot, settings.query, request)
    source = _table(snapshot, settings.table, request)
    return _with_row_id(source, settings.row_id, snapshot.where) if settings.row_id else source


def named(names: Iterable[str]) -> str:
    """Write some names for an error, the first of many."""
    known = list(names)
    more = f" and {len(known) - _SHOWN:,} more" if len(known) > _SHOWN else ""
    return ", ".join(map(repr, known[:_SHOWN])) + more


def _query(snapshot: Snapshot, query: str, request: ReadRequest) -> Source:
    """Look at a query by way of a temporary view, for which SQLite tells the declared types that it passes on."""
    text = of_query(query, SQLITE, entity=request.entity, flow=request.flow)
    view = SQLITE.quote(_VIEW)
    with snapshot.told():
        snapshot.run(Statement(f"CREATE TEMPORARY VIEW {view} AS {select(SQLITE, ['*'], text).text}"))
        declared = _declared(snapshot, _VIEW, "temp")
        snapshot.run(Statement(f"DROP VIEW temp.{view}"))
    return Source(text=text, declared=declared)


def _table(snapshot: Snapshot, template: str, request: ReadRequest) -> Source:
    *schemas, name = table_parts(template, SQLITE, entity=request.entity, flow=request.flow)
    if len(schemas) > 1:
        what = f"the name of the table has {len(schemas) + 1} parts"
        raise HomeError(what, where=snapshot.where, fix="SQLite knows a schema and a name, such as main.orders")
    schema = schemas[0] if schemas else "main"
    with snapshot.told():
        declared = _declared(snapshot, name, schema)
    if not declared:
        there = names(snapshot)
        fix = did_you_mean(name, there) or (f"it holds {named(there)}" if there else "it holds no tables at all")
        raise HomeError(f"there is no table or view {name!r}", where=str(snapshot.path), fix=fix)
    text = of_table(template, SQLITE, entity=request.entity, flow=request.flow)
    return Source(text=text, declared=declared, row_id=_row_id(snapshot, text, declared))


def _declared(snapshot: Snapshot, name: str, schema: str) -> dict[str, str]:
    """Ask for columns and their declared types; the hidden ones of virtual tables are left out, generated ones not."""
    statement = Statement("SELECT name, type FROM pragma_table_xinfo(?, ?) WHERE hidden <> 1", (name, schema))
    return dict(snapshot.run(statement).fetchall())


def _row_id(snapshot: Snapshot, text: str, declared: Iterable[str]) -> str:
    """Find a name for the row id that no column has taken, where there is a row id."""
    taken = {name.lower() for name in declared}
    free = next((name for name in _ROW_IDS if name not in taken), "")
    if not free:
        return ""
    with snapshot.told():
        try:
            found = snapshot.run(select(SQLITE, [free], text, rows=1)).fetchone()
        except sqlite3.OperationalError:  # no such column; a fault of another kind meets the next statement too
            return ""
    return free if found is None or found[0] is not None else ""


def _with_row_id(source: Source, name: str, where: str) -> Source:
    if not source.row_id:
        raise HomeError(
            "rows have no row id here", where=where, fix="leave row_id out; only tables with a row id have one"
        )
    if name.lower() in map(str.lower, source.declared):
        raise HomeError(f"there is a column {name!r} already", where=where, fix="give row_id another name")
    column = SQLITE.quote(name)
    inner = select(SQLITE, [f"{source.row_id} AS {column}", "*"], source.text).text
    text = f"({inner}) AS {SQLITE.quote('source')}"
    return evolve(source, text=text, declared={name: "INTEGER", **source.declared}, row_id=column)
