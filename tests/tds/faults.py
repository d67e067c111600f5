"""Faults that a test arms: at a login, or at a statement whose SQL holds a text."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from attrs import define, frozen


if TYPE_CHECKING:
    from tds.contract import SqlError


@frozen
class Fail:
    """Answer with this error, after so many rows of the result. Error 1205 rolls the transaction back."""

    error: SqlError
    after_rows: int = 0


@frozen
class Drop:
    """Drop the connection after so many rows, or after so many bytes of packets, which tears a packet in two.

    With neither, a statement is done and its reply lost. At a login the connection drops before its answer.
    """

    after_rows: int | None = None
    after_bytes: int | None = None


@frozen
class Slow:
    """Wait so many seconds before every row; at a login, before its answer. A cancelled statement stops waiting."""

    seconds: float
    every_rows: int = 1


@frozen
class Deaf:
    """Go on sending when the client cancels, and say only at the end that its wish was heard."""


@frozen
class Torn:
    """Hand the network so many bytes at a time, so that packets arrive in pieces."""

    size: int = 7


@frozen
class Route:
    """Send the login to another server, as Azure's gateways do."""

    server: str
    port: int


@frozen
class Repeat:
    """Send the rows of a result so many times over: gigabytes that cost the server one block. Armed like a fault."""

    times: int


Fault = Fail | Drop | Slow | Deaf | Torn | Route | Repeat


@define
class _Armed:
    fault: Fault
    times: int
    matching: str


class Faults:
    """The faults that are armed. Each one happens `times` times, by default once, and then is gone."""

    def __init__(self) -> None:
        self._logins: list[_Armed] = []
        self._statements: list[_Armed] = []
        self._lock = Lock()

    def on_login(self, fault: Fault, *, times: int = 1) -> None:
        """Arm a fault for the next logins."""
        with self._lock:
            self._logins.append(_Armed(fault, times, ""))

    def on_statement(self, fault: Fault, *, times: int = 1, matching: str = "") -> None:
        """Arm a fault for the next statements whose SQL holds `matching`, whatever its case.

        Transactions that a driver begins and ends by itself count as `BEGIN TRANSACTION`, `COMMIT TRANSACTION` and
        `ROLLBACK TRANSACTION`.
        """
        with self._lock:
            self._statements.append(_Armed(fault, times, matching.lower()))

    def clear(self) -> None:
        """Disarm everything."""
        with self._lock:
            self._logins.clear()
            self._statements.clear()

    def of_login(self) -> list[Fault]:
        """Return what happens to this login: the first fault that is armed, one at a time."""
        with self._lock:
            return _taken(self._logins, "", most=1)

    def of_statement(self, sql: str) -> list[Fault]:
        """Return what happens to this statement: all faults armed for it."""
        with self._lock:
            return _taken(self._statements, sql.lower())


def _taken(armed: list[_Armed], sql: str, most: int | None = None) -> list[Fault]:
    found = [entry for entry in armed if entry.matching in sql][:most]
    for entry in found:
        entry.times -= 1
    armed[:] = [entry for entry in armed if entry.times > 0]
    return [entry.fault for entry in found]
