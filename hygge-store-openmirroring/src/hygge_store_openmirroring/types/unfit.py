"""Values that a mirrored table cannot hold, and what is said of them whichever way the rows come."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from hygge_core.errors import StoreError


if TYPE_CHECKING:
    from collections.abc import Iterator


class UnfitValue(ValueError):
    """A value without a place in a mirrored table, met while Polars evaluates.

    Polars raises it again as the same type, with the expression added in further lines.
    """


@contextmanager
def refusing(where: str) -> Iterator[None]:
    """Turn an unfit value, met while the context lasts, into a `StoreError` of one line that names the table.

    All other errors pass: those of the source belong to its home.
    """
    try:
        yield
    except UnfitValue as error:
        what = str(error).partition("\n")[0]
        raise StoreError(
            f"a row cannot be mirrored: {what}", where=where, fix="the mirrored table is as it was"
        ) from error
