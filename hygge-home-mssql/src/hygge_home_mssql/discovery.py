"""The tables of a database with what a project should know of them: keys, rows, how each could be followed, and why."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from hygge_core.connection import FoundTable
from hygge_core.sql import Statement
from hygge_home_mssql.catalogue.columns import columns_of_table
from hygge_home_mssql.catalogue.keys import key_of
from hygge_home_mssql.catalogue.rows import rows_of
from hygge_home_mssql.dialect import MSSQL
from hygge_home_mssql.proposing import notes_on, proposed
from hygge_home_mssql.reading.session import Session


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hygge_home_mssql.catalogue.asking import Asks
    from hygge_home_mssql.connection import MssqlConnection
    from hygge_home_mssql.home import MssqlHome


_TABLES = Statement(
    "SELECT s.name, t.name FROM sys.tables AS t JOIN sys.schemas AS s ON s.schema_id = t.schema_id "
    "WHERE t.is_ms_shipped = 0 ORDER BY s.name, t.name"
)
_PLAIN = re.compile(r"[^\W\d][\w@$#]*")
_PLACE = "{entity}"


def find_tables(connection: MssqlConnection, patterns: Sequence[str]) -> Iterator[FoundTable]:
    """Yield the tables whose ``schema.name`` fits one of the patterns in any case, with ``*`` and ``?``, in order."""
    session = Session(connection, connection.where)
    try:
        for schema, name in session.rows(_TABLES):
            if _fits(f"{schema}.{name}", patterns):
                yield _found(session, (schema, name))
    finally:
        session.close()


def entities(home: MssqlHome) -> Iterator[str]:
    """Yield the names that ``{entity}`` could stand for now; nothing where it stands for nothing."""
    schema, _, name = home.settings.table.rpartition(".")
    if home.settings.query or _PLACE not in name or _PLACE in schema:
        return
    before, _, after = name.strip('"[]').partition(_PLACE)
    pattern = re.compile(f"{re.escape(before)}(.+){re.escape(after)}", re.DOTALL)
    session = Session(home.connection, home.connection.where)
    try:
        found = session.rows(_TABLES)
    finally:
        session.close()
    wanted = schema.strip('"[]') or None
    yield from (match[1] for own, match in _matches(found, pattern) if wanted in {None, own})


def _matches(found: Iterable[Sequence[str]], pattern: re.Pattern[str]) -> Iterator[tuple[str, re.Match[str]]]:
    for schema, name in found:
        match = pattern.fullmatch(name)
        if match:
            yield schema, match


def _found(asks: Asks, parts: tuple[str, str]) -> FoundTable:
    columns = columns_of_table(asks, parts)
    key = key_of(asks, parts)
    watermark, why = proposed(columns, key)
    return FoundTable(
        name=parts[1],
        table=".".join(_written(part) for part in parts),
        rows=rows_of(asks, parts),
        key=key,
        watermark=watermark,
        why=why,
        notes=tuple(notes_on(columns)),
    )


def _fits(table: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(table.casefold(), pattern.casefold()) for pattern in patterns)


def _written(name: str) -> str:
    """Write a part of a name as it may stand in ``table``, without brackets where they are not needed."""
    return name if _PLAIN.fullmatch(name) else MSSQL.quote(name)
