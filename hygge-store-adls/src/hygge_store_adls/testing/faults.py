"""Faults that a test arms: which request they strike, at which moment, and what they do to it."""

from __future__ import annotations

import threading
from fnmatch import fnmatchcase
from random import Random
from typing import TYPE_CHECKING, Literal

from attrs import define, field, frozen


if TYPE_CHECKING:
    from collections.abc import Iterable


When = Literal["before", "during", "after"]
What = Literal["status", "drop", "kill", "hold", "delay", "lost_response", "truncate"]


@frozen(kw_only=True)
class Fault:
    """One way in which a request goes wrong.

    ``match`` is a glob over ``operation container/path``, such as ``rename *`` or ``* lake/tables/orders/*``; the
    operation is called as `Seen.operation` does.  ``mutating`` narrows it to requests that change something, or that
    do not.  Of the requests that match, the first ``skip`` pass, then ``times`` are struck (None: all), each with
    ``probability``.

    ``when`` is ``before`` the request is carried out (its body is read, nothing changes), ``during`` (half of its
    body is read; where it has none, half of the answer is sent) or ``after`` (carried out, and not answered yet).
    A ``status`` cannot come in the middle of a body, so its ``during`` is ``before``.

    ``what`` happens then: ``status`` answers with ``status`` and ``code`` (and ``Retry-After: retry_after``), ``drop``
    resets the connection, ``kill`` ends the victim's process and drops, ``hold`` waits until the test
    releases it, ``delay`` waits ``seconds``.  Two name their own moment: ``lost_response`` is a drop after,
    ``truncate`` is an answer that ends halfway.
    """

    match: str = "*"
    when: When = "before"
    what: What = "status"
    status: int = 503
    code: str = "ServerBusy"
    retry_after: float | None = None
    seconds: float = 0.0
    skip: int = 0
    times: int | None = 1
    probability: float = 1.0
    mutating: bool | None = None

    @property
    def moment(self) -> When:
        """When it strikes."""
        own: dict[What, When] = {"lost_response": "after", "truncate": "during"}
        return own.get(self.what, self.when)

    def suits(self, operation: str, path: str, *, mutating: bool) -> bool:
        """Tell whether it is meant for such a request."""
        return self.mutating in {None, mutating} and fnmatchcase(f"{operation} {path}", self.match)


@define
class Armed:
    """A fault and how often requests met it."""

    fault: Fault
    met: int = 0
    struck: int = 0

    def strikes(self, random: Random) -> bool:
        """Count one request that matches, and tell whether it is struck."""
        self.met += 1
        spent = self.fault.times is not None and self.struck >= self.fault.times
        if self.met <= self.fault.skip or spent or random.random() >= self.fault.probability:
            return False
        self.struck += 1
        return True


class FaultPlan:
    """The faults that are armed, in the order they were; safe to change while requests arrive.

    ``seed`` makes faults with a probability strike the same requests each time, where requests come in the same order.
    """

    def __init__(self, seed: int = 0) -> None:
        self._lock = threading.Lock()
        self._random = Random(seed)  # noqa: S311 - chooses faults, not secrets
        self._armed: list[Armed] = []

    def arm(self, faults: Iterable[Fault]) -> None:
        """Add faults to those that are armed."""
        with self._lock:
            self._armed += [Armed(fault) for fault in faults]

    def disarm(self) -> None:
        """Take all faults away."""
        with self._lock:
            self._armed.clear()

    def struck(self) -> int:
        """Return how often the faults that are armed have struck."""
        with self._lock:
            return sum(armed.struck for armed in self._armed)

    def strike(self, operation: str, path: str, *, mutating: bool) -> list[Fault]:
        """Return the faults that strike this request, and count them."""
        with self._lock:
            suiting = [armed for armed in self._armed if armed.fault.suits(operation, path, mutating=mutating)]
            return [armed.fault for armed in suiting if armed.strikes(self._random)]


@define
class Gate:
    """Where requests struck by ``hold`` wait for the test, and the processes that ``kill`` may end."""

    _condition: threading.Condition = field(factory=threading.Condition)
    _waiting: int = 0
    _round: int = 0
    _victims: list[int] = field(factory=list)
    _closed: bool = False

    def hold(self, seconds: float) -> None:
        """Wait until the test releases, at most so many seconds."""
        with self._condition:
            mine, self._waiting = self._round, self._waiting + 1
            self._condition.notify_all()
            self._condition.wait_for(lambda: self._closed or self._round != mine, seconds)
            self._waiting -= 1

    def release(self) -> None:
        """Let all requests go that are held."""
        with self._condition:
            self._round += 1
            self._condition.notify_all()

    def close(self) -> None:
        """Let everything go that waits, now and later."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()

    def wait_held(self, seconds: float = 30.0) -> bool:
        """Wait until a request is held; False when none came in time."""
        with self._condition:
            return self._condition.wait_for(lambda: self._waiting > 0, seconds)

    def name_victim(self, pid: int) -> None:
        """Name the process that the next ``kill`` ends."""
        with self._condition:
            self._victims.append(pid)
            self._condition.notify_all()

    def take_victim(self, seconds: float = 30.0) -> int | None:
        """Return the process to end, waiting until the test has named it."""
        with self._condition:
            self._condition.wait_for(lambda: self._closed or bool(self._victims), seconds)
            return self._victims.pop(0) if self._victims else None
