"""Put the figures of ``benchmarks/results/`` into docs/performance.md.

python benchmarks/report.py
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from statistics import median
from typing import Any


HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "performance.md"
PLACE = re.compile(r"(<!-- figures: (?P<name>[\w-]+) against (?P<reference>[^>]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def main() -> None:
    """Fill every place whose results are there, and leave the others as they are."""
    PAGE.write_text(PLACE.sub(filled, PAGE.read_text("utf-8")), "utf-8", newline="\n")


def filled(place: re.Match[str]) -> str:
    """Return the place with the table of its results."""
    file = HERE / "results" / f"{place['name']}.json"
    if not file.exists():
        return place[0]
    results = json.loads(file.read_text("utf-8"))
    machine = ", ".join(f"{name} {value}" for name, value in results["machine"].items())
    figures = table(results["rounds"], place["reference"])
    return f"{place[1]}\n{figures}\n\n{results['about']['rounds']} rounds; {machine}\n\n{place[4]}"


def table(rounds: dict[str, list[dict[str, Any]]], reference: str) -> str:
    """Return a Markdown table; ratios are the median, lowest and highest over the rounds."""
    lines = [
        f"| | seconds | ratio to {reference} | lowest to highest | work alone | CPU seconds | peak MiB |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for name, measured in rounds.items():
        ratios = [one["wall"] / other["wall"] for one, other in zip(measured, rounds[reference], strict=True)]
        works = [each["work"] for each in measured if each["work"] is not None]
        cells = [
            f"{median(each['wall'] for each in measured):.2f}",
            f"{median(ratios):.2f}",
            f"{min(ratios):.2f} to {max(ratios):.2f}",
            f"{median(works):.2f}" if works else "",
            f"{median(each['cpu'] for each in measured):.1f}",
            f"{median(each['peak'] for each in measured) / 2**20:,.0f}",
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
