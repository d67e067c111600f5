"""Rows of text in aligned columns."""

from __future__ import annotations

from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence


def aligned(rows: Sequence[tuple[str, ...]], *, right: Collection[str] = ()) -> Iterator[str]:
    """Put cells into columns, the first row being the headings; the columns named in ``right`` end together."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            cell.rjust(width) if heading in right else cell.ljust(width)
            for cell, width, heading in zip(row, widths, rows[0], strict=True)
        )
        yield "  ".join(cells).rstrip()
