"""What a table may hold after a point of the crash matrix, and what broke if it holds something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from hygge_core.testing.origins import numbers, settled


if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygge_core.testing.plan import Scenario
    from hygge_core.testing.process import Ending
    from hygge_core.testing.trial import Seen

    Rows = dict[str, list[int]] | None
    """The sorted numbers of the rows of each origin; None is no table."""


@frozen(kw_only=True)
class Outcome:
    """How a publish ended: its rows must be visible (``committed``), may be (``possible``), or may not."""

    committed: bool = False
    possible: bool = False


def faults_of(scenario: Scenario, new: Ending, rival: Ending | None, again: Ending) -> Iterator[str]:
    """Yield every promise that broke, by how a publish, a second writer and the next run ended."""
    if again.error or again.killed:
        yield f"the next run fails: {told_of(again)}"
        return
    if rival and (rival.killed or (rival.error and not rival.refused)):
        yield f"the second writer was not refused but broke: {told_of(rival)}"
    outcome = Outcome(committed=_said(new), possible=True)
    other = Outcome(committed=rival is not None and _said(rival))
    yield from judge(scenario, outcome, other, again.value)


def told_of(ending: Ending) -> str:
    """Say how a process ended, in words."""
    return "killed" if ending.killed else ending.error or "done"


def _said(ending: Ending) -> bool:
    """Whether the process said that it committed."""
    return not ending.killed and not ending.error


def judge(scenario: Scenario, new: Outcome, rival: Outcome, seen: Seen) -> Iterator[str]:
    """Yield every promise that broke, in words."""
    if scenario.mode == "upsert":
        yield from _merged(scenario, new, rival, seen)
    else:
        yield from _kept_apart(scenario, new, rival, seen)
    yield from seen.wrong
    if seen.left:
        yield f"left behind after running again: {', '.join(seen.left)}"


def _merged(scenario: Scenario, new: Outcome, rival: Outcome, seen: Seen) -> Iterator[str]:
    """After an upsert a table holds exactly what its origins leave: the new one possibly, in the end certainly."""
    others = [*(["old"] * scenario.over_old), *(["rival"] * rival.committed)]
    without, with_new = settled(scenario, others) or None, settled(scenario, [*others, "new"])
    allowed = [with_new] if new.committed else [without, *([with_new] * new.possible)]
    allowed += [None] * (not scenario.atomic and not new.committed)
    allowed += [seen.before] * (scenario.mixed and not new.committed)
    for when, rows, right in (("afterwards", seen.before, allowed), ("after running again", seen.after, [with_new])):
        if rows not in right:
            yield f"{when} a reader sees {rows}, not {' or '.join(map(str, right))}"


def _kept_apart(scenario: Scenario, new: Outcome, rival: Outcome, seen: Seen) -> Iterator[str]:
    every = numbers(scenario, "new")
    if scenario.mixed and scenario.mode == "replace" and not new.committed:
        yield from _blended(scenario, every, seen.before or {})
    else:
        yield from _whole(scenario, every, seen.before, atomic=scenario.atomic or new.committed, when="afterwards")
    yield from _whole(scenario, every, seen.after, atomic=True, when="after running again")
    yield from _right(scenario, new, rival, seen.before)
    yield from _converged(scenario, rival, seen)


def _blended(scenario: Scenario, every: list[int], rows: dict[str, list[int]]) -> Iterator[str]:
    """Each origin may be partial, each row once; old rows go only when all that replace them are there."""
    for origin, found in rows.items():
        if len(set(found)) < len(found) or not set(found) <= set(every):
            yield f"afterwards a reader sees rows of {origin!r} that nobody wrote, or twice: {found}"
    if scenario.over_old and every not in rows.values():
        yield f"afterwards a reader sees all rows of nobody, only some of {sorted(rows)}"


def _whole(scenario: Scenario, every: list[int], rows: Rows, *, atomic: bool, when: str) -> Iterator[str]:
    """Every origin is there with all its rows, once; an origin on its way may be partial where that is declared."""
    if rows == {}:
        yield f"{when} a reader sees an empty table"
    for origin, found in (rows or {}).items():
        partial = not atomic and origin != "old" and len(set(found)) == len(found) and set(found) < set(every)
        if found != every and not partial:
            yield f"{when} a reader sees {len(found)} rows of {origin!r}, not {len(every)}: {found}"
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
