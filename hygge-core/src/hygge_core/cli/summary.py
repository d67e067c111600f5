"""How a run ended, in a few lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core.cli import figures


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from hygge_core.engine.report import RunReport, TableOutcome


def rows_of(outcome: TableOutcome) -> int:
    """Count the rows that a table run moved, at the first station that counted them."""
    chain = outcome.rows
    stations = (chain.staged, chain.visible)
    return next((rows for rows in stations if rows is not None), 0)


def settled_rows(outcomes: Iterable[TableOutcome]) -> int:
    """Count the rows of all tables that were committed."""
    return sum(rows_of(outcome) for outcome in outcomes if outcome.state == "committed")


def closing_lines(report: RunReport, file: Path | None, *, house: str) -> Iterator[str]:
    """Say how many tables settled, which ones need attention and where the report is.

    ``house`` stands before the first line, for consoles that can show it.
    """
    yield house + _headline(report)
    for state, words in _ATTENTION.items():
        names = [f"{outcome.flow}.{outcome.entity}" for outcome in report.tables if outcome.state == state]
        if names:
            yield f"{words}: {_few(names)}"
    if report.retries:
        yield f"{figures.count(report.retries, 'request')} made again, for the first answer was none or not yet"
    if file:
        yield f"Report: {file}"


_ATTENTION = {"failed": "Need attention", "stopped": "Stopped before they were done"}


def _headline(report: RunReport) -> str:
    committed = [outcome for outcome in report.tables if outcome.state == "committed"]
    calm = sum(outcome.state in ("committed", "kept") for outcome in report.tables)
    mood = "Your data is settled" if calm == len(report.tables) else "Not everything is settled"
    bulk = figures.size(sum(outcome.size for outcome in committed))
    spent = figures.duration((report.finished - report.started).total_seconds())
    moved = f"{len(committed):,} of {figures.count(len(report.tables), 'table')} moved"
    kept = f", {calm - len(committed):,} kept" if calm > len(committed) else ""
    gone = sum(outcome.rows.deleted or 0 for outcome in committed)
    rows = figures.count(settled_rows(committed), "row") + (f", {gone:,} deleted" if gone else "")
    return f"{mood}: {moved}{kept}, {rows}, {bulk} in {spent}"


def _few(names: list[str], most: int = 12) -> str:
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most:,} more"
