"""Parts of one table, by ranges of its row ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import asdict, frozen

from hygge_core.home import ReadRequest
from hygge_core.sql import Span, within
from hygge_home_sqlite.config import SQLITE


if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygge_core.sql import Statement


@frozen(kw_only=True)
class RowIdPart(ReadRequest):
    """The rows of a request whose row ids lie between two, both included; None is open."""

    first: int | None = None
    last: int | None = None


def cut(request: ReadRequest, parts: int, lowest: int, highest: int) -> Sequence[RowIdPart]:
    """Cut a request into at most ``parts`` of equal width.

    The outer ones are open, so that a row which comes later has its part as well.
    """
    width = -(-(highest - lowest + 1) // parts)
    starts = range(lowest + width, highest + 1, width)
    firsts, lasts = [None, *starts], [*(start - 1 for start in starts), None]
    known = asdict(request, recurse=False)
    return [RowIdPart(**{**known, "first": first, "last": last}) for first, last in zip(firsts, lasts, strict=True)]


def within_part(request: ReadRequest, row_id: str) -> Statement | None:
    """Keep to the rows of a part; None for a request that is whole."""
    if not isinstance(request, RowIdPart):
        return None
    return within(SQLITE, row_id, [Span(low=request.first, high=request.last)])
