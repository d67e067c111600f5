"""The smallest engine: tables of Python values, and parameters sent back, all that the wire's own tests need.

It answers `SELECT * FROM name`, `SELECT 1`, `SELECT @P1, @P2` (each with its own type), `USE name`, `PRINT 'text'`,
`WAITFOR DELAY 'hh:mm:ss'`, the statements of transactions and nothing else; batches may hold several of them between
semicolons. SET is taken and does nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tds.contract import Column, Done, Info, Rows, SqlError, SqlType


if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from typing import Any

    from tds.contract import Encoded, Parameter, Result, Session

FROM = re.compile(r"SELECT \* FROM (?P<name>[\w.\[\] ]+)", re.IGNORECASE)
PARAMETERS = re.compile(r"SELECT (?P<names>@\w+(?: AS \w+)?(?:\s*,\s*@\w+(?: AS \w+)?)*)", re.IGNORECASE)
WAIT = re.compile(r"WAITFOR DELAY '(?P<hours>\d+):(?P<minutes>\d+):(?P<seconds>[\d.]+)'", re.IGNORECASE)
USE = re.compile(r"USE \[?(?P<name>\w+)\]?", re.IGNORECASE)
PRINT = re.compile(r"PRINT '(?P<text>[^']*)'", re.IGNORECASE)
BEGINS, COMMITS, ROLLS_BACK = (
    re.compile("BEGIN TRAN", re.IGNORECASE),
    re.compile("COMMIT", re.IGNORECASE),
    re.compile("ROLLBACK", re.IGNORECASE),
)


class Tables:
    """Fixed tables by name."""

    def __init__(self, databases: Collection[str] = ("master", "test")) -> None:
        self._databases = databases
        self._tables: dict[str, tuple[tuple[Column, ...], Iterable[tuple[Any, ...] | Encoded]]] = {}

    def databases(self) -> Collection[str]:
        return self._databases

    def create(self, table: str, columns: tuple[Column, ...], rows: Iterable[tuple[Any, ...] | Encoded] = ()) -> None:
        """Put a table there; `rows` are gone through anew by each statement."""
        self._tables[table.lower()] = (columns, rows)

    def execute(self, session: Session, sql: str, parameters: tuple[Parameter, ...]) -> Iterator[Result]:
        for statement in filter(None, map(str.strip, sql.split(";"))):
            yield from self._statement(session, statement, parameters)

    def call(self, _: Session, procedure: str, __: tuple[Parameter, ...]) -> Iterator[Result]:
        raise SqlError(2812, f"Could not find stored procedure '{procedure}'.")
        yield

    def describe(self, session: Session, sql: str, parameters: tuple[Parameter, ...]) -> tuple[Column, ...]:
        first = next(self.execute(session, sql, parameters), None)
        return first.columns if isinstance(first, Rows) else ()

    def begin(self, session: Session, isolation: str | None) -> None:
        session.state["isolation"] = isolation

    def commit(self, session: Session) -> None:
        session.state["ended"] = "commit"

    def rollback(self, session: Session) -> None:
        session.state["ended"] = "rollback"

    def close(self, session: Session) -> None:
        session.state.clear()

    def _statement(self, session: Session, sql: str, parameters: tuple[Parameter, ...]) -> Iterator[Result]:
        if sql.upper() == "SELECT 1":
            yield Rows((Column("", SqlType("int"), nullable=False),), [(1,)])
        elif found := FROM.fullmatch(sql):
            yield self._table(found["name"])
        elif found := PARAMETERS.fullmatch(sql):
            yield _echo(found["names"], parameters)
        elif found := WAIT.fullmatch(sql):
            session.cancelled.wait((int(found["hours"]) * 60 + int(found["minutes"])) * 60 + float(found["seconds"]))
            yield Done()
        elif found := PRINT.fullmatch(sql):
            yield Info(found["text"])
        else:
            yield self._setting(session, sql)

    def _setting(self, session: Session, sql: str) -> Result:
        if found := USE.fullmatch(sql):
            if found["name"] not in self._databases:
                raise SqlError(911, f"Database '{found['name']}' does not exist.")
            session.database = found["name"]
        elif BEGINS.match(sql):
            session.in_transaction = True
        elif COMMITS.match(sql) or ROLLS_BACK.match(sql):
            session.in_transaction = False
        elif not sql.upper().startswith("SET "):
            raise SqlError(50000, f"The engine of tables does not answer: {sql}")
        return Done()

    def _table(self, name: str) -> Rows:
        plain = name.strip().lower().replace("[", "").replace("]", "").removeprefix("dbo.")
        if plain not in self._tables:
            raise SqlError(208, f"Invalid object name '{name}'.")
        return Rows(*self._tables[plain])


def _echo(names: str, parameters: tuple[Parameter, ...]) -> Rows:
    given = {parameter.name.lower(): parameter for parameter in parameters}
    asked = [re.split(r"\s+AS\s+", name.strip(), flags=re.IGNORECASE) for name in names.split(",")]
    chosen = [given[name[0].lower()] for name in asked]
    columns = tuple(Column(name[-1].lstrip("@"), one.type) for name, one in zip(asked, chosen, strict=True))
    return Rows(columns, [tuple(one.value for one in chosen)])
