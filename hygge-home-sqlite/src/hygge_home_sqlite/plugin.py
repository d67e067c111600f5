"""The home that this package brings: ``sqlite``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core import HomeType, hookimpl
from hygge_home_sqlite.config import SqliteConfig


if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygge_core import Context
    from hygge_core.home import Home


def _open(settings: SqliteConfig, context: Context) -> Home:
    from hygge_home_sqlite.home import SqliteHome

    return SqliteHome(settings=settings, project=context.project)


@hookimpl
def hygge_homes() -> Iterator[HomeType]:
    """Yield the one kind of home."""
    yield HomeType(name="sqlite", config=SqliteConfig, open=_open, summary="Tables and queries of SQLite files")
