"""The keys of a table: the primary one, or else the first unique index whose columns always have a value."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from hygge_core.sql import Statement
from hygge_home_mssql.dialect import MSSQL


if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygge_home_mssql.catalogue.asking import Asks


_KEYS = """\
SELECT i.index_id, c.name, c.is_nullable
FROM sys.indexes AS i
JOIN sys.index_columns AS k ON k.object_id = i.object_id AND k.index_id = i.index_id
JOIN sys.columns AS c ON c.object_id = k.object_id AND c.column_id = k.column_id
WHERE i.object_id = OBJECT_ID(?) AND i.is_unique = 1 AND k.key_ordinal > 0
ORDER BY i.is_primary_key DESC, i.index_id, k.key_ordinal"""


def key_of(asks: Asks, parts: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of the key, in its order; empty for a table without one, and for one in another database."""
    if len(parts) > 2:  # noqa: PLR2004 - the views of sys are those of this database
        return ()
    found = asks.rows(Statement(_KEYS, (".".join(map(MSSQL.quote, parts)),)))
    for _, columns in groupby(found, key=lambda row: row[0]):
        index = list(columns)
        if not any(nullable for _, _, nullable in index):
            return tuple(name for _, name, _ in index)
    return ()
