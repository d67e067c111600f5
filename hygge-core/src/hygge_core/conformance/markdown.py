"""The table of a trial as Markdown, for issues and for documentation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core.conformance.table import table_of
from hygge_core.conformance.text import total_of


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hygge_core.conformance.results import Results
    from hygge_core.conformance.table import Cell


def markdown_of(results: Results) -> str:
    """Return a heading, the table with its notes, and in the last line how it stands altogether."""
    faults = [f"**Could not be tried**: {_escaped(fault)}" for fault in results.faults]
    blocks = [f"## {results.package} {results.version}", promises_of(results), *faults, total_of(results)]
    return "\n\n".join(block for block in blocks if block)


def promises_of(results: Results) -> str:
    """Return the table and its notes alone, empty when there is nothing to show."""
    table = table_of(results)
    if not table.rows:
        return ""
    rows = [[row.promise, *map(_shown, row.cells)] for row in table.rows]
    notes = [f"{number}. {_escaped(str(note))}" for number, note in enumerate(table.notes, 1)]
    return "\n\n".join(["\n".join(grid(["", *table.titles], rows)), *(["\n".join(notes)] if notes else [])])


def grid(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table; cells may hold any text of one line."""
    yield _row(titles)
    yield "|" + "---|" * len(titles)
    yield from map(_row, rows)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(_escaped(cell) for cell in cells)} |"


def _shown(cell: Cell) -> str:
    state = f"**{cell.state}**" if cell.state.startswith("broken") else cell.state
    numbers = ", ".join(map(str, cell.notes))
    return f"{state} ({numbers})" if numbers else state


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
