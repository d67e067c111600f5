"""The socket of a warehouse: who signs in, who has borrowed what, and one thread for each line."""

from __future__ import annotations

import select
import socket
import threading
from contextlib import suppress
from multiprocessing import AuthenticationError
from multiprocessing.connection import Listener
from typing import TYPE_CHECKING, Any, Self

from hygge_acme_warehouse.server.books import Books, Wrong
from hygge_acme_warehouse.wire import prompt, receive, send


if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from pathlib import Path


class Server:
    """A warehouse that answers while the context lasts; ``heard`` is told of every sign-in and every verb."""

    def __init__(self, path: Path, password: str, heard: Callable[[str], None] = lambda _: None) -> None:
        self._books = Books(path)
        self._listener = Listener(("127.0.0.1", 0), authkey=password.encode())
        self._heard = heard
        self._lent: dict[str, tuple[str, Connection]] = {}
        self._turn = threading.Lock()
        self._lines: list[tuple[threading.Thread, Connection]] = []
        self._open = True
        self._door = threading.Thread(target=self._answer_the_door, daemon=True)

    @property
    def address(self) -> str:
        """Where it listens, as ``host:port``."""
        host, port = self._listener.address
        return f"{host}:{port}"

    def __enter__(self) -> Self:
        self._door.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._open = False
        with suppress(OSError):
            socket.create_connection(self._listener.address).close()  # wakes the door
        self._door.join(60)
        self._listener.close()
        for thread, line in self._lines:
            with suppress(OSError), socket.fromfd(line.fileno(), socket.AF_INET, socket.SOCK_STREAM) as own:
                own.shutdown(socket.SHUT_RDWR)
            thread.join(60)
        self._books.close()

    def _answer_the_door(self) -> None:
        while self._open:
            try:
                line = prompt(self._listener.accept())
            except (AuthenticationError, OSError, EOFError):
                self._heard("turned away")
                continue
            self._heard("signed in")
            thread = threading.Thread(target=self._serve, args=(line,), daemon=True)
            self._lines.append((thread, line))
            thread.start()

    def _serve(self, line: Connection) -> None:
        with line, suppress(OSError, EOFError):
            while True:
                asked, body = receive(line)
                send(line, *self._answer(line, body, **asked))
        with self._turn:
            self._lent = {table: lent for table, lent in self._lent.items() if lent[1] is not line}

    def _answer(self, line: Connection, body: bytes, verb: str, table: str, **words: Any) -> tuple[Any, bytes]:
        self._heard(f"{verb} {table}")
        try:
            if verb in {"lend", "take_back"}:
                return getattr(self, f"_{verb}")(line, table, **words), b""
            if verb == "fetch":
                return {"answer": None}, self._books.fetch(table, **words)
            given = (table, body) if verb in {"put", "commit"} else (table,) if table else ()
            return {"answer": getattr(self._books, verb)(*given, **words)}, b""
        except Wrong as error:
            return {"refused": {"what": str(error)}}, b""

    def _lend(self, line: Connection, table: str, holder: str) -> Any:
        with self._turn:
            lent = self._lent.get(table)
            if lent and not _ended(lent[1]):
                return {"refused": {"what": f"is lent to {lent[0]}", "holder": lent[0]}}
            self._lent[table] = (holder, line)
        return {"answer": None}

    def _take_back(self, line: Connection, table: str, holder: str) -> Any:
        with self._turn:
            if self._lent.get(table) == (holder, line):
                del self._lent[table]
        return {"answer": None}


def _ended(line: Connection) -> bool:
    """Tell whether nobody is at the other end any more, though the line's own thread has not noticed."""
    try:
        with socket.fromfd(line.fileno(), socket.AF_INET, socket.SOCK_STREAM) as own:
            waits = select.select([own], [], [], 0)[0]
            return bool(waits) and not own.recv(1, socket.MSG_PEEK | getattr(socket, "MSG_DONTWAIT", 0))
    except BlockingIOError:
        return False
    except OSError:
        return True
