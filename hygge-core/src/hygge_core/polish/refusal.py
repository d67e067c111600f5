"""Saying no to a polish that does not fit its source."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from hygge_core.errors import HyggeError


if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


_SHOWN = 12


class PolishError(HyggeError):
    """The ``polish`` table asks for what the source's columns cannot give.

    ``where`` is the key that asks, such as ``polish.select``.
    """

    exit_code = 2


def require(names: Iterable[str], columns: Collection[str], *, where: str) -> None:
    """Raise `PolishError` for names that are not columns of the source, or are given twice."""
    seen: set[str] = set()
    for name in names:
        if name not in columns:
            raise PolishError(f"the source has no column {name!r}", where=where, fix=_suggestion(name, columns))
        if name in seen:
            raise PolishError(f"column {name!r} is named twice", where=where, fix="name it once")
        seen.add(name)


def _suggestion(name: str, columns: Collection[str]) -> str:
    alike = {column.casefold(): column for column in columns}
    close = get_close_matches(name.casefold(), alike, n=1)
    if close:
        return f"did you mean {alike[close[0]]!r}?"
    shown = ", ".join(repr(column) for column in list(columns)[:_SHOWN])
    more = f" and {len(columns) - _SHOWN} more" if len(columns) > _SHOWN else ""
    return f"it has {shown}{more}" if columns else "it has no columns at all"
