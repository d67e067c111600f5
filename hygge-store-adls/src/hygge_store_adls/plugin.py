"""Registers the stores ``adls`` and ``onelake`` and the connection ``adls``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core import hookimpl


if TYPE_CHECKING:
    from collections.abc import Iterable

    from hygge_core import StoreType


@hookimpl
def hygge_stores() -> Iterable[StoreType]:
    """Offer the stores."""
    return ()
