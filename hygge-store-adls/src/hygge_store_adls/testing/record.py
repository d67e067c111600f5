"""What a test server saw: one entry a request, without anything secret."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from attrs import field, frozen


if TYPE_CHECKING:
    from hygge_store_adls.testing.exchange import Exchange

ADDRESSES = {"x-ms-copy-source", "x-ms-rename-source"}
SECRET_HEADERS = {"authorization", "x-ms-copy-source-authorization"}
SECRET_QUERY = {"sig"}


@frozen(kw_only=True)
class Seen:
    """One request and how it ended. ``status`` is 0 where no answer was begun.

    ``operation`` is a name of `hygge_store_adls.testing.operations`, or ``unknown``; ``path`` starts with the
    container; ``received`` and ``sent`` are bytes of bodies; ``faults`` are what was done to it.
    """

    number: int
    method: str
    operation: str
    path: str
    mutating: bool
    status: int
    code: str = ""
    received: int = 0
    sent: int = 0
    faults: tuple[str, ...] = ()
    headers: dict[str, str] = field(factory=dict, repr=False)
    query: dict[str, str] = field(factory=dict, repr=False)


class Record:
    """All requests so far, in the order in which they came; one that is being served is told as far as it is."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._exchanges: list[Exchange] = []

    def add(self, exchange: Exchange) -> None:
        """Note one request at its beginning."""
        with self._lock:
            self._exchanges.append(exchange)

    def all(self) -> list[Seen]:
        """Return what was seen since the beginning or the last `forget`."""
        with self._lock:
            return [seen(number, exchange) for number, exchange in enumerate(self._exchanges, 1)]

    def forget(self) -> None:
        """Start again with nothing."""
        with self._lock:
            self._exchanges.clear()


def seen(number: int, exchange: Exchange) -> Seen:
    """Describe a request as far as it came, without what opens an account; a signature may hide in an address."""
    request = exchange.request
    headers = {name: value.partition("?")[0] if name in ADDRESSES else value for name, value in request.headers.items()}
    return Seen(
        number=number,
        method=request.method,
        operation=exchange.operation,
        path=f"{request.container}/{request.path}".rstrip("/"),
        mutating=exchange.mutating,
        status=exchange.status,
        code=exchange.code,
        received=exchange.received,
        sent=exchange.sent,
        faults=tuple(f"{fault.what} {exchange.moment(fault)}" for fault in exchange.faults),
        headers={name: value for name, value in headers.items() if name not in SECRET_HEADERS},
        query={name: value for name, value in request.query.items() if name not in SECRET_QUERY},
    )
