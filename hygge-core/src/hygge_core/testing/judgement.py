"""What a table may hold after a point of the crash matrix, and what broke if it holds something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen


if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygge_core.testing.plan import Scenario
    from hygge_core.testing.trial import Seen

    Rows = dict[str, list[int]] | None
    """The sorted numbers of the rows of each origin; None is no table."""


@frozen(kw_only=True)
class Outcome:
    """How a publish ended: its rows must be visible (``committed``), may be (``possible``), or may not."""

    committed: bool = False
    possible: bool = False


def judge(scenario: Scenario, numbers: list[int], new: Outcome, rival: Outcome, seen: Seen) -> Iterator[str]:
    """Yield every promise that broke, in words."""
    yield from _whole(scenario, numbers, seen.before, atomic=scenario.atomic or new.committed, when="afterwards")
    yield from _whole(scenario, numbers, seen.after, atomic=True, when="after running again")
    yield from _right(scenario, new, rival, seen.before)
    yield from _converged(scenario, rival, seen)
    if seen.left:
        yield f"left behind after running again: {', '.join(seen.left)}"


def _whole(scenario: Scenario, numbers: list[int], rows: Rows, *, atomic: bool, when: str) -> Iterator[str]:
    """Every origin is there with all its rows, once; an origin on its way may be partial where that is declared."""
    if rows == {}:
        yield f"{when} a reader sees an empty table"
    for origin, found in (rows or {}).items():
        partial = not atomic and origin != "old" and len(set(found)) == len(found) and set(found) < set(numbers)
        if found != numbers and not partial:
            yield f"{when} a reader sees {len(found)} rows of {origin!r}, not {len(numbers)}: {found}"
    if scenario.mode == "replace" and len(rows or {}) > 1:
        yield f"{when} a reader sees a mix of {sorted(rows or {})}"


def _right(scenario: Scenario, new: Outcome, rival: Outcome, rows: Rows) -> Iterator[str]:
    origins = frozenset(rows or {})
    certain = {name for name, outcome in (("new", new), ("rival", rival)) if outcome.committed}
    possible = certain | {"new"} if new.possible else certain
    if scenario.mode == "append":
        certain |= {"old"} if scenario.over_old else set()
        if not certain <= origins:
            yield f"afterwards a reader misses the rows of {sorted(certain - origins)}, which were committed"
        if not origins <= certain | possible:
            yield f"afterwards a reader sees rows of {sorted(origins - certain - possible)}, which were refused"
        return
    allowed = certain or ({"old"} if scenario.over_old else set())
    if not origins and allowed and scenario.atomic:
        yield f"afterwards there is no table; {sorted(allowed)} was there"
    if not origins <= allowed | possible:
        yield f"afterwards a reader sees {sorted(origins)}, not {sorted(allowed | possible)}"


def _converged(scenario: Scenario, rival: Outcome, seen: Seen) -> Iterator[str]:
    wanted = {"new"}
    if scenario.mode == "append":
        wanted |= {"old"} if scenario.over_old else set()
        wanted |= {"rival"} if rival.committed else set()
    found = set(seen.after or {})
    if found != wanted:
        yield f"running again ends with the rows of {sorted(found)}, not {sorted(wanted)}"
