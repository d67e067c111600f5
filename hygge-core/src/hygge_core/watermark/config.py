"""The ``watermark`` of a flow or an entity, as it is written."""

from __future__ import annotations

from datetime import date, datetime, timedelta  # noqa: TC003 - cattrs resolves the annotations at run time
from typing import Literal

from attrs import field, frozen


Nulls = Literal["error", "include", "once"]
"""``error`` refuses rows without a value, ``include`` reads them in every run, ``once`` in the first only."""


def _described(text: str) -> dict[str, str]:
    return {"doc": text}


@frozen(kw_only=True)
class WatermarkConfig:
    """What an incremental run goes by. Names are those of the home's columns.

    ``lag`` is a span of time for dates and times and a number for integers; ``initial`` is
    the first run's low bound, and without it the first run reads everything.
    """

    column: str = field(metadata=_described("The column that grows with every change, such as `ModifiedAt`."))
    key: tuple[str, ...] = field(
        default=(), metadata=_described("The columns that name a row; with the watermark column they name its version.")
    )
    lag: timedelta | int | None = field(
        default=None, metadata=_described("How far below the last mark to read again, for rows that arrive late.")
    )
    nulls: Nulls = field(default="error", metadata=_described("What to do with rows that have no value in the column."))
    initial: int | datetime | date | str | None = field(
        default=None, metadata=_described("Where the first run starts; without it, at the beginning.")
    )
    text: bool = field(
        default=False, metadata=_described("Whether a column of text may be the watermark, in the order of its bytes.")
    )
