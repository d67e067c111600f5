"""What each origin of a crash scenario brings and takes away, and what a table holds after several of them."""

from __future__ import annotations

from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Iterable

    from hygge_core.testing.plan import Scenario

    Rows = dict[str, list[int]]
    """The sorted numbers of the rows of each origin."""


ROWS = 6
"""Rows of each batch."""
_OVERLAP = 3
_DELETED = 4


def numbers(scenario: Scenario, origin: str) -> list[int]:
    """Return the numbers of the rows that an origin brings.

    In an upsert the number is the key.  There ``new`` replaces the last rows of ``old`` and
    ``rival`` the first, so that it does not matter which of the two comes before the other.
    """
    count = scenario.writers * scenario.batches * ROWS
    shift = count - _OVERLAP
    first = {"new": shift, "rival": -shift}.get(origin, 0) if scenario.mode == "upsert" else 0
    return list(range(first, first + count))


def deleted(scenario: Scenario, origin: str) -> list[int]:
    """Return the numbers that an origin deletes: in an upsert, ``new`` takes one row of ``old`` away."""
    return [_DELETED] if scenario.mode == "upsert" and origin == "new" else []


def settled(scenario: Scenario, origins: Iterable[str]) -> Rows:
    """Return what a table holds after an upsert of each origin in turn."""
    holders: dict[int, str] = {}
    for origin in origins:
        for number in deleted(scenario, origin):
            holders.pop(number, None)
        holders |= dict.fromkeys(numbers(scenario, origin), origin)
    rows: Rows = {}
    for number, origin in sorted(holders.items()):
        rows.setdefault(origin, []).append(number)
    return rows
