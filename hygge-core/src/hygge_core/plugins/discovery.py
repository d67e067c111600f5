"""What is installed: every entry point that means hygge, read from metadata without importing anything."""

from __future__ import annotations

import re
from importlib.metadata import EntryPoint, distributions
from typing import TYPE_CHECKING

from attrs import frozen

from hygge_core.hookspecs import CONFORMANCE, PROJECT
from hygge_core.plugins.status import Source


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from importlib.metadata import Distribution


@frozen(kw_only=True)
class Candidate:
    """An entry point that has not been imported.

    ``location`` is the folder that its distribution is installed in, ``requires`` its
    ``Requires-Dist`` lines.
    """

    source: Source
    entry_point: EntryPoint
    location: str = ""
    requires: tuple[str, ...] = ()


def canonical(name: str) -> str:
    """Bring the name of a distribution or entry point into its comparable form (PyPA, "Names and normalization")."""
    return re.sub(r"[-_.]+", "-", name).lower()


def discover(entry_points: Iterable[EntryPoint] | None = None) -> tuple[Candidate, ...]:
    """List the candidates, those first that Python would import first.

    Reads the installed distributions once; pass ``entry_points`` to look at these instead.
    A folder that is listed twice on ``sys.path`` counts once.
    """
    found = _installed() if entry_points is None else ((entry_point, entry_point.dist) for entry_point in entry_points)
    return tuple(dict.fromkeys(_candidate(*pair) for pair in found if _concerns_us(pair[0].group)))


def _concerns_us(group: str) -> bool:
    return group == PROJECT or (group.startswith(f"{PROJECT}.") and group != CONFORMANCE)


def _installed() -> Iterator[tuple[EntryPoint, Distribution | None]]:
    for distribution in distributions():
        try:
            found = list(distribution.entry_points)
        except Exception:  # noqa: BLE001 - whatever is wrong with a stranger's metadata must not stop hygge
            found = _unreadable(distribution)
        yield from ((entry_point, distribution) for entry_point in found)


def _unreadable(distribution: Distribution) -> list[EntryPoint]:
    """Stand in for the entry points of a plugin whose list of them cannot be read."""
    try:
        text = distribution.read_text("entry_points.txt") or ""
    except ValueError:  # not UTF-8, so nobody can say whose it is
        return []
    ours = re.search(rf"^\s*\[{PROJECT}[\].]", text, re.MULTILINE)
    return [EntryPoint("entry_points.txt", "", PROJECT)] if ours else []


def _candidate(entry_point: EntryPoint, distribution: Distribution | None) -> Candidate:
    if distribution is None:
        source = Source(distribution="", version="", entry_point=entry_point.name)
        return Candidate(source=source, entry_point=entry_point)
    name, version, requires = _metadata(distribution)
    return Candidate(
        source=Source(distribution=name, version=version, entry_point=entry_point.name),
        entry_point=entry_point,
        location=str(distribution.locate_file("")),
        requires=requires,
    )


def _metadata(distribution: Distribution) -> tuple[str, str, tuple[str, ...]]:
    try:
        metadata = distribution.metadata
        name, version = ((metadata.get_all(key) or ["?"])[0] for key in ("Name", "Version"))
        return name, version, tuple(distribution.requires or ())
    except Exception:  # noqa: BLE001 - metadata that is missing or garbled; the plugin may work all the same
        return "?", "?", ()
