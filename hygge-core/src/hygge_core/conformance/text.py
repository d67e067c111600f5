"""The table of a trial as people read it on a terminal or in a log."""

from __future__ import annotations

import shutil
import textwrap
from typing import TYPE_CHECKING

import click

from hygge_core.conformance.table import table_of


if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygge_core.conformance.results import Results
    from hygge_core.conformance.table import Cell, ResultTable

_COLOURS = {"kept": "green", "broken": "red", "broken, known": "yellow"}
_GAP = 2
_NARROWEST = 32
_WIDEST = 120


def text_of(results: Results, *, coloured: bool = False) -> str:
    """Return the table, below it the notes, and in the last line how it stands altogether."""
    table = table_of(results)
    width = min(shutil.get_terminal_size((_WIDEST, 24)).columns, _WIDEST)
    blocks = ["\n".join(_grid(table, width, coloured=coloured))] if table.rows else []
    if table.notes:
        blocks.append(
            "\n".join(line for number, note in enumerate(table.notes, 1) for line in _note(number, note, width))
        )
    blocks += [f"could not be tried: {fault}" for fault in results.faults]
    return "\n\n".join([f"{results.package} {results.version}", *blocks, total_of(results)])


def total_of(results: Results) -> str:
    """Say in one line how it stands."""
    failed = len([case for case in results.cases if case.outcome == "failed"])
    cases, contracts = len(results.cases), len(results.contracts)
    tried = f"{cases:,} case{'s'[: cases != 1]} of {contracts} contract{'s'[: contracts != 1]}"
    if results.faults:
        return f"Not every module could be read; {failed:,} of {tried} failed."
    return f"{failed:,} of {tried} failed." if failed else f"Nothing is broken: {tried}."


def _grid(table: ResultTable, width: int, *, coloured: bool) -> Iterator[str]:
    columns = [
        max(len(title), *(len(_shown(row.cells[index])) for row in table.rows)) + _GAP
        for index, title in enumerate(table.titles)
    ]
    longest = max(len(row.promise) for row in table.rows)
    first = min(longest, max(_NARROWEST, width - sum(columns)))
    yield _line("", table.titles, first, columns)
    for row in table.rows:
        start, *more = textwrap.wrap(row.promise, first)
        cells = [_painted(cell, column, coloured=coloured) for cell, column in zip(row.cells, columns, strict=True)]
        yield (f"{start:{first}}" + "".join(cells)).rstrip()
        yield from more


def _line(start: str, cells: tuple[str, ...], first: int, columns: list[int]) -> str:
    padded = (f"{'':{_GAP}}{cell:{column - _GAP}}" for cell, column in zip(cells, columns, strict=True))
    return (f"{start:{first}}" + "".join(padded)).rstrip()


def _painted(cell: Cell, column: int, *, coloured: bool) -> str:
    shown = _shown(cell)
    padding = " " * (column - _GAP - len(shown))
    colour = _COLOURS.get(cell.state) if coloured else None
    return f"{'':{_GAP}}{click.style(shown, fg=colour) if colour else shown}{padding}"


def _shown(cell: Cell) -> str:
    numbers = ", ".join(map(str, cell.notes))
    return f"{cell.state} [{numbers}]" if numbers else cell.state or "-"


def _note(number: int, note: object, width: int) -> list[str]:
    start = f"{f'[{number}]':5}"
    return textwrap.wrap(str(note), width, initial_indent=start, subsequent_indent=" " * len(start))
