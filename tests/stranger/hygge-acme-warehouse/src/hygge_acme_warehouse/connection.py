"""One signed-in line to a warehouse, shared by every home and store of a run."""

from __future__ import annotations

import threading
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client
from typing import TYPE_CHECKING, Any

from attrs import frozen

from hygge_acme_warehouse.wire import prompt, receive, send
from hygge_core import HyggeError, UsageError


if TYPE_CHECKING:
    from hygge_core import Context, Secret


class Refused(Exception):
    """What the server answered instead of doing it; ``holder`` has the table, where that is the reason."""

    def __init__(self, what: str, holder: str = "") -> None:
        super().__init__(what)
        self.holder = holder


@frozen(kw_only=True)
class Found:
    """A part as the server describes it."""

    token: str
    name: str
    columns: str
    rows: int
    size: int
    checksum: str


class Warehouse:
    """A connection of type ``acme_warehouse``; threads take turns.

    Raises `UsageError` for a refused password, and `HyggeError` where nobody answers.
    """

    def __init__(self, address: str, password: Secret) -> None:
        self.address = address
        self._turn = threading.Lock()
        host, _, port = address.rpartition(":")
        try:
            self._line = prompt(Client((host, int(port)), authkey=password.reveal().encode()))
        except AuthenticationError as error:
            fix = "look at `password` under [connections]"
            raise UsageError("the warehouse refuses the password", where=address, fix=fix) from error
        except (OSError, EOFError) as error:
            fix = "start it, or look at `address` under [connections]"
            raise HyggeError(f"the warehouse does not answer: {error}", where=address, fix=fix) from error

    def ask(self, verb: str, table: str = "", body: bytes = b"", **words: Any) -> tuple[Any, bytes]:
        """Send one request and return its answer. Raises `Refused`, and `ConnectionError` when the line is gone."""
        with self._turn:
            try:
                send(self._line, {"verb": verb, "table": table, **words}, body)
                said, data = receive(self._line)
            except (OSError, EOFError) as error:
                raise ConnectionError(f"the line to {self.address} broke: {error or 'it was closed'}") from error
        if "refused" in said:
            raise Refused(**said["refused"])
        return said["answer"], data

    def parts(self, table: str, token: str = "") -> list[Found]:
        """List the parts of a table that its readers see, or those that wait under a token."""
        return [Found(**each) for each in self.ask("parts", table, token=token)[0]]

    def fetch(self, table: str, part: Found) -> bytes:
        """Return what is in a part."""
        return self.ask("fetch", table, token=part.token, name=part.name)[1]

    def close(self) -> None:
        """Hang up. Safe to call twice."""
        self._line.close()


def warehouse_of(context: Context, name: str) -> Warehouse:
    """Return the project's connection of this name. Raises `UsageError` for one of another type."""
    connection = context.connections.get(name)
    if not isinstance(connection, Warehouse):
        fix = 'name one of type = "acme_warehouse"'
        raise UsageError(f"connection {name!r} leads to no warehouse", where="acme_warehouse", fix=fix)
    return connection
