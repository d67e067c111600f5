"""Choosing the engine of a reading."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from hygge_home_mssql.config import MssqlConnectionConfig
    from hygge_home_mssql.home_config import EngineName
    from hygge_home_mssql.pool import Engine


def engine_for(wanted: EngineName, settings: MssqlConnectionConfig) -> Engine:
    """Return the wanted engine; ``auto`` is the fast one where its package is here, unless the project names a driver.

    The fast one brings a driver of its own, so a connection with a ``driver`` asks for the other.
    """
    if wanted != "auto":
        return wanted
    return "pyodbc" if settings.driver or find_spec("mssql_python") is None else "arrow"
