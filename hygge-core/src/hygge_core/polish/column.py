"""One column of a frame by its exact name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars.selectors as cs


if TYPE_CHECKING:
    import polars as pl


def column(name: str) -> pl.Expr:
    """Refer to the column of this name, whatever the name looks like.

    `polars.col` would take ``*`` and ``^...$`` for patterns over all columns.
    """
    return cs.by_name(name).as_expr()
