"""Counting the rows of one attempt at each station, and demanding that none is lost between two of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core.engine.report import RowChain
from hygge_core.errors import VerifyMismatch
from hygge_core.home import KnowsRows


if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygge_core.commit import Part
    from hygge_core.engine.roads import Move


def chain_of(move: Move, road: str, parts: Sequence[Part]) -> RowChain:
    """Count what was read, what was held back and what is staged, when all rows have passed."""
    marked = None if move.marked is None else move.marked.rows
    dropped = None if move.boundary.seen is None else move.teller.rows - (marked or 0) - move.passed.rows
    return RowChain(read=_read(move, road), marked=marked, dropped=dropped, staged=sum(part.rows for part in parts))


def demand_staged(chain: RowChain, where: str) -> None:
    """Raise `VerifyMismatch` unless all rows that were read and not held back are staged."""
    if chain.read is not None and chain.staged is not None:
        new = chain.read - (chain.dropped or 0) - (chain.marked or 0)
        _demand_equal("are new" if new < chain.read else "were read", new, "are staged", chain.staged, where)


def demand_visible(committed: int, visible: int, where: str) -> None:
    """Raise `VerifyMismatch` unless all rows of a commit are what readers see."""
    _demand_equal("were committed", committed, "are visible", visible, where)


def _demand_equal(one: str, rows: int, other: str, count: int, where: str) -> None:
    if rows != count:
        fix = "do not rely on this table; run again, and report it if it stays"
        raise VerifyMismatch(f"{rows:,} rows {one} and {count:,} {other}", where=where, fix=fix)


def _read(move: Move, road: str) -> int | None:
    """Count the rows that were wanted: as they passed, or, for whole files, as the home knows them."""
    if move.filters:
        return move.teller.rows
    if isinstance(move.reading, KnowsRows):
        return move.reading.rows()
    return None if road == "frame" else move.teller.rows
