"""The server: a port, a thread for each connection, and what a test sees and arms."""

from __future__ import annotations

import contextlib
import socket
from itertools import count
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, Literal, Self

from tds.accounts import Accounts
from tds.certificates import issued
from tds.channel import Channel, Disconnected
from tds.contract import Rows, Session
from tds.conversation import converse
from tds.faults import Faults
from tds.seen import Seen


if TYPE_CHECKING:
    from collections.abc import Iterable

    from tds.contract import Column, Engine, Parameter

FIRST_SESSION = 51  # below it are the sessions of the system


class SqlServer:
    """A server that ODBC drivers take for SQL Server, for `with`. It refuses what it cannot answer as SQL Server would.

    `encryption` is `allowed` (as the client wishes), `required` or `none`; `certificate` is `good`, `wrong_name` or
    `expired`. Leaving the `with` closes all connections and raises what went wrong inside the server itself.

    The server runs in threads of the test's own process. A client that keeps Python's lock while it waits for an answer
    (pyodbc's `fast_executemany` does) never gets one; it needs a process of its own.
    """

    def __init__(
        self,
        engine: Engine | None = None,
        *,
        encryption: Literal["allowed", "required", "none"] = "allowed",
        certificate: Literal["good", "wrong_name", "expired"] = "good",
        database: str = "test",
        port: int = 0,
    ) -> None:
        self.engine = engine or _default_engine()
        self.encryption = encryption
        self.database = database
        self.accounts = Accounts()
        self.faults = Faults()
        self.seen = Seen()
        self.certificates = issued(certificate)
        self.ca_file = self.certificates.ca_file
        self._wanted_port = port
        self._numbers = count(FIRST_SESSION)
        self._channels: dict[int, tuple[Channel, Thread]] = {}
        self._lock = Lock()

    def __enter__(self) -> Self:
        self._listening = socket.create_server(("127.0.0.1", self._wanted_port), backlog=128)
        self.port: int = self._listening.getsockname()[1]
        self._thread = Thread(target=self._accept, name="tds-accept", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        _shut(self._listening)
        self._thread.join()
        self._listening.close()
        self.close_connections()
        if self.seen.crashes:
            raise ExceptionGroup("the test server failed", [e for e in self.seen.crashes if isinstance(e, Exception)])

    def create(self, table: str, columns: tuple[Column, ...], rows: Iterable[tuple[Any, ...]] = ()) -> None:
        """Make a table from values."""
        self.engine.create(table, columns, rows)

    def execute(self, sql: str, parameters: tuple[Parameter, ...] = ()) -> list[tuple[Any, ...]]:
        """Run SQL without the wire, and return the rows of its last result set."""
        session = Session(id=0, login="sa", database=self.database)
        rows: list[tuple[Any, ...]] = []
        try:
            for result in self.engine.execute(session, sql, parameters):
                if isinstance(result, Rows):
                    rows = [row for row in result.rows if isinstance(row, tuple)]
        finally:
            self.engine.close(session)
        return rows

    def close_connections(self) -> None:
        """Close every connection now, as a restart or a firewall does to idle ones, and wait for their threads."""
        with self._lock:
            open_now = list(self._channels.values())
        for channel, _ in open_now:
            _shut(channel.socket)
        for _, thread in open_now:
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            number = next(self._numbers)
            channel = Channel(connection)
            thread = Thread(target=self._serve, args=(channel, number), name=f"tds-{number}", daemon=True)
            with self._lock:
                self._channels[number] = (channel, thread)
                thread.start()

    def _serve(self, channel: Channel, number: int) -> None:
        self.seen.count(connections=1)
        try:
            with contextlib.suppress(Disconnected, OSError):
                converse(channel, self, number)
        except Exception as error:  # noqa: BLE001 - raised where the server ends
            self.seen.crashed(error)
        finally:
            _shut(channel.socket)
            channel.socket.close()
            with self._lock:
                del self._channels[number]


def _shut(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)


def _default_engine() -> Engine:
    from tds.engine import open_engine

    return open_engine()
