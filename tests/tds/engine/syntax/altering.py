"""ALTER TABLE, ALTER INDEX and ALTER DATABASE."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from tds.contract import SqlError
from tds.engine.syntax import statements as made
from tds.engine.syntax.columns import column_definition
from tds.engine.syntax.definitions import elements
from tds.engine.syntax.sources import name_parts


if TYPE_CHECKING:
    from tds.engine.syntax.tokens import Tokens


def alter(tokens: Tokens) -> made.Statement:
    """Read ALTER."""
    tokens.expect("ALTER")
    if tokens.accept("TABLE"):
        return _table(tokens)
    if tokens.accept("DATABASE"):
        return _database(tokens)
    if tokens.accept("INDEX"):
        return _index(tokens)
    raise SqlError(40000, f"this server does not know ALTER {tokens.next.text.upper()}")


def _index(tokens: Tokens) -> made.Statement:
    tokens.name()
    tokens.expect("ON")
    name_parts(tokens)
    tokens.one_of("REBUILD", "REORGANIZE") or tokens.refuse()
    return made.Block(())


def _table(tokens: Tokens) -> made.Statement:
    table = name_parts(tokens)
    if tokens.accept("WITH", "CHECK") or tokens.accept("WITH", "NOCHECK"):
        pass
    if tokens.accept("ADD"):
        columns, keys = elements(tokens)
        return made.AddToTable(table, columns, keys)
    if tokens.accept("DROP"):
        return _drop(tokens, table)
    if tokens.accept("ALTER", "COLUMN"):
        column, _ = column_definition(tokens)
        return made.AlterColumn(table, column)
    if tokens.next.says("ENABLE", "DISABLE") and tokens.ahead().says("CHANGE_TRACKING"):
        return _track(tokens, table)
    if tokens.accept("REBUILD"):
        return made.Block(())
    raise SqlError(40000, f"this server does not know ALTER TABLE ... {tokens.next.text.upper()}")


def _drop(tokens: Tokens, table: tuple[str, ...]) -> made.Statement:
    kind = tokens.one_of("COLUMN", "CONSTRAINT") or "CONSTRAINT"
    tokens.accept("IF", "EXISTS")
    names = [tokens.name()]
    while tokens.accept(","):
        names.append(tokens.name())
    return made.DropFromTable(table, kind, tuple(names))


def _track(tokens: Tokens, table: tuple[str, ...]) -> made.Statement:
    on = tokens.take().text.upper() == "ENABLE"
    tokens.expect("CHANGE_TRACKING")
    found = made.TrackTable(table, on)
    if tokens.accept("WITH", "(", "TRACK_COLUMNS_UPDATED", "="):
        found = evolve(found, columns_updated=tokens.one_of("ON", "OFF") == "ON")
        tokens.expect(")")
    return found


def _database(tokens: Tokens) -> made.Statement:
    name = None if tokens.accept("CURRENT") else tokens.name()
    tokens.expect("SET")
    option = tokens.name().upper()
    value = "ON" if tokens.accept("=", "ON") else tokens.one_of("ON", "OFF")
    if value is None and tokens.accept("=", "OFF"):
        value = "OFF"
    details = _details(tokens) if tokens.sees("(") else ()
    if tokens.accept("WITH"):
        tokens.expect("ROLLBACK", "IMMEDIATE") if tokens.sees("ROLLBACK") else tokens.expect("NO_WAIT")
    if value is None and not details:
        tokens.refuse()
    return made.AlterDatabase(name, option, value or "ON", details)


def _details(tokens: Tokens) -> tuple[tuple[str, str], ...]:
    found = []
    tokens.expect("(")
    while not tokens.accept(")"):
        name = tokens.name().upper()
        tokens.expect("=")
        value = tokens.take().text.upper()
        unit = tokens.one_of("DAYS", "HOURS", "MINUTES")
        found.append((name, f"{value} {unit}" if unit else value))
        tokens.accept(",")
    return tuple(found)
