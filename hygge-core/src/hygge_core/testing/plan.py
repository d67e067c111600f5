"""What a crash matrix is made of: a subject, a scenario, and the points at which it is stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from attrs import frozen


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from hygge_core.commit import Mode


CallKind = Literal["killed before", "killed after", "answer lost", "failed", "failing", "outage", "second writer"]
"""``answer lost``: the operation is done and an `OSError` raised; ``failed``: it is not done and one is raised;
``failing``: so is every repetition of it; ``outage``: so is every operation after it, whichever."""

Kind = CallKind | Literal["killed during", "answer cut", "lease lost"]
"""What requests to a server meet besides: half of one is sent, half of an answer arrives, or another writer
takes the table over while the first one stands still for longer than its lease."""

Level = Literal["calls", "system"]
"""What counts as an operation: a call of what the store shims, or a change that Python asks the system for."""

KINDS: tuple[Kind, ...] = get_args(CallKind)

_PURE = frozenset({"url", "local_path"})
_LOOKS = frozenset({"read", "open", "stat", "list"})


@frozen(kw_only=True)
class Subject:
    """A store under test, as three functions that child processes import, each named ``module:function``.

    ``open(place, shim)`` opens the store at the place, passing its lake or connection
    through ``shim``, which returns an object that behaves the same.  ``read(place, table)``
    returns the columns ``origin`` and ``number`` of a table by name, as lists in a dict and
    without any code of the store or of hygge, or None when there is no such table.
    ``leftovers(place)`` names what is there that neither readers nor the store's history
    need.  A place is a text that is new for each point: the path of a folder that may not exist.
    """

    open: str
    read: str
    leftovers: str


@frozen(kw_only=True)
class Scenario:
    """The publish that is stopped again and again.

    ``writers`` write ``batches`` batches each.  Without ``over_old`` it is the table's first.
    ``atomic`` says that readers see all or nothing even between a crash and the
    recovery; without it they may then see some of the rows, each at most once, or, while
    replacing, no table.  ``mixed``: they may also see new rows beside old ones then, but never miss some of both, as
    where folders have no moves of their own.  ``incremental``: the whole engine runs, by a watermark, which must agree
    with the rows; the mode is then "append" or "upsert", and batches become few files or one.
    """

    name: str
    mode: Mode = "replace"
    writers: int = 1
    batches: int = 2
    over_old: bool = True
    atomic: bool = True
    mixed: bool = False
    incremental: bool = False


@frozen(kw_only=True)
class Point:
    """One way of stopping one operation; ``recovery`` counts the operation at which the recovery is killed too.

    ``index`` counts the operations that change something, and those that look if ``thorough``.
    """

    index: int
    operation: str
    kind: Kind
    level: Level = "calls"
    thorough: bool = False
    recovery: int | None = None

    def __str__(self) -> str:
        again = "" if self.recovery is None else f", recovery killed before its operation {self.recovery}"
        return f"{self.kind} operation {self.index} ({self.operation}){again}"


@frozen(kw_only=True)
class Verdict:
    """What came of one point: ``faults`` says which promises broke, ``endings`` how the processes ended."""

    point: Point
    faults: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()


@frozen(kw_only=True)
class Matrix:
    """A whole matrix; prints as ``name: N points, V violations``."""

    scenario: Scenario
    verdicts: tuple[Verdict, ...]

    @property
    def violations(self) -> tuple[Verdict, ...]:
        """The points at which a promise broke."""
        return tuple(verdict for verdict in self.verdicts if verdict.faults)

    @property
    def by_kind(self) -> Mapping[str, Sequence[Verdict]]:
        """The verdicts of each kind of point, in alphabetical order of the kinds."""
        found: dict[str, list[Verdict]] = {}
        for verdict in self.verdicts:
            kind = verdict.point.kind if verdict.point.recovery is None else "recovery killed"
            found.setdefault(kind, []).append(verdict)
        return dict(sorted(found.items()))

    def __str__(self) -> str:
        parts = ", ".join(f"{len(found)} {kind}" for kind, found in self.by_kind.items())
        total = f"{len(self.verdicts):,} points, {len(self.violations):,} violations"
        return f"{self.scenario.name}: {total} ({parts})"

    def explained(self, most: int = 10) -> str:
        """Return the first violations in full, one paragraph each."""
        lines = [
            f"{verdict.point}:\n  " + "\n  ".join((*verdict.faults, *verdict.endings))
            for verdict in self.violations[:most]
        ]
        return "\n".join([str(self), *lines])


def counts(verb: str, *, thorough: bool) -> bool:
    """Tell whether a call is an operation of the matrix.

    Nothing changes between one look and the next, so looks count only when ``thorough``.
    """
    if verb in _PURE or verb.endswith(":next"):
        return False
    return thorough or verb.partition(":")[0] not in _LOOKS


def points_of(operations: Sequence[str], level: Level, *, thorough: bool) -> Iterator[Point]:
    """Choose the points of one recorded publish; each stream is torn once, in the middle of its writes."""
    for index in _places(operations):
        for kind in _kinds(operations[index], level):
            yield Point(index=index, operation=operations[index], kind=kind, level=level, thorough=thorough)


def _kinds(operation: str, level: Level) -> Iterable[Kind]:
    if level == "system":
        return ("killed before",)
    return ("killed before", "failed") if _is_write(operation) else KINDS


def _places(operations: Sequence[str]) -> list[int]:
    writes: dict[str, list[int]] = {}
    for index, operation in enumerate(operations):
        if _is_write(operation):
            writes.setdefault(operation, []).append(index)
    torn = {indexes[len(indexes) // 2] for indexes in writes.values()}
    return [index for index, operation in enumerate(operations) if index in torn or not _is_write(operation)]


def _is_write(operation: str) -> bool:
    return operation.partition(" ")[0].endswith(":write")
