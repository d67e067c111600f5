"""How closely tables are looked at."""

from __future__ import annotations

from attrs import frozen


@frozen(kw_only=True)
class Depth:
    """Numbers alone, or ``keys`` too.

    ``key`` names rows in place of the watermark's key, by columns of the store; at most
    ``limit`` differences are shown.
    """

    keys: bool = False
    key: tuple[str, ...] = ()
    limit: int = 20
