"""Choosing the engine of a reading."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from hygge_home_mssql.types import is_long


if TYPE_CHECKING:
    from collections.abc import Iterable

    from hygge_home_mssql.config import MssqlConnectionConfig
    from hygge_home_mssql.home_config import EngineName
    from hygge_home_mssql.pool import Engine
    from hygge_home_mssql.types import Column


def engine_for(wanted: EngineName, settings: MssqlConnectionConfig, columns: Iterable[Column] = ()) -> Engine:
    """Return the wanted engine; ``auto`` is the fast one where its package is here, with two exceptions.

    It brings a driver of its own, so a connection that names a ``driver`` asks for the other.  And
    it keeps Python to itself while it waits for a ``(max)`` value, so that leases are not renewed and Ctrl-C is
    not heard, while it is no faster with them: ``columns`` with such values are read by the other too.
    """
    if wanted != "auto":
        return wanted
    if settings.driver or find_spec("mssql_python") is None or any(map(is_long, columns)):
        return "pyodbc"
    return "arrow"
