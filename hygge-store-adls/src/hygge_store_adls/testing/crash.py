"""The crash matrix over HTTP: one publish, stopped at each of its requests, in every way that a network stops one.

The counterpart of `hygge_core.testing.crash`, one level below: what is counted are the requests
that arrive at a test server, and whoever is killed is the process that sent them.
"""

from __future__ import annotations

import glob
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from hygge_core.testing import trial
from hygge_core.testing.judgement import faults_of, told_of
from hygge_core.testing.plan import Matrix, Point, Verdict
from hygge_core.testing.process import Child, ended
from hygge_store_adls.testing.faults import Fault
from hygge_store_adls.testing.standstill import stand_still


if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from hygge_core.testing.plan import Kind, Scenario, Subject
    from hygge_core.testing.process import Ending
    from hygge_store_adls.testing.record import Seen
    from hygge_store_adls.testing.server import DfsServer

    Prepared = tuple[DfsServer, str]

LEASE_SECONDS = 15
"""How long leases must last in a store under test: the shortest that the service gives."""

QUICK: tuple[Kind, ...] = ("killed before", "killed after", "killed during", "answer lost")
"""Kinds that show the most in the least time."""

KINDS: tuple[Kind, ...] = (*QUICK, "answer cut", "failed", "failing", "outage", "second writer")
"""All kinds but ``lease lost``, each point of which waits for most of a lease."""

_STRIKES: dict[Kind, dict[str, Any]] = {
    "killed before": {"what": "kill", "when": "before"},
    "killed during": {"what": "kill", "when": "during"},
    "killed after": {"what": "kill", "when": "after"},
    "answer lost": {"what": "lost_response"},
    "answer cut": {"what": "truncate"},
    "failed": {"what": "status"},
    "outage": {"what": "drop", "times": None},
    "second writer": {"what": "hold"},
    "lease lost": {"what": "hold"},
}
_CONVERGE = frozenset({"answer lost", "answer cut", "failed"})
_AT_ONCE = 3


def request_matrix(
    subject: Subject,
    scenario: Scenario,
    serve: Callable[[], DfsServer],
    *,
    kinds: Collection[Kind] = KINDS,
    thorough: bool = False,
) -> Matrix:
    """Stop the scenario's publish at each of its requests and judge what comes of it.

    ``serve`` makes a new server for each point; the subject's functions get a place that
    `address_in` reads.  Without ``thorough`` only requests that change something are stopped.
    What met one fault in passing, such as a lost answer, must reach its end by itself.
    Raises `RuntimeError` when the undisturbed publish fails.
    """
    bench = _Bench(subject, scenario, serve)
    points = list(_points(bench.record(), kinds, thorough=thorough))
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        return Matrix(scenario=scenario, verdicts=tuple(threads.map(bench.verdict, points)))


def address_in(place: str) -> dict[str, str]:
    """Read the place that the functions of a subject get: a server's `DfsServer.address`, and a ``token`` for it."""
    address: dict[str, str] = json.loads(place)
    return address


def _points(requests: Sequence[Seen], kinds: Collection[Kind], *, thorough: bool) -> Iterator[Point]:
    for index, seen in enumerate(requests):
        for kind in kinds:
            if (seen.mutating or thorough) and _makes_sense(seen, kind):
                yield Point(index=index, operation=f"{seen.operation} {seen.path}", kind=kind, thorough=thorough)


def _makes_sense(seen: Seen, kind: Kind) -> bool:
    if kind == "killed during":
        return seen.received > 1
    if kind == "answer cut":
        return seen.sent > 1
    return seen.mutating or kind in {"killed before", "answer lost", "failed"}


class _Bench:
    """Tries one point after another, each against a server of its own."""

    def __init__(self, subject: Subject, scenario: Scenario, serve: Callable[[], DfsServer]) -> None:
        self._subject = subject
        self._scenario = scenario
        self._serve = serve

    def record(self) -> list[Seen]:
        with self._prepared() as (server, place):
            before = len(server.requests)
            ending = self._publish(place)
            if ending.error:
                raise RuntimeError(f"{self._scenario.name}: the undisturbed publish failed: {ending.error}")
            return server.requests[before:]

    def verdict(self, point: Point) -> Verdict:
        with self._prepared() as (server, place):
            new, rival = self._struck(point, server, place)
            server.disarm()
            server.clock.advance(LEASE_SECONDS + 1)
            again = ended(trial.run_again, *self._about(place))
            told = [("the publish", new), *([("the second writer", rival)] if rival else []), ("the next run", again)]
            faults = [*_unconverged(point, new), *faults_of(self._scenario, new, rival, again)]
            endings = tuple(f"{who}: {told_of(ending)}" for who, ending in told)
            return Verdict(point=point, faults=tuple(faults), endings=endings)

    def _struck(self, point: Point, server: DfsServer, place: str) -> tuple[Ending, Ending | None]:
        match point.kind:
            case "killed before" | "killed during" | "killed after":
                return self._killed(point, server, place), None
            case "second writer":
                return self._met(point, server, place)
            case "lease lost":
                return self._overtaken(point, server, place)
        server.arm(_fault(point))
        return self._publish(place), None

    def _killed(self, point: Point, server: DfsServer, place: str) -> Ending:
        child = Child(trial.publish_when_told, *self._about(place), talks=True)
        server.service.gate.name_victim(child.hear())
        server.arm(_fault(point))
        child.line.send("go")
        return child.ending()

    def _met(self, point: Point, server: DfsServer, place: str) -> tuple[Ending, Ending | None]:
        server.arm(_fault(point))
        with ThreadPoolExecutor(1) as apart:
            publishing = apart.submit(self._publish, place)
            publishing.add_done_callback(lambda _: server.service.gate.release())
            if not server.service.gate.wait_held():  # it took fewer requests this time, and met nobody
                return publishing.result(), None
            rival = ended(trial.rival, *self._about(place))
            server.service.gate.release()
            return publishing.result(), rival

    def _overtaken(self, point: Point, server: DfsServer, place: str) -> tuple[Ending, Ending | None]:
        child = Child(trial.publish_when_told, *self._about(place), talks=True)
        victim = child.hear()
        server.arm(_fault(point))
        child.line.send("go")
        if not server.service.gate.wait_held():
            return child.ending(), None
        with stand_still(victim, LEASE_SECONDS):
            server.clock.advance(LEASE_SECONDS + 1)
            rival = ended(trial.rival, *self._about(place))
        server.service.gate.release()
        return child.ending(), rival

    def _publish(self, place: str) -> Ending:
        return ended(trial.publish_new, *self._about(place))

    @contextmanager
    def _prepared(self) -> Iterator[Prepared]:
        with self._serve() as server:
            place = json.dumps({**server.address(), "token": server.issue_token()})
            trial.prepare(*self._about(place))
            yield server, place

    def _about(self, place: str) -> tuple[Subject, Scenario, str]:
        return self._subject, self._scenario, place


def _fault(point: Point) -> Fault:
    """Arm what the kind of a point means; the requests before its index pass."""
    if point.kind == "failing":
        return Fault(what="status", match=glob.escape(point.operation), times=None)
    return Fault(skip=point.index, **_STRIKES[point.kind])


def _unconverged(point: Point, new: Ending) -> Iterator[str]:
    if point.kind in _CONVERGE and new.error:
        yield f"one fault in passing ended the publish: {new.error}"
