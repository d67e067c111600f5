"""How many rows tables hold, without counting them where the server knows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core import HomeError
from hygge_core.sql import Statement, count
from hygge_home_mssql.dialect import MSSQL


if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygge_home_mssql.catalogue.asking import Asks


_ROWS = "SELECT SUM(p.rows) FROM sys.partitions AS p WHERE p.object_id = OBJECT_ID(?) AND p.index_id IN (0, 1)"


def rows_of(asks: Asks, parts: Sequence[str]) -> int | None:
    """Return what the server's books say, which may lag behind a little; counted where it keeps none.

    None for what cannot be counted, such as a view whose query fails.
    """
    name = ".".join(map(MSSQL.quote, parts))
    try:
        ((known,),) = asks.rows(Statement(_ROWS, (name,)))
    except HomeError:
        known = None
    if known is not None:
        return int(known)
    try:
        ((counted,),) = asks.rows(count(name))
    except HomeError:
        return None
    return int(counted)
