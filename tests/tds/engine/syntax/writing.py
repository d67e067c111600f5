"""INSERT, UPDATE, DELETE and TRUNCATE."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tds.contract import SqlError
from tds.engine.syntax import statements as made
from tds.engine.syntax import tree
from tds.engine.syntax.expressions import expression
from tds.engine.syntax.queries import items, query
from tds.engine.syntax.sources import hints_of, name_parts


if TYPE_CHECKING:
    from tds.engine.syntax.tokens import Tokens


def insert(tokens: Tokens) -> made.Statement:
    """Read INSERT."""
    tokens.expect("INSERT")
    tokens.accept("INTO")
    table = name_parts(tokens)
    hints_of(tokens)
    columns = _names(tokens) if tokens.sees("(") and not tokens.ahead().says("SELECT") else ()
    output = _output(tokens)
    if tokens.accept("DEFAULT", "VALUES"):
        return made.Insert(table=table, output=output)
    if tokens.accept("VALUES"):
        return made.Insert(table=table, columns=columns, rows=_rows(tokens), output=output)
    if tokens.sees("EXEC") or tokens.sees("EXECUTE"):
        raise SqlError(40000, "this server does not know INSERT ... EXEC")
    return made.Insert(table=table, columns=columns, query=query(tokens), output=output)


def _names(tokens: Tokens) -> tuple[str, ...]:
    tokens.expect("(")
    names = [tokens.name()]
    while tokens.accept(","):
        names.append(tokens.name())
    tokens.expect(")")
    return tuple(names)


def _rows(tokens: Tokens) -> tuple[tuple[tree.Expression | None, ...], ...]:
    rows = [_row(tokens)]
    while tokens.accept(","):
        rows.append(_row(tokens))
    return tuple(rows)


def _row(tokens: Tokens) -> tuple[tree.Expression | None, ...]:
    tokens.expect("(")
    values = [_value(tokens)]
    while tokens.accept(","):
        values.append(_value(tokens))
    tokens.expect(")")
    return tuple(values)


def _value(tokens: Tokens) -> tree.Expression | None:
    return None if tokens.accept("DEFAULT") else expression(tokens)


def _output(tokens: Tokens) -> tuple[tree.Item, ...]:
    if not tokens.accept("OUTPUT"):
        return ()
    found = items(tokens)
    if tokens.sees("INTO"):
        raise SqlError(40000, "this server does not know OUTPUT ... INTO")
    return found


def update(tokens: Tokens) -> made.Statement:
    """Read UPDATE."""
    tokens.expect("UPDATE")
    if tokens.accept("STATISTICS"):
        name_parts(tokens)
        _names(tokens) if tokens.sees("(") else None
        return made.Block(())
    top = _top(tokens)
    table = name_parts(tokens)
    hints_of(tokens)
    tokens.expect("SET")
    changes = [_change(tokens)]
    while tokens.accept(","):
        changes.append(_change(tokens))
    output = _output(tokens)
    where = _where(tokens, "UPDATE")
    return made.Update(table=table, changes=tuple(changes), where=where, top=top, output=output)


def _change(tokens: Tokens) -> tuple[str, tree.Expression | None]:
    name = name_parts(tokens)[-1]
    if sign := tokens.one_of("+=", "-="):
        return name, tree.Binary(sign[0], tree.Name((name,)), expression(tokens))
    tokens.expect("=")
    return name, _value(tokens)


def delete(tokens: Tokens) -> made.Statement:
    """Read DELETE."""
    tokens.expect("DELETE")
    top = _top(tokens)
    tokens.accept("FROM")
    table = name_parts(tokens)
    hints_of(tokens)
    output = _output(tokens)
    return made.Delete(table=table, where=_where(tokens, "DELETE"), top=top, output=output)


def truncate(tokens: Tokens) -> made.Statement:
    """Read TRUNCATE TABLE."""
    tokens.expect("TRUNCATE", "TABLE")
    return made.Truncate(name_parts(tokens))


def _where(tokens: Tokens, verb: str) -> tree.Expression | None:
    if tokens.sees("FROM"):
        raise SqlError(40000, f"this server does not know {verb} with a FROM of its own")
    return expression(tokens) if tokens.accept("WHERE") else None


def _top(tokens: Tokens) -> tree.Expression | None:
    if not tokens.accept("TOP"):
        return None
    tokens.expect("(")
    rows = expression(tokens)
    tokens.expect(")")
    return rows
