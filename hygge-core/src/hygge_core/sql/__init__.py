"""SQL that homes of databases share: names quoted, values bound, the user's query left as it is."""

from __future__ import annotations

from hygge_core.sql.dialect import Dialect
from hygge_core.sql.fetching import Row, chunks
from hygge_core.sql.select import count, exists, highest, lowest, select
from hygge_core.sql.source import check_query, check_table, of_query, of_table, table_parts
from hygge_core.sql.statement import Statement, all_of, any_of
from hygge_core.sql.within import Span, within


__all__ = [
    "Dialect",
    "Row",
    "Span",
    "Statement",
    "all_of",
    "any_of",
    "check_query",
    "check_table",
    "chunks",
    "count",
    "exists",
    "highest",
    "lowest",
    "of_query",
    "of_table",
    "select",
    "table_parts",
    "within",
]
