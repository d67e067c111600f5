"""What a statement runs in: the session, its database, its transaction, its variables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import define, evolve, field

from tds.contract import SqlError
from tds.engine.storage.tables import View
from tds.engine.storage.transactions import READ_COMMITTED


if TYPE_CHECKING:
    from tds.contract import Session, SqlType
    from tds.engine.expressions.scope import Scope
    from tds.engine.queries.plan import Plan
    from tds.engine.storage.database import Database
    from tds.engine.storage.tables import Table
    from tds.engine.storage.transactions import Transaction
    from tds.engine.syntax import tree


@define
class Memory:
    """What a session remembers from one batch to the next."""

    isolation: str = READ_COMMITTED
    transaction: Transaction | None = None
    depth: int = 0
    options: dict[str, str] = field(factory=dict)
    row_count: int = 0
    last_identity: int | None = None
    lock_timeout_ms: int = -1
    prepared: dict[int, tuple[str, tuple[Any, ...]]] = field(factory=dict)


def memory_of(session: Session) -> Memory:
    """Return the memory of a session, made when it is asked for first."""
    found = session.state.setdefault("engine", Memory())
    assert isinstance(found, Memory)
    return found


@define
class Context:
    """One statement's surroundings. ``server`` knows all databases; ``named`` are the queries of WITH."""

    server: Any
    session: Session
    memory: Memory
    database: Database
    transaction: Transaction
    variables: dict[str, tuple[SqlType, Any]] = field(factory=dict)
    named: dict[str, tuple[tuple[str, ...], tree.Query]] = field(factory=dict)
    describing: bool = False

    def plan(self, query: tree.Query, scope: Scope | None = None) -> Plan:
        """Plan a query, inside of another one or alone."""
        from tds.engine.queries.planning import planned  # queries need contexts

        return planned(query, self, scope)

    def within(self, named: dict[str, Any]) -> Context:
        """Return this context with other queries of WITH."""
        return evolve(self, named=named)

    def demand(self, feature: str) -> None:
        """Refuse what this server was told to lack."""
        if feature in self.server.lacks:
            raise SqlError(
                40517, f"Keyword or statement option '{feature}' is not supported in this version of SQL Server."
            )

    def place(self, parts: tuple[str, ...]) -> tuple[Database, str, str]:
        """Return the database, schema and name that a written name means. Raises `SqlError` for other servers."""
        if len(parts) > 3:
            raise SqlError(7202, f"Could not find server '{parts[0]}' in sys.servers.")
        database, schema, name = ("", "", *parts)[-3:]
        found = self.database if not database else self.server.database(database)
        if found is None:
            raise SqlError(911, f"Database '{database}' does not exist. Make sure that the name is entered correctly.")
        return found, schema or "dbo", name

    def find(self, parts: tuple[str, ...]) -> Table | View | None:
        """Find a table or view, None when there is none by that name."""
        database, schema, name = self.place(parts)
        return database.find(schema, name)

    def table(self, parts: tuple[str, ...], verb: str) -> Table:
        """Find a table that may be written. Raises `SqlError` 208 and 229."""
        database, _, _ = self.place(parts)
        if database is not self.database:
            raise SqlError(40000, "this server writes only into the database of the session")
        found = self.find(parts)
        if found is None:
            raise SqlError(208, f"Invalid object name '{'.'.join(parts)}'.")
        if isinstance(found, View):
            raise SqlError(40000, f"this server does not write through the view {found.name}")
        self.check(verb, found)
        return found

    def check(self, verb: str, found: Table | View) -> None:
        """Raise `SqlError` 229 for what was denied to the login."""
        if not self.may(verb, found.id):
            raise SqlError(
                229,
                f"The {verb} permission was denied on the object '{found.name}', database "
                f"'{self.database.name}', schema '{found.schema}'.",
                severity=14,
                state=5,
            )

    def may(self, verb: str, number: int | None) -> bool:
        """Say whether the login may do something with an object, or in the database."""
        login = self.session.login.lower()
        return not any(
            (who, verb, what) in self.database.denied for who in (login, "public") for what in (number, None)
        )
