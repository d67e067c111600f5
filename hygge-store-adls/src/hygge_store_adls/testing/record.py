"""What a test server saw: one entry a request, without anything secret."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from attrs import field, frozen


if TYPE_CHECKING:
    from collections.abc import Mapping


SECRET_HEADERS = {"authorization", "x-ms-copy-source", "x-ms-copy-source-authorization"}
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
    """All requests so far, in the order in which they ended."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: list[Seen] = []

    def add(self, **known: object) -> None:
        """Note one request."""
        with self._lock:
            self._seen.append(Seen(number=len(self._seen) + 1, **known))  # type: ignore[arg-type]

    def all(self) -> list[Seen]:
        """Return what was seen since the beginning or the last `forget`."""
        with self._lock:
            return list(self._seen)

    def forget(self) -> None:
        """Start again with nothing."""
        with self._lock:
            self._seen.clear()


def without_secrets(values: Mapping[str, str], secret: set[str]) -> dict[str, str]:
    """Return headers or query without what must not be shown."""
    return {name: value for name, value in values.items() if name not in secret}
