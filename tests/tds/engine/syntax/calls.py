"""Constants and functions of T-SQL, those with a syntax of their own included."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tds.contract import MAX, SqlType
from tds.engine.syntax import tree
from tds.engine.syntax.types import type_of


if TYPE_CHECKING:
    from collections.abc import Callable

    from tds.engine.syntax.tokens import Token, Tokens

    Reader = Callable[[Tokens], tree.Expression]

_PARTED = {"DATEPART", "DATENAME", "DATEADD", "DATEDIFF", "DATEDIFF_BIG", "DATETRUNC"}
_LARGEST_INT = 2**31 - 1


def literal(token: Token) -> tree.Literal:
    """Make a constant of a token, of the type that a server gives it."""
    if token.kind in {"text", "national"}:
        return _text(token)
    if token.kind == "binary":
        data = bytes.fromhex(token.text[2:].zfill(len(token.text) - 2 + len(token.text) % 2))
        return tree.Literal(SqlType("varbinary", length=max(len(data), 1)), data)
    if "e" in token.text.lower():
        return tree.Literal(SqlType("float"), float(token.text))
    value = Decimal(token.text)
    if "." not in token.text and value <= _LARGEST_INT:
        return tree.Literal(SqlType("int"), int(value))
    scale = len(token.text.partition(".")[2])
    digits = len(str(abs(int(value.scaleb(scale))))) if value else 1
    return tree.Literal(SqlType("numeric", precision=max(digits, scale, 1), scale=scale), value)


def _text(token: Token) -> tree.Literal:
    national = token.kind == "national"
    units = len(token.text.encode("utf-16-le")) // 2
    length = max(units, 1) if units <= (4000 if national else 8000) else MAX
    return tree.Literal(SqlType("nvarchar" if national else "varchar", length=length), token.text)


def call(tokens: Tokens, expression: Reader) -> tree.Expression:
    """Read a function, ``expression`` reading its arguments."""
    word = tokens.next.text.upper() if tokens.next.kind == "name" else ""
    if word == "CURRENT_TIMESTAMP":
        tokens.take()
        return tree.Call("GETDATE", ())
    reader = _SPECIAL.get(word)
    name = tokens.name()
    tokens.expect("(")
    found = reader(tokens, expression, word) if reader else _plain(tokens, expression, name)
    tokens.expect(")")
    if isinstance(found, tree.Call) and (tokens.sees("OVER") or tokens.sees("WITHIN")):
        return _window(tokens, expression, found)
    return found


def _plain(tokens: Tokens, expression: Reader, name: str) -> tree.Call:
    distinct = tokens.accept("DISTINCT")
    tokens.accept("ALL")
    part = None
    if name.upper() in _PARTED:
        part = tokens.name().lower()
        tokens.expect(",")
    arguments = []
    while not tokens.sees(")"):
        arguments.append(expression(tokens))
        if not tokens.accept(","):
            break
    return tree.Call(name.upper(), tuple(arguments), distinct, part)


def _cast(tokens: Tokens, expression: Reader, word: str) -> tree.Expression:
    of = expression(tokens)
    tokens.expect("AS")
    return tree.Cast(of, type_of(tokens), tries=word == "TRY_CAST")


def _convert(tokens: Tokens, expression: Reader, word: str) -> tree.Expression:
    kind = type_of(tokens)
    tokens.expect(",")
    of = expression(tokens)
    style = expression(tokens) if tokens.accept(",") else None
    return tree.Cast(of, kind, style, tries=word == "TRY_CONVERT")


def _iif(tokens: Tokens, expression: Reader, _word: str) -> tree.Expression:
    when = expression(tokens)
    tokens.expect(",")
    then = expression(tokens)
    tokens.expect(",")
    return tree.Case(((when, then),), expression(tokens))


def _nullif(tokens: Tokens, expression: Reader, _word: str) -> tree.Expression:
    left = expression(tokens)
    tokens.expect(",")
    return tree.Case(((tree.Binary("=", left, expression(tokens)), tree.Literal(SqlType("null"), None)),), left)


_SPECIAL = {
    "CAST": _cast, "TRY_CAST": _cast, "CONVERT": _convert, "TRY_CONVERT": _convert, "IIF": _iif, "NULLIF": _nullif,
}  # fmt: skip


def _window(tokens: Tokens, expression: Reader, found: tree.Call) -> tree.Window:
    within = _within(tokens, expression)
    partition: list[tree.Expression] = []
    tokens.expect("OVER", "(")
    if tokens.accept("PARTITION", "BY"):
        partition.append(expression(tokens))
        while tokens.accept(","):
            partition.append(expression(tokens))
    order = orderings(tokens, expression) if tokens.sees("ORDER") else ()
    tokens.expect(")")
    return tree.Window(found, tuple(partition), order, within)


def _within(tokens: Tokens, expression: Reader) -> tuple[tree.Ordering, ...]:
    if not tokens.accept("WITHIN"):
        return ()
    tokens.expect("GROUP", "(")
    order = orderings(tokens, expression)
    tokens.expect(")")
    return order


def orderings(tokens: Tokens, expression: Reader) -> tuple[tree.Ordering, ...]:
    """Read ``ORDER BY`` and what follows it."""
    tokens.expect("ORDER", "BY")
    found = [_ordering(tokens, expression)]
    while tokens.accept(","):
        found.append(_ordering(tokens, expression))
    return tuple(found)


def _ordering(tokens: Tokens, expression: Reader) -> tree.Ordering:
    by = expression(tokens)
    return tree.Ordering(by, tokens.one_of("ASC", "DESC") == "DESC")
