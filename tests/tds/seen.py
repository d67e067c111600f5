"""What the server has seen: logins, sessions, statements with their parameters, bytes."""

from __future__ import annotations

from threading import Condition
from typing import TYPE_CHECKING

from attrs import frozen


if TYPE_CHECKING:
    from tds.contract import Parameter


@frozen
class Statement:
    """A batch, or a statement with the parameters that were bound to it."""

    session: int
    sql: str
    parameters: tuple[Parameter, ...] = ()


class Seen:
    """Counts that tests look at; the threads of connections keep them."""

    def __init__(self) -> None:
        self.connections = 0
        self.logins = 0
        self.refused = 0
        self.open = 0
        self.peak = 0
        self.cancelled = 0
        self.bytes_sent = 0
        self.statements: list[Statement] = []
        self.crashes: list[BaseException] = []
        self._changed = Condition()

    def count(self, **changes: int) -> None:
        """Add to the counts of these names; `peak` follows `open`."""
        with self._changed:
            for name, change in changes.items():
                setattr(self, name, getattr(self, name) + change)
            self.peak = max(self.peak, self.open)
            self._changed.notify_all()

    def note(self, statement: Statement) -> None:
        """Remember a statement."""
        with self._changed:
            self.statements.append(statement)
            self._changed.notify_all()

    def crashed(self, error: BaseException) -> None:
        """Remember a failure of the test server itself, which fails the test that made it."""
        with self._changed:
            self.crashes.append(error)

    def sql(self) -> list[str]:
        """Return the text of all statements so far."""
        with self._changed:
            return [statement.sql for statement in self.statements]

    def of(self, text: str) -> list[Statement]:
        """Return the statements whose SQL holds this text, whatever its case."""
        with self._changed:
            return [statement for statement in self.statements if text.lower() in statement.sql.lower()]

    def arrived(self, text: str, patience: float = 30) -> bool:
        """Tell whether a statement whose SQL holds this text has come, waiting up to `patience` seconds for it."""
        with self._changed:
            return self._changed.wait_for(lambda: bool(self.of(text)), patience)

    def leaked(self, patience: float = 30) -> int:
        """Return how many sessions stay open when all should be closed, waiting up to `patience` seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self.open == 0, patience)
            return self.open
