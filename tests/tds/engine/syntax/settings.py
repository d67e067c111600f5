"""SET, DECLARE, and who may do what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tds.contract import SqlError
from tds.engine.syntax import statements as made
from tds.engine.syntax.expressions import expression
from tds.engine.syntax.sources import name_parts
from tds.engine.syntax.types import type_of


if TYPE_CHECKING:
    from tds.engine.syntax.tokens import Tokens


_LEVELS = ("READ COMMITTED", "READ UNCOMMITTED", "REPEATABLE READ", "SERIALIZABLE", "SNAPSHOT")
_SWITCHES = {
    "NOCOUNT", "XACT_ABORT", "ANSI_NULLS", "ANSI_PADDING", "ANSI_WARNINGS", "ARITHABORT", "CONCAT_NULL_YIELDS_NULL",
    "QUOTED_IDENTIFIER", "NUMERIC_ROUNDABORT", "ANSI_NULL_DFLT_ON", "ANSI_DEFAULTS", "CURSOR_CLOSE_ON_COMMIT",
    "IMPLICIT_TRANSACTIONS", "ARITHIGNORE", "NOEXEC", "FMTONLY", "PARSEONLY", "ANSI_NULL_DFLT_OFF",
}  # fmt: skip
_VALUED = {"LOCK_TIMEOUT", "TEXTSIZE", "ROWCOUNT", "LANGUAGE", "DATEFORMAT", "DATEFIRST", "DEADLOCK_PRIORITY"}


def set_something(tokens: Tokens) -> made.Statement:
    """Read SET."""
    tokens.expect("SET")
    if tokens.accept("TRANSACTION", "ISOLATION", "LEVEL"):
        return made.SetIsolation(_level(tokens))
    if tokens.next.kind == "variable":
        name = tokens.take().text
        tokens.expect("=")
        return made.SetVariable(name, expression(tokens))
    if tokens.accept("IDENTITY_INSERT"):
        table = ".".join(name_parts(tokens))
        return made.SetOption("IDENTITY_INSERT " + table.lower(), _switch(tokens))
    return _option(tokens)


def _option(tokens: Tokens) -> made.Statement:
    name = tokens.name().upper()
    if name in _VALUED:
        sign = "-" if tokens.accept("-") else ""
        return made.SetOption(name, sign + tokens.take().text.upper())
    if name not in _SWITCHES:
        raise SqlError(195, f"'{name}' is not a recognized SET option.", severity=15)
    names = [name]
    while tokens.accept(","):
        names.append(tokens.name().upper())
    return made.SetOption(",".join(names), _switch(tokens))


def _switch(tokens: Tokens) -> str:
    return tokens.one_of("ON", "OFF") or tokens.refuse()


def _level(tokens: Tokens) -> str:
    for level in _LEVELS:
        if tokens.accept(*level.split()):
            return level
    return tokens.refuse()


def declare(tokens: Tokens) -> made.Statement:
    """Read DECLARE."""
    tokens.expect("DECLARE")
    items = [_declared(tokens)]
    while tokens.accept(","):
        items.append(_declared(tokens))
    return made.Declare(tuple(items))


def _declared(tokens: Tokens) -> tuple[str, made.SqlType, made.tree.Expression | None]:
    if tokens.next.kind == "name" and tokens.ahead().says("CURSOR"):
        raise SqlError(40000, "this server does not know cursors")
    if tokens.next.kind != "variable":
        tokens.refuse()
    name = tokens.take().text
    tokens.accept("AS")
    if tokens.sees("TABLE") or tokens.sees("CURSOR"):
        raise SqlError(40000, f"this server does not know variables of type {tokens.next.text.lower()}")
    kind = type_of(tokens, length=1)
    return name, kind, expression(tokens) if tokens.accept("=") else None


def permit(tokens: Tokens) -> made.Statement:
    """Read GRANT, DENY and REVOKE."""
    verb = tokens.take().text.upper()
    permissions = [_permission(tokens)]
    while tokens.accept(","):
        permissions.append(_permission(tokens))
    on = None
    if tokens.accept("ON"):
        if tokens.ahead().says("::"):
            tokens.take()
            tokens.take()
        on = name_parts(tokens)
    tokens.one_of("TO", "FROM") or tokens.refuse()
    return made.Permit(verb, tuple(permissions), on, tokens.name())


def _permission(tokens: Tokens) -> str:
    words = []
    while tokens.next.kind == "name" and not tokens.next.says("ON", "TO", "FROM"):
        words.append(tokens.take().text.upper())
    return " ".join(words) or tokens.refuse()
