"""Bad rows: what is wrong where, and how many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from hygge_core import HomeError


if TYPE_CHECKING:
    from hygge_home_files.config import BadRows


_SHOWN = 3
_WIDEST = 60


@frozen
class Place:
    """A physical line of a file, 1-based."""

    label: str
    line: int

    def __str__(self) -> str:
        return f"{self.label}:{self.line}"


@frozen
class Fault:
    """One bad row: ``line`` is physical and 1-based, ``what`` says what is wrong, ``fix`` what to do."""

    label: str
    line: int
    what: str
    fix: str

    def error(self) -> HomeError:
        """Return the error that stops the table."""
        return HomeError(self.what, where=f"{self.label}:{self.line}", fix=self.fix)

    def __str__(self) -> str:
        return f"{self.label}:{self.line}: {self.what}"


class Tally:
    """The bad rows of a table: all are counted, the first few are kept."""

    def __init__(self) -> None:
        self.rows = 0
        self.first: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Count a bad row, by the first thing that is wrong in it."""
        self.rows += 1
        if len(self.first) < _SHOWN:
            self.first.append(fault)

    def warnings(self, policy: BadRows) -> tuple[str, ...]:
        """Say how many rows were skipped or nulled, and show the first few; nothing when there are none."""
        if not self.rows:
            return ()
        verb = "were left out" if policy == "skip" else "have nulls for what cannot be read"
        examples = "; ".join(str(fault) for fault in self.first)
        return (f"{self.rows:,} bad rows {verb} (bad_rows = '{policy}'), the first: {examples}",)


def shown(value: object) -> str:
    """Write a value for an error, cut where it is long."""
    text = repr(value)
    return text if len(text) <= _WIDEST else f"{text[:_WIDEST]}... ({len(text)} characters)"
