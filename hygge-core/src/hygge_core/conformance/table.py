"""The table of a trial: promises by contracts, and a numbered note for whatever is not simply kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from hygge_core.conformance.results import state_of


if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygge_core.conformance.results import CaseResult, Contract, Results, State

OTHERS = "what the test classes themselves ask"
"""The name of the row for cases that belong to no promise."""

_WORDS = {"failed": "broken", "xfailed": "broken, known", "skipped": "not offered"}


@frozen(kw_only=True)
class Cell:
    """What came of one promise in one contract, and the numbers of the notes that say why."""

    state: State
    notes: tuple[int, ...] = ()


@frozen(kw_only=True)
class Row:
    """One promise, with a cell for each contract."""

    promise: str
    cells: tuple[Cell, ...]


@frozen(kw_only=True)
class Note:
    """Why something is not kept: ``word`` says what of it, ``text`` the reason or the first failure's message."""

    word: str
    text: str

    def __str__(self) -> str:
        return f"{self.word}: {self.text}"


@frozen(kw_only=True)
class ResultTable:
    """A whole table; the notes are numbered from 1."""

    titles: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[Note, ...]


def table_of(results: Results) -> ResultTable:
    """Lay out the results; the same reason is noted once, whichever promises it is about."""
    numbers: dict[Note, int] = {}
    rows = tuple(
        Row(
            promise=promise or OTHERS,
            cells=tuple(_cell(results.of(contract, promise), contract, numbers) for contract in results.contracts),
        )
        for promise in results.promises
    )
    return ResultTable(titles=tuple(contract.title for contract in results.contracts), rows=rows, notes=tuple(numbers))


def _cell(cases: tuple[CaseResult, ...], contract: Contract, numbers: dict[Note, int]) -> Cell:
    notes = {numbers.setdefault(note, len(numbers) + 1) for note in _notes(cases, contract)}
    return Cell(state=state_of(cases), notes=tuple(sorted(notes)))


def _notes(cases: tuple[CaseResult, ...], contract: Contract) -> Iterator[Note]:
    """Yield the first failure, and each reason for what is expected to fail or not offered."""
    failed = [case for case in cases if case.outcome == "failed"]
    if failed:
        others = f" ({len(failed) - 1} more like it)" if len(failed) > 1 else ""
        text = f"{contract.title}: {failed[0].name}: {_first_line(failed[0].reason)}{others}"
        yield Note(word=_WORDS["failed"], text=text)
    for case in cases:
        if case.outcome in {"skipped", "xfailed"}:
            yield Note(word=_WORDS[case.outcome], text=_first_line(case.reason) or "no reason is given")


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0].rstrip(": ")
