"""Ids of journal records: they sort by time, never repeat, and tell when they were made."""

from __future__ import annotations

import hashlib
import secrets
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from attrs import define, field


if TYPE_CHECKING:
    from collections.abc import Callable


_FORM = "%Y%m%dT%H%M%S%fZ"
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
_MOMENT_LENGTH = len("20261105T201500123456Z")


def _utc() -> datetime:
    return datetime.now(UTC)


@define
class Clock:
    """Moments that only ever go forward, even while ``now``, the machine's clock, stands still or steps back."""

    now: Callable[[], datetime] = _utc
    _last: datetime = _LONG_AGO
    _mutex: threading.Lock = field(factory=threading.Lock)

    def tick(self) -> datetime:
        """Return a moment after all that were returned before, at most microseconds off unless the clock steps."""
        with self._mutex:
            self._last = max(self.now(), self._last + timedelta(microseconds=1))
            return self._last


_CLOCK = Clock()


def new_id() -> str:
    """Make an id that sorts after all that this process made; between processes their clocks decide."""
    return _id(_CLOCK.tick(), secrets.token_hex(4))


def id_of_commit(moment: datetime, *commit: object) -> str:
    """Make the one id for a record that is rebuilt from a commit, the same for whoever does it."""
    return _id(moment.astimezone(UTC), hashlib.sha256(repr(commit).encode()).hexdigest()[:8])


def moment_of(name: str) -> datetime | None:
    """Tell when an id was made, from it or a file name that begins with it; None for any other text."""
    try:
        return datetime.strptime(name[:_MOMENT_LENGTH], _FORM).replace(tzinfo=UTC)
    except ValueError:
        return None


def _id(moment: datetime, token: str) -> str:
    return f"{moment.strftime(_FORM)}-{token}"
