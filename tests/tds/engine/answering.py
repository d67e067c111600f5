"""The engine behind the wire: databases, sessions, batches."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tds.contract import Encoded, SqlError
from tds.engine import describing
from tds.engine.generated import Generated
from tds.engine.procedures import called
from tds.engine.running import run
from tds.engine.steering import Surroundings, end, start
from tds.engine.storage.database import Database
from tds.engine.storage.tables import Table, TableColumn
from tds.engine.storage.versions import version_of
from tds.engine.syntax.batch import statements_of


if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from tds.contract import Column, Parameter, Result, Session, SqlType
    from tds.engine.context import Context
    from tds.engine.storage.versions import Version

_parsed = lru_cache(maxsize=512)(statements_of)
FIRST_USER_DATABASE = 5


class TestEngine:
    """Answers T-SQL as `tds.contract.Engine` says. ``lacks`` names what it pretends not to have.

    Names in ``lacks``: ``snapshot``, ``change_tracking``, and catalogue views, functions and procedures without their
    schema, such as ``dm_db_partition_stats``.
    """

    __test__ = False

    def __init__(self, databases: Collection[str] = ("test",), lacks: Collection[str] = ()) -> None:
        self.lacks = frozenset(name.lower() for name in lacks)
        names = [
            ("master", 1),
            *((name, at) for at, name in enumerate(databases, FIRST_USER_DATABASE) if name != "master"),
        ]
        self._databases = {name.lower(): Database(name, number) for name, number in names}
        for database in self._databases.values():
            database.snapshot = "OFF" if "snapshot" in self.lacks else "ON"

    def databases(self) -> Collection[str]:
        """Return the names of all databases."""
        return [database.name for database in self._databases.values()]

    def all_databases(self) -> Collection[Database]:
        """Return all databases."""
        return self._databases.values()

    def database(self, name: str) -> Database | None:
        """Find a database by its name, in any case."""
        return self._databases.get(name.lower())

    def demand_database(self, name: str) -> Database:
        """Find a database by its name. Raises `SqlError` 4060."""
        found = self.database(name)
        if found is None:
            raise SqlError(
                4060, f'Cannot open database "{name}" requested by the login. The login failed.', severity=11
            )
        return found

    def execute(self, session: Session, sql: str, parameters: tuple[Parameter, ...] = ()) -> Iterator[Result]:
        """Run a batch, or a statement with parameters."""
        variables = {parameter.name.lower(): (parameter.type, parameter.value) for parameter in parameters}
        return run(_parsed(sql), Surroundings(self, session, variables))

    def call(self, session: Session, procedure: str, parameters: tuple[Parameter, ...]) -> Iterator[Result]:
        """Run a procedure."""
        arguments = [(parameter.name, parameter.type, parameter.value) for parameter in parameters]
        return called(Surroundings(self, session), procedure.lower(), arguments)

    def describe(self, session: Session, sql: str, parameters: tuple[Parameter, ...] = ()) -> tuple[Column, ...]:
        """Return the columns of a statement's first result."""
        types = {parameter.name.lower(): parameter.type for parameter in parameters}
        return describing.describe(Surroundings(self, session), sql, types)

    def describe_text(self, context: Context, sql: str, parameters: str | None) -> tuple[Column, ...]:
        """Do the same for sys.dm_exec_describe_first_result_set."""
        return describing.describe(Surroundings(self, context.session), sql, describing.declared(parameters or ""))

    def begin(self, session: Session, isolation: str | None) -> None:
        """Begin a transaction."""
        start(self, session, isolation)

    def commit(self, session: Session) -> None:
        """Commit."""
        end(session, commit=True)

    def rollback(self, session: Session) -> None:
        """Roll back."""
        end(session, commit=False)

    def close(self, session: Session) -> None:
        """Roll back what is open."""
        memory = session.state.get("engine")
        if memory is not None and memory.transaction is not None:
            end(session, commit=False)

    def create(self, table: str, columns: tuple[Column, ...], rows: Iterable[Any] = ()) -> None:
        """Make a table in the first database of users; a list is kept, other iterables are gone through anew."""
        database = next((one for one in self._databases.values() if one.id != 1), self._databases["master"])
        schema, _, name = table.rpartition(".")
        made = tuple(_column(at, column, database) for at, column in enumerate(columns, 1))
        version, count = _version(made, rows)
        found = Table(id=database.next_object(), schema=schema or "dbo", name=name, created=0, last_row=count)
        known = database.find(found.schema, found.name)
        if known is not None:
            database.remove(known)
        database.add(found, version)


def _version(columns: tuple[TableColumn, ...], rows: Iterable[Any]) -> tuple[Version, int]:
    if not isinstance(rows, list | tuple) and iter(rows) is rows:
        rows = list(rows)
    if not isinstance(rows, list | tuple) or any(isinstance(row, Encoded) for row in rows[:1]):
        return Generated(columns, source=rows), 0
    return version_of(columns, list(rows)), len(rows)


def _column(number: int, column: Column, database: Database) -> TableColumn:
    from attrs import evolve

    from tds.engine.values.families import family

    type_: SqlType = column.type
    if family(type_) == "text" and type_.collation is None:
        type_ = evolve(type_, collation=database.collation)
    identity = (1, 1) if column.identity else None
    return TableColumn(id=number, name=column.name, type=type_, nullable=column.nullable, identity=identity)
