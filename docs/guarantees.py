"""Write the tables of guarantees.md from what `nox -s conformance` has found.

python docs/guarantees.py            # a test fails when this would change something
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hygge_core.conformance.document import results_of
from hygge_core.conformance.markdown import grid, promises_of


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hygge_core.conformance.results import Results

    Points = dict[str, int]


HERE = Path(__file__).resolve().parent
PAGE = HERE / "guarantees.md"
FOUND = HERE / "conformance"
BEGIN, END = "<!-- conformance -->\n", "<!-- end of conformance -->"
KINDS = (
    "killed before",
    "killed during",
    "killed after",
    "answer lost",
    "answer cut",
    "failed",
    "failing",
    "outage",
    "second writer",
    "recovery killed",
    "system",
)
TITLES = {"system": "killed before a change of the file system"}


def main() -> None:
    """Put the tables where the page has the old ones."""
    PAGE.write_text(page(), "utf-8", newline="\n")


def page() -> str:
    """Return guarantees.md as it should be."""
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    documents = [json.loads(file.read_text("utf-8")) for file in sorted(FOUND.glob("*.json"))]
    return before + BEGIN + "\n".join(map(section, documents)) + "\n" + END + after


def section(document: dict[str, Any]) -> str:
    """Return what one package keeps, and how often each way of failing was tried on it."""
    results = results_of(document)
    blocks = [f"\n### `{results.package}`", described(results), promises_of(results)]
    crashes = dict(failure_classes(results))
    if crashes:
        kinds = [kind for kind in KINDS if any(kind in found for found in crashes.values())]
        rows = [[name, *(counted(found.get(kind)) for kind in kinds)] for name, found in crashes.items()]
        blocks += ["Where publishes were stopped, by store, mode and what went wrong: points, in brackets violations."]
        blocks += ["\n".join(grid(["", *(TITLES.get(kind, kind) for kind in kinds)], rows))]
    return "\n\n".join(blocks) + "\n"


def described(results: Results) -> str:
    """Say which test class stands for which store."""
    return "\n".join(f"* **{contract.title}**: {contract.about}" for contract in results.contracts)


def failure_classes(results: Results) -> Iterator[tuple[str, dict[str, Points]]]:
    """Yield each store and scenario with its points and violations of each kind of failure."""
    for contract in results.contracts:
        found: dict[str, dict[str, Points]] = {}
        for crash in results.recorded(contract, "crash"):
            kinds = crash["kinds"] if crash["level"] == "calls" else {"system": summed(crash["kinds"].values())}
            found.setdefault(crash["scenario"], {}).update(kinds)
        yield from ((f"{contract.title}: {scenario}", kinds) for scenario, kinds in found.items())


def summed(kinds: Iterable[Points]) -> Points:
    """Add up the points of several kinds."""
    total = {"points": 0, "violations": 0}
    for points in kinds:
        total = {name: total[name] + points[name] for name in total}
    return total


def counted(points: Points | None) -> str:
    """Return points and violations as a cell; empty where that was not tried."""
    return f"{points['points']:,} ({points['violations']:,})" if points else ""


if __name__ == "__main__":
    main()
