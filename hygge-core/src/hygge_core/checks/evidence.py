"""What the checks of one table run look at, gathered by the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen


if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    import polars as pl


@frozen(kw_only=True)
class Evidence:
    """Figures and rows of a sealed stage.

    ``rows`` are those that the run brings.  ``before`` and ``after`` count the rows of the
    table as readers see it before the commit and would after it; None where nobody counted.
    ``incoming()`` shows the rows that the run brings, None where nobody can; ``staying()``
    those of the table beside them, None where none stay.  Names are those in the store.
    ``key`` names a row in messages, ``now`` is when the run began.
    """

    rows: int
    now: datetime
    incoming: Callable[[], pl.LazyFrame] | None = None
    staying: Callable[[], pl.LazyFrame | None] | None = None
    before: int | None = None
    after: int | None = None
    key: tuple[str, ...] = ()
