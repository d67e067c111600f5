"""The types of SQL Server: what each becomes, how it is selected, and how a watermark of it is bound."""

from __future__ import annotations

from hygge_home_mssql.types.binding import bound_of, condition_of, placeholder_of, why_not_followed
from hygge_home_mssql.types.column import MAX, Column, typed
from hygge_home_mssql.types.options import Options
from hygge_home_mssql.types.table import is_long
from hygge_home_mssql.types.way import dtype_of, dtype_text_of, finished, readable, select_of


__all__ = [
    "MAX",
    "Column",
    "Options",
    "bound_of",
    "condition_of",
    "dtype_of",
    "dtype_text_of",
    "finished",
    "is_long",
    "placeholder_of",
    "readable",
    "select_of",
    "typed",
    "why_not_followed",
]
