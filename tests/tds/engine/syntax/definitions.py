"""CREATE and DROP: tables, keys, indexes, views, schemas, statistics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tds.contract import SqlError
from tds.engine.syntax import statements as made
from tds.engine.syntax.columns import (
    column_definition,
    key_columns,
    key_definition,
    plain_names,
    sees_key,
    storage_options,
)
from tds.engine.syntax.expressions import expression
from tds.engine.syntax.queries import query
from tds.engine.syntax.sources import name_parts


if TYPE_CHECKING:
    from tds.engine.syntax.tokens import Tokens


def create(tokens: Tokens) -> made.Statement:
    """Read CREATE."""
    tokens.expect("CREATE")
    if tokens.accept("OR", "ALTER"):
        pass
    if tokens.accept("TABLE"):
        return _table(tokens)
    if tokens.accept("VIEW"):
        return _view(tokens)
    if tokens.accept("SCHEMA"):
        return made.CreateSchema(tokens.name())
    if tokens.accept("STATISTICS"):
        return _statistics(tokens)
    if tokens.next.says("UNIQUE", "CLUSTERED", "NONCLUSTERED", "INDEX"):
        return _index(tokens)
    raise SqlError(40000, f"this server does not know CREATE {tokens.next.text.upper()}")


def _table(tokens: Tokens) -> made.Statement:
    parts = name_parts(tokens)
    tokens.expect("(")
    columns, keys = elements(tokens)
    tokens.expect(")")
    storage_options(tokens)
    return made.CreateTable(parts=parts, columns=columns, keys=keys)


def elements(tokens: Tokens) -> tuple[tuple[made.ColumnDefinition, ...], tuple[made.KeyDefinition, ...]]:
    """Read columns and keys with commas between them, up to a closing bracket or the end."""
    columns: list[Any] = []
    keys: list[Any] = []
    while True:
        if sees_key(tokens):
            keys.append(key_definition(tokens))
        else:
            column, own = column_definition(tokens)
            columns.append(column)
            keys.extend(own)
        if not tokens.accept(",") or tokens.sees(")"):
            return tuple(columns), tuple(key for key in keys if key is not None)


def _view(tokens: Tokens) -> made.Statement:
    parts = name_parts(tokens)
    columns = plain_names(tokens) if tokens.sees("(") else ()
    tokens.accept("WITH", "SCHEMABINDING")
    tokens.expect("AS")
    return made.CreateView(parts=parts, columns=columns, query=query(tokens))


def _statistics(tokens: Tokens) -> made.Statement:
    name = tokens.name()
    tokens.expect("ON")
    found = made.CreateStatistics(name, name_parts(tokens), plain_names(tokens))
    if tokens.accept("WITH"):
        tokens.one_of("FULLSCAN", "NORECOMPUTE") or tokens.refuse()
    return found


def _index(tokens: Tokens) -> made.Statement:
    unique = tokens.accept("UNIQUE")
    clustered = tokens.one_of("CLUSTERED", "NONCLUSTERED") == "CLUSTERED"
    tokens.expect("INDEX")
    name = tokens.name()
    tokens.expect("ON")
    table = name_parts(tokens)
    columns = key_columns(tokens)
    included = plain_names(tokens) if tokens.accept("INCLUDE") else ()
    filtered = tokens.accept("WHERE")
    if filtered:
        expression(tokens)
        if unique:
            raise SqlError(40000, "this server does not know unique indexes with a filter")
    storage_options(tokens)
    key = made.KeyDefinition(
        name=name,
        columns=columns,
        unique=unique,
        clustered=clustered,
        constraint=False,
        included=included,
        filtered=filtered,
    )
    return made.CreateIndex(table, key)


def drop(tokens: Tokens) -> made.Statement:
    """Read DROP."""
    tokens.expect("DROP")
    kind = tokens.one_of("TABLE", "VIEW", "SCHEMA", "INDEX", "STATISTICS")
    if kind is None:
        raise SqlError(40000, f"this server does not know DROP {tokens.next.text.upper()}")
    if_exists = tokens.accept("IF", "EXISTS")
    names = [name_parts(tokens)]
    if kind == "INDEX" and tokens.accept("ON"):
        return made.Drop(kind, tuple(names), if_exists, name_parts(tokens))
    while tokens.accept(","):
        names.append(name_parts(tokens))
    return made.Drop(kind, tuple(names), if_exists)
