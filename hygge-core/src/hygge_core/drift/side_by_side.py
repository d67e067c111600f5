"""Two schemas next to each other, for a person to see what moved."""

from __future__ import annotations

from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygge_core.commit import Column


_ALL_SHOWN = 40


def side_by_side(old: Sequence[Column], new: Sequence[Column]) -> str:
    """Write a table of both schemas: ``-`` gone, ``+`` new, ``~`` changed.

    Columns are matched by exact name, in the old order, new ones last.  Beyond 40 columns
    the unchanged ones are counted instead of listed.
    """
    before = {column.name: column.dtype for column in old}
    after = {column.name: column.dtype for column in new}
    names = list(before | after)
    changed = [name for name in names if before.get(name) != after.get(name)]
    shown = names if len(names) <= _ALL_SHOWN else changed
    rows = [("", "column", "committed", "now")]
    rows += ((_mark(name, before, after), name, before.get(name, ""), after.get(name, "")) for name in shown)
    widths = [max(len(row[at]) for row in rows) for at in range(3)]
    lines = [f"  {m:1} {n:{widths[1]}}  {b:{widths[2]}}  {a}".rstrip() for m, n, b, a in rows]
    hidden = len(names) - len(shown)
    return "\n".join([*lines, f"    and {hidden} columns as before"] if hidden else lines)


def _mark(name: str, before: dict[str, str], after: dict[str, str]) -> str:
    if name not in before:
        return "+"
    if name not in after:
        return "-"
    return "" if before[name] == after[name] else "~"
