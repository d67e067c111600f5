"""The engine of the test server: T-SQL that hygge and its tests write, answered as SQL Server answers it.

It parses T-SQL itself and computes on the exact values of `tds.contract`, since a general engine would bring its own
types, collations and roundings. What it does not know it refuses with error 40000 (or the number that a server has for
it) and names it. Where it knowingly differs from SQL Server the module concerned says so: order of punctuation in
collations (`values.collations`), definitions seen before they are committed (`storage.database`), sampling
(`queries.sources`), CLR types of which only points and whole-numbered paths are known (`values.spatial`,
`values.hierarchy`), an error in a batch ends the batch (`running`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tds.engine.answering import TestEngine


if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["TestEngine", "open_engine"]


def open_engine(databases: Collection[str] = ("test",), lacks: Collection[str] = ()) -> TestEngine:
    """Make an engine with empty databases, and master beside them."""
    return TestEngine(databases, lacks)
