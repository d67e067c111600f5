"""What is read: a table or a query, with the columns that the server says it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from hygge_core import HomeError
from hygge_core.config.suggest import did_you_mean
from hygge_core.sql import Statement, of_query, of_table, table_parts
from hygge_home_mssql.catalogue.columns import columns_of_query, columns_of_table
from hygge_home_mssql.dialect import MSSQL


if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygge_core.home import ReadRequest
    from hygge_home_mssql.catalogue.asking import Asks
    from hygge_home_mssql.home_config import MssqlConfig
    from hygge_home_mssql.types import Column


_SHOWN = 20
_NAMES = Statement(
    "SELECT s.name, o.name FROM sys.objects AS o JOIN sys.schemas AS s ON s.schema_id = o.schema_id "
    "WHERE o.type IN ('U', 'V') ORDER BY s.name, o.name"
)


@frozen(kw_only=True)
class Source:
    """``text`` stands after ``FROM``. ``parts`` are those of a table's name, unquoted; empty for a query."""

    text: str
    columns: tuple[Column, ...]
    parts: tuple[str, ...] = ()

    def column(self, name: str, where: str) -> Column:
        """Return a column by its exact name. Raises `HomeError`."""
        found = next((column for column in self.columns if column.name == name), None)
        if found is None:
            names = [column.name for column in self.columns]
            fix = did_you_mean(name, names) or f"it has {_listed(names)}"
            raise HomeError(f"there is no column {name!r}", where=where, fix=fix)
        return found


def find_source(asks: Asks, settings: MssqlConfig, request: ReadRequest) -> Source:
    """Look at the source of one entity. Raises `HomeError` for what is not there, or cannot be seen."""
    if settings.query:
        text = of_query(settings.query, MSSQL, entity=request.entity, flow=request.flow)
        return Source(text=text, columns=columns_of_query(asks, text))
    parts = table_parts(settings.table, MSSQL, entity=request.entity, flow=request.flow)
    text = of_table(settings.table, MSSQL, entity=request.entity, flow=request.flow)
    columns = columns_of_table(asks, parts) or _of_synonym(asks, text, parts)
    return Source(text=text, columns=columns, parts=parts)


def _of_synonym(asks: Asks, text: str, parts: Sequence[str]) -> tuple[Column, ...]:
    """Have the server describe what the catalogue does not list under its own name, such as a synonym."""
    try:
        return columns_of_query(asks, text)
    except HomeError as error:
        raise _absent(asks, parts) from error


def _absent(asks: Asks, parts: Sequence[str]) -> HomeError:
    there = [f"{schema}.{name}" for schema, name in asks.rows(_NAMES)]
    wanted = ".".join(parts)
    near = did_you_mean(wanted, there)
    fix = near or (f"the login sees {_listed(there)}" if there else "the login sees no table at all: check its rights")
    return HomeError(f"there is no table or view {wanted!r}, or the login may not see it", where=asks.where, fix=fix)


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    return ", ".join(map(repr, names[:_SHOWN])) + more
