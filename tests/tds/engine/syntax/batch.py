"""Batches: statements one after the other, and those that steer them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tds.contract import SqlError, SqlType
from tds.engine.syntax import statements as made
from tds.engine.syntax.altering import alter
from tds.engine.syntax.definitions import create, drop
from tds.engine.syntax.expressions import expression
from tds.engine.syntax.queries import query
from tds.engine.syntax.settings import declare, permit, set_something
from tds.engine.syntax.sources import name_parts
from tds.engine.syntax.tokens import Tokens
from tds.engine.syntax.writing import delete, insert, truncate, update


if TYPE_CHECKING:
    from collections.abc import Callable

_UNKNOWN = {"MERGE", "BULK", "BACKUP", "RESTORE", "DBCC", "OPEN", "CLOSE", "DEALLOCATE", "GOTO", "KILL", "SAVE"}


def statements_of(sql: str) -> tuple[made.Statement, ...]:
    """Read a batch. Raises `SqlError` for what is no T-SQL, and for T-SQL that this server does not know."""
    tokens = Tokens.of(sql)
    found = []
    while tokens.next.kind != "end":
        if not tokens.accept(";"):
            found.append(statement(tokens))
    return tuple(found)


def statement(tokens: Tokens) -> made.Statement:
    """Read one statement."""
    word = tokens.next.text.upper() if tokens.next.kind == "name" else tokens.next.text
    if word in _UNKNOWN:
        raise SqlError(40000, f"this server does not know the statement {word}")
    reader = _READERS.get(word)
    if reader is None:
        tokens.refuse()
    return reader(tokens)


def _begin(tokens: Tokens) -> made.Statement:
    tokens.expect("BEGIN")
    if tokens.sees("TRY") or tokens.sees("CATCH") or tokens.sees("ATOMIC"):
        raise SqlError(40000, f"this server does not know the statement BEGIN {tokens.next.text.upper()}")
    if tokens.sees("TRAN") or tokens.sees("TRANSACTION"):
        return _transaction(tokens, "BEGIN")
    found = []
    while not tokens.accept("END"):
        if not tokens.accept(";"):
            found.append(statement(tokens))
    return made.Block(tuple(found))


def _end_transaction(tokens: Tokens) -> made.Statement:
    return _transaction(tokens, tokens.take().text.upper())


def _transaction(tokens: Tokens, verb: str) -> made.Statement:
    tokens.one_of("TRAN", "TRANSACTION", "WORK")
    if tokens.next.kind == "quoted" or (tokens.next.kind == "name" and tokens.next.text.upper() not in _READERS):
        tokens.take()
    return made.Transaction(verb)


def _if(tokens: Tokens) -> made.Statement:
    tokens.expect("IF")
    condition = expression(tokens)
    then = statement(tokens)
    while tokens.sees(";") and tokens.ahead().says("ELSE"):
        tokens.take()
    return made.If(condition, then, statement(tokens) if tokens.accept("ELSE") else None)


def _while(tokens: Tokens) -> made.Statement:
    tokens.expect("WHILE")
    return made.While(expression(tokens), statement(tokens))


def _execute(tokens: Tokens) -> made.Statement:
    tokens.take()
    if tokens.accept("("):
        text = expression(tokens)
        tokens.expect(")")
        return made.Execute(("sp_executesql",), (("@stmt", text),))
    parts = name_parts(tokens)
    arguments = []
    while tokens.next.kind in {"variable", "text", "national", "number", "binary", "name"} or tokens.sees("-"):
        if tokens.next.kind == "name" and tokens.next.text.upper() in _READERS:
            break
        arguments.append(_argument(tokens))
        if not tokens.accept(","):
            break
    return made.Execute(parts, tuple(arguments))


def _argument(tokens: Tokens) -> tuple[str, made.tree.Expression]:
    name = ""
    if tokens.next.kind == "variable" and tokens.ahead().says("="):
        name = tokens.take().text
        tokens.take()
    value = expression(tokens)
    tokens.one_of("OUTPUT", "OUT")
    return name, value


def _print(tokens: Tokens) -> made.Statement:
    tokens.expect("PRINT")
    return made.Print(expression(tokens))


def _throw(tokens: Tokens) -> made.Statement:
    tokens.expect("THROW")
    number = expression(tokens)
    tokens.expect(",")
    message = expression(tokens)
    tokens.expect(",")
    state = expression(tokens)
    return made.Throw(number, message, made.tree.Literal(SqlType("int"), 16), state)


def _raise(tokens: Tokens) -> made.Statement:
    tokens.expect("RAISERROR", "(")
    message = expression(tokens)
    tokens.expect(",")
    severity = expression(tokens)
    tokens.expect(",")
    state = expression(tokens)
    tokens.expect(")")
    if tokens.accept("WITH"):
        tokens.one_of("NOWAIT", "LOG", "SETERROR")
    return made.Throw(made.tree.Literal(SqlType("int"), 50000), message, severity, state)


def _use(tokens: Tokens) -> made.Statement:
    tokens.expect("USE")
    return made.Use(tokens.name())


def _wait(tokens: Tokens) -> made.Statement:
    tokens.expect("WAITFOR", "DELAY")
    return made.Wait(expression(tokens))


_READERS: dict[str, Callable[[Tokens], made.Statement]] = {
    "SELECT": query, "WITH": query, "(": query, "CREATE": create, "DROP": drop, "ALTER": alter, "INSERT": insert,
    "UPDATE": update, "DELETE": delete, "TRUNCATE": truncate, "SET": set_something, "DECLARE": declare, "IF": _if,
    "WHILE": _while, "BEGIN": _begin, "COMMIT": _end_transaction, "ROLLBACK": _end_transaction, "EXEC": _execute,
    "EXECUTE": _execute, "PRINT": _print, "THROW": _throw, "RAISERROR": _raise, "USE": _use, "WAITFOR": _wait,
    "GRANT": permit, "DENY": permit, "REVOKE": permit,
}  # fmt: skip
