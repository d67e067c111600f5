"""SELECT: lists, sources, conditions, groups, unions, order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tds.contract import SqlError
from tds.engine.syntax import tree
from tds.engine.syntax.calls import orderings
from tds.engine.syntax.expressions import expression, expressions
from tds.engine.syntax.sources import source


if TYPE_CHECKING:
    from tds.engine.syntax.tokens import Tokens


_AFTER_ITEM = {
    "FROM", "WHERE", "GROUP", "HAVING", "ORDER", "UNION", "EXCEPT", "INTERSECT", "INTO", "OPTION", "FOR", "END", "IF",
    "ELSE", "SELECT", "INSERT", "UPDATE", "DELETE", "SET", "DECLARE", "EXEC", "EXECUTE", "BEGIN", "COMMIT", "ROLLBACK",
    "CREATE", "DROP", "ALTER", "PRINT", "WITH", "TRUNCATE", "VALUES", "DEFAULT", "OUTPUT",
}  # fmt: skip


def query(tokens: Tokens) -> tree.Query:
    """Read a query, from WITH or SELECT to its last clause."""
    named = _named(tokens) if tokens.sees("WITH") else ()
    body = _body(tokens)
    order = orderings(tokens, expression) if tokens.sees("ORDER") else ()
    offset = fetch = None
    if order and tokens.accept("OFFSET"):
        offset = expression(tokens)
        tokens.one_of("ROW", "ROWS") or tokens.refuse()
        if tokens.accept("FETCH"):
            tokens.one_of("NEXT", "FIRST") or tokens.refuse()
            fetch = expression(tokens)
            tokens.one_of("ROW", "ROWS") or tokens.refuse()
            tokens.expect("ONLY")
    if tokens.sees("FOR") or tokens.sees("COMPUTE"):
        raise SqlError(40000, f"this server does not know {tokens.next.text.upper()} at the end of a query")
    _options(tokens)
    return tree.Query(body=body, order=order, offset=offset, fetch=fetch, named=named)


def _named(tokens: Tokens) -> tuple[tuple[str, tuple[str, ...], tree.Query], ...]:
    tokens.expect("WITH")
    found = [_one_named(tokens)]
    while tokens.accept(","):
        found.append(_one_named(tokens))
    return tuple(found)


def _one_named(tokens: Tokens) -> tuple[str, tuple[str, ...], tree.Query]:
    name, columns = tokens.name(), []
    if tokens.accept("("):
        columns.append(tokens.name())
        while tokens.accept(","):
            columns.append(tokens.name())
        tokens.expect(")")
    tokens.expect("AS", "(")
    inner = query(tokens)
    tokens.expect(")")
    return name, tuple(columns), inner


def _options(tokens: Tokens) -> None:
    """Skip OPTION: what it says changes how a server works, not what it answers."""
    if tokens.accept("OPTION", "("):
        depth = 1
        while depth and tokens.next.kind != "end":
            token = tokens.take()
            depth += {"(": 1, ")": -1}.get(token.text, 0) if token.kind == "sign" else 0


def _body(tokens: Tokens) -> tree.Body:
    left = _intersected(tokens)
    while kind := tokens.one_of("UNION", "EXCEPT"):
        kind += " ALL" if tokens.accept("ALL") else ""
        left = tree.Combined(kind, left, _intersected(tokens))
    return left


def _intersected(tokens: Tokens) -> tree.Body:
    left = _part(tokens)
    while tokens.accept("INTERSECT"):
        left = tree.Combined("INTERSECT", left, _part(tokens))
    return left


def _part(tokens: Tokens) -> tree.Body:
    if tokens.accept("("):
        inner = _body(tokens)
        tokens.expect(")")
        return inner
    return _select(tokens)


def _select(tokens: Tokens) -> tree.Select:
    tokens.expect("SELECT")
    distinct = tokens.accept("DISTINCT")
    tokens.accept("ALL")
    top = _top(tokens)
    percent = top is not None and tokens.accept("PERCENT")
    ties = top is not None and tokens.accept("WITH", "TIES")
    return tree.Select(
        distinct=distinct,
        top=top,
        percent=percent,
        ties=ties,
        items=items(tokens),
        into=_into(tokens),
        source=source(tokens) if tokens.accept("FROM") else None,
        where=expression(tokens) if tokens.accept("WHERE") else None,
        groups=expressions(tokens) if tokens.accept("GROUP", "BY") else (),
        having=expression(tokens) if tokens.accept("HAVING") else None,
    )


def _top(tokens: Tokens) -> tree.Expression | None:
    if not tokens.accept("TOP"):
        return None
    if tokens.accept("("):
        rows = expression(tokens)
        tokens.expect(")")
        return rows
    from tds.engine.syntax.calls import literal

    return literal(tokens.take()) if tokens.next.kind == "number" else tokens.refuse()


def _into(tokens: Tokens) -> tuple[str, ...] | None:
    if not tokens.accept("INTO"):
        return None
    parts = [tokens.name()]
    while tokens.accept("."):
        parts.append(tokens.name())
    return tuple(parts)


def items(tokens: Tokens) -> tuple[tree.Item, ...]:
    """Read a select list."""
    found = [_item(tokens)]
    while tokens.accept(","):
        found.append(_item(tokens))
    return tuple(found)


def _item(tokens: Tokens) -> tree.Item:
    if tokens.next.kind in {"name", "quoted"} and tokens.ahead().says("="):
        alias = tokens.name()
        tokens.take()
        return tree.Item(expression(tokens), alias)
    if tokens.next.kind == "variable" and tokens.ahead().says("="):
        variable = tokens.take().text
        tokens.take()
        return tree.Item(expression(tokens), variable)
    of = expression(tokens)
    if tokens.accept("AS"):
        return tree.Item(of, tokens.take().text if tokens.next.kind in {"text", "national"} else tokens.name())
    follows = tokens.next
    if follows.kind == "quoted" or (follows.kind == "name" and follows.text.upper() not in _AFTER_ITEM):
        return tree.Item(of, tokens.name())
    return tree.Item(of)
