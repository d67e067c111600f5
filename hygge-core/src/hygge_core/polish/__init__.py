"""Last-mile polish: columns chosen, named and added on the way from home to store.

`Polish` is loaded on first use, because it brings Polars with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from hygge_core.polish.polishing import Polish

__all__ = ["Polish"]


def __getattr__(name: str) -> type[Polish]:
    if name != "Polish":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from hygge_core.polish.polishing import Polish

    return Polish
