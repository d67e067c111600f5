"""What stands after FROM: tables with hints and samples, functions, queries in brackets, joins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tds.contract import SqlError
from tds.engine.syntax import tree
from tds.engine.syntax.expressions import expression, expressions


if TYPE_CHECKING:
    from tds.engine.syntax.tokens import Tokens


HINTS = {
    "NOLOCK", "READUNCOMMITTED", "READCOMMITTED", "READCOMMITTEDLOCK", "REPEATABLEREAD", "SERIALIZABLE", "HOLDLOCK",
    "ROWLOCK", "PAGLOCK", "TABLOCK", "TABLOCKX", "UPDLOCK", "XLOCK", "NOWAIT", "READPAST", "FORCESEEK", "FORCESCAN",
    "SNAPSHOT",
}  # fmt: skip
_AFTER_SOURCE = {
    "WHERE", "GROUP", "HAVING", "ORDER", "UNION", "EXCEPT", "INTERSECT", "JOIN", "INNER", "LEFT", "RIGHT", "FULL",
    "CROSS", "OUTER", "ON", "WITH", "OPTION", "FOR", "TABLESAMPLE", "SELECT", "INSERT", "UPDATE", "DELETE", "SET",
    "DECLARE", "EXEC", "EXECUTE", "BEGIN", "COMMIT", "ROLLBACK", "CREATE", "DROP", "ALTER", "IF", "ELSE", "END",
    "PRINT", "PIVOT", "UNPIVOT", "VALUES", "TRUNCATE", "OUTPUT",
}  # fmt: skip


def source(tokens: Tokens) -> tree.Source:
    """Read all that FROM names, commas being cross joins."""
    left = _joined(tokens)
    while tokens.accept(","):
        left = tree.Join("CROSS", left, _joined(tokens))
    return left


def _joined(tokens: Tokens) -> tree.Source:
    left = _one(tokens)
    while kind := _join_kind(tokens):
        right = _one(tokens)
        condition = None
        if not kind.startswith(("CROSS", "OUTER")):
            tokens.expect("ON")
            condition = expression(tokens)
        left = tree.Join(kind, left, right, condition)
    return left


def _join_kind(tokens: Tokens) -> str | None:
    for written in ("CROSS JOIN", "CROSS APPLY", "OUTER APPLY", "INNER JOIN", "JOIN"):
        if tokens.accept(*written.split()):
            return {"CROSS JOIN": "CROSS", "INNER JOIN": "INNER", "JOIN": "INNER"}.get(written, written)
    for side in ("LEFT", "RIGHT", "FULL"):
        if tokens.accept(side, "JOIN") or tokens.accept(side, "OUTER", "JOIN"):
            return side
    return None


def _one(tokens: Tokens) -> tree.Source:
    if tokens.sees("("):
        return _in_brackets(tokens)
    if tokens.accept("CHANGETABLE"):
        return _changes(tokens)
    parts = name_parts(tokens)
    arguments = None
    if tokens.accept("("):
        arguments = () if tokens.sees(")") else expressions(tokens)
        tokens.expect(")")
        return tree.Table(parts, alias_of(tokens), arguments=arguments)
    alias = alias_of(tokens)
    sample = _sample(tokens)
    hints = hints_of(tokens)
    return tree.Table(parts, alias or alias_of(tokens), hints, sample=sample)


def name_parts(tokens: Tokens) -> tuple[str, ...]:
    """Read a name of up to four parts; ``db..table`` has an empty one."""
    parts = [tokens.name()]
    while tokens.accept("."):
        parts.append("" if tokens.sees(".") else tokens.name())
    return tuple(parts)


def alias_of(tokens: Tokens) -> str | None:
    """Read an alias, if one comes."""
    if tokens.accept("AS"):
        return tokens.name()
    token = tokens.next
    if token.kind == "quoted" or (token.kind == "name" and token.text.upper() not in _AFTER_SOURCE):
        return tokens.name()
    return None


def hints_of(tokens: Tokens) -> tuple[str, ...]:
    """Read ``WITH (NOLOCK, ...)``; hints on indexes are read and mean nothing here."""
    found: list[str] = []
    if not tokens.accept("WITH", "("):
        return ()
    while not tokens.accept(")"):
        hint = tokens.name().upper()
        if hint == "INDEX":
            tokens.accept("=")
            tokens.expect("(")
            expressions(tokens)
            tokens.expect(")")
        elif hint not in HINTS:
            raise SqlError(321, f'"{hint}" is not a recognized table hints option.', severity=15)
        found.append(hint)
        tokens.accept(",")
    return tuple(found)


def _sample(tokens: Tokens) -> tuple[tree.Expression, str] | None:
    if not tokens.accept("TABLESAMPLE"):
        return None
    tokens.accept("SYSTEM")
    tokens.expect("(")
    size = expression(tokens)
    unit = tokens.one_of("PERCENT", "ROWS") or "ROWS"
    tokens.expect(")")
    if tokens.accept("REPEATABLE", "("):
        expression(tokens)
        tokens.expect(")")
    return size, unit


def _in_brackets(tokens: Tokens) -> tree.Source:
    from tds.engine.syntax.queries import query  # each of the two needs the other

    tokens.expect("(")
    if tokens.accept("VALUES"):
        rows = values(tokens)
        tokens.expect(")")
        alias, columns = _derived_names(tokens)
        return tree.Rowset(rows, alias, columns)
    if not (tokens.sees("SELECT") or tokens.sees("(")):
        if tokens.sees("WITH"):
            tokens.refuse()
        inner = source(tokens)
        tokens.expect(")")
        return inner
    found = query(tokens)
    tokens.expect(")")
    return tree.Derived(found, *_derived_names(tokens))


def _derived_names(tokens: Tokens) -> tuple[str, tuple[str, ...]]:
    alias = alias_of(tokens)
    if alias is None:
        tokens.refuse()
    columns: list[str] = []
    if tokens.accept("("):
        columns.append(tokens.name())
        while tokens.accept(","):
            columns.append(tokens.name())
        tokens.expect(")")
    return alias, tuple(columns)


def values(tokens: Tokens) -> tuple[tuple[tree.Expression, ...], ...]:
    """Read ``(1, 2), (3, 4)`` after VALUES."""
    rows = []
    while True:
        tokens.expect("(")
        rows.append(expressions(tokens))
        tokens.expect(")")
        if not tokens.accept(","):
            return tuple(rows)


def _changes(tokens: Tokens) -> tree.Source:
    tokens.expect("(", "CHANGES")
    table = name_parts(tokens)
    tokens.expect(",")
    since = expression(tokens)
    if tokens.accept(",", "FORCESEEK"):
        pass
    tokens.expect(")")
    return tree.Changes(table, since, alias_of(tokens))
