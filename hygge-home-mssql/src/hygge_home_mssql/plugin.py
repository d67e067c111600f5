"""Registers the home type ``mssql`` and the connection type ``mssql``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core import hookimpl


if TYPE_CHECKING:
    from collections.abc import Iterable

    from hygge_core import HomeType


@hookimpl
def hygge_homes() -> Iterable[HomeType]:
    """Offer the home."""
    return ()
