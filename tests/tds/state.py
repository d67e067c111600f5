"""What the wire remembers of one connection: session, prepared statements, and what the client has been told."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from tds import tokens
from tds.contract import SqlError


if TYPE_CHECKING:
    from tds.attention import Attention
    from tds.contract import Engine, Session, SqlType

DEADLOCK = 1205


class ConnectionState:
    """A session between its engine and its client."""

    def __init__(self, session: Session, engine: Engine, attention: Attention, token: str | None) -> None:
        self.session = session
        self.engine = engine
        self.attention = attention
        self.token = token
        self._prepared: dict[int, tuple[str, dict[str, SqlType]]] = {}
        self._handle = 0
        self._login_database = self._told_database = session.database
        self._transaction = 0
        self._told_transaction = b""
        self._committed = False

    def changes(self) -> bytes:
        """Return the ENVCHANGE tokens for what has changed since the client was last told."""
        told = b""
        if self.session.database != self._told_database:
            told += tokens.changed_text(tokens.DATABASE, self.session.database, self._told_database)
            self._told_database = self.session.database
        if self.session.in_transaction != bool(self._told_transaction):
            told += self._transaction_change()
        return told

    def begin(self, isolation: str | None) -> None:
        """Begin a transaction at the client's request."""
        self.engine.begin(self.session, isolation)
        self.session.in_transaction = True

    def end(self, *, commit: bool) -> None:
        """Commit or roll back at the client's request; `SqlError` when there is nothing to end."""
        if not self.session.in_transaction:
            number, word = (3902, "COMMIT") if commit else (3903, "ROLLBACK")
            raise SqlError(number, f"The {word} TRANSACTION request has no corresponding BEGIN TRANSACTION.")
        (self.engine.commit if commit else self.engine.rollback)(self.session)
        self.session.in_transaction = False
        self._committed = commit

    def failed(self, error: SqlError) -> None:
        """Roll the transaction back when the error does so."""
        if error.number == DEADLOCK and self.session.in_transaction:
            self.end(commit=False)

    def prepare(self, sql: str, types: dict[str, SqlType]) -> int:
        """Remember a statement and return its handle."""
        self._handle += 1
        self._prepared[self._handle] = (sql, types)
        return self._handle

    def prepared(self, handle: int) -> tuple[str, dict[str, SqlType]]:
        """Return a statement by its handle; `SqlError` 8179 without one."""
        try:
            return self._prepared[handle]
        except KeyError:
            raise SqlError(8179, f"Could not find prepared statement with handle {handle}.") from None

    def unprepare(self, handle: int) -> None:
        """Forget a statement."""
        self.prepared(handle)
        del self._prepared[handle]

    def reset(self) -> bytes:
        """Make the session as it was after its login, for the next borrower of a pool."""
        self.engine.close(self.session)
        self.session.state.clear()
        self.session.in_transaction = False
        self.session.database = self._login_database
        self._prepared.clear()
        return self.changes() + tokens.changed_bytes(tokens.RESET, b"")

    def _transaction_change(self) -> bytes:
        if self.session.in_transaction:
            self._transaction += 1
            self._told_transaction = struct.pack("<Q", self._transaction << 32 | self.session.id)
            return tokens.changed_bytes(tokens.BEGUN, self._told_transaction)
        ended, self._told_transaction = self._told_transaction, b""
        return tokens.changed_bytes(tokens.COMMITTED if self._committed else tokens.ROLLED_BACK, b"", ended)
