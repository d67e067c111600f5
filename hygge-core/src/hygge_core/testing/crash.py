"""The crash matrix: one publish, stopped at each of its operations, in every way that a computer stops.

For each operation that a store asks of its lake or connection, a process of its own runs
the same publish and is killed just before it, killed just after it, loses its answer,
fails, or meets a second writer there.  Then a reader that knows nothing of hygge looks at
the table, which must hold exactly the old rows or the new; a second process runs again
and must arrive at the new rows; and nothing that no one needs may be left.

A store's author names three functions and asks for a matrix:

.. code-block:: python

    SUBJECT = Subject(open="acme_crash:open_store", read="acme_crash:read", leftovers="acme_crash:leftovers")

    def test_no_crash_leaves_half_a_table(tmp_path):
        matrix = crash_matrix(SUBJECT, Scenario(name="replace/many parts", mode="replace"), tmp_path)
        print(matrix)
        assert not matrix.violations, matrix.explained()
"""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import TYPE_CHECKING

from attrs import evolve

from hygge_core.testing import trial
from hygge_core.testing.judgement import faults_of, told_of
from hygge_core.testing.plan import Level, Matrix, Point, Scenario, Subject, Verdict, points_of
from hygge_core.testing.process import Child, Ending, in_process


if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


__all__ = ["Level", "Matrix", "Point", "Scenario", "Subject", "Verdict", "crash_matrix"]

_AT_ONCE = 6
"""Points tried at the same time: their processes mostly wait, for disks and for each other."""


def crash_matrix(  # noqa: PLR0913 - the three things that make a matrix, and three that limit it
    subject: Subject,
    scenario: Scenario,
    folder: Path,
    *,
    level: Level = "calls",
    thorough: bool = False,
    recoveries: bool = False,
) -> Matrix:
    """Stop the scenario's publish at each of its operations and judge what comes of it.

    ``folder`` is where the places of the points are made, and removed again when nothing
    broke.  ``level`` "system" kills before each change that Python asks the operating
    system for, inside the lake's own operations too.  ``thorough`` also stops
    operations that change nothing.  ``recoveries`` kills the recovery too, at each of its
    operations, after each kill.  Raises `RuntimeError` when the undisturbed publish fails.
    """
    bench = _Bench(subject, scenario, folder)
    points = list(points_of(bench.record(level, thorough=thorough), level, thorough=thorough))
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        verdicts = list(threads.map(bench.verdict, points))
        if recoveries:
            kills = [point for point in points if point.kind == "killed before"]
            for found in threads.map(lambda point: list(bench.recoveries(point)), kills):
                verdicts += found
    return Matrix(scenario=scenario, verdicts=tuple(verdicts))


class _Bench:
    """Tries one point after another, each at a place of its own."""

    def __init__(self, subject: Subject, scenario: Scenario, folder: Path) -> None:
        self._subject = subject
        self._scenario = scenario
        self._folder = folder
        self._numbers = count()

    def record(self, level: Level, *, thorough: bool) -> list[str]:
        place = self._place()
        ending = in_process(trial.record, self._subject, self._scenario, str(place), level, thorough)
        if ending.error or ending.killed:
            raise RuntimeError(f"{self._scenario.name}: the undisturbed publish failed: {ending.error or 'killed'}")
        operations: list[str] = ending.value
        return operations

    def verdict(self, point: Point) -> Verdict:
        place = self._place()
        new, rival = self._struck(point, place)
        return self._judged(point, place, new, rival, (f"the publish: {told_of(new)}",))

    def recoveries(self, point: Point) -> Iterator[Verdict]:
        """Kill the publish, then its recovery before each operation in turn until it gets through."""
        for index in count():
            place = self._place()
            new, rival = self._struck(point, place)
            killing = evolve(point, index=index, recovery=index)
            ending = Child(trial.recover, *self._about(place), killing, talks=True).ending()
            if not ending.killed and not ending.error:
                shutil.rmtree(place, ignore_errors=True)
                return
            told = (f"the publish: {told_of(new)}", f"the recovery: {told_of(ending)}")
            yield self._judged(evolve(point, recovery=index), place, new, rival, told)

    def _struck(self, point: Point, place: Path) -> tuple[Ending, Ending | None]:
        child = Child(trial.strike, *self._about(place), point, talks=True)
        if point.kind != "second writer":
            return child.ending(), None
        message = child.hear()
        if isinstance(message, Ending):  # the publish took fewer operations this time, and met nobody
            return message, None
        rival = in_process(trial.rival, *self._about(place))
        child.line.send("go on")
        return child.ending(), rival

    def _judged(self, point: Point, place: Path, new: Ending, rival: Ending | None, told: tuple[str, ...]) -> Verdict:
        again = in_process(trial.run_again, *self._about(place))
        told = (*told, *([f"the second writer: {told_of(rival)}"] if rival else []), f"the next run: {told_of(again)}")
        return Verdict(point=point, faults=tuple(faults_of(self._scenario, new, rival, again)), endings=told)

    def _about(self, place: Path) -> tuple[Subject, Scenario, str]:
        return self._subject, self._scenario, str(place)

    def _place(self) -> Path:
        return self._folder / f"{next(self._numbers):05}"
