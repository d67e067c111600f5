"""What a flow may choose about types: where Polars has no exact match, or where people disagree."""

from __future__ import annotations

from typing import Literal

from attrs import frozen


On100ns = Literal["error", "ns", "text", "truncate"]
"""What becomes of moments with a seventh digit: stop at one, nanoseconds, text, or cut it off."""

Offsets = Literal["utc", "column", "text"]
"""What becomes of ``datetimeoffset``: the instant in UTC, that with a column of minutes beside it, or text."""

Bytes = Literal["text", "bytes"]
RowVersions = Literal["bytes", "uint64"]
Profile = Literal["exact", "fabric"]
"""Which dtypes are wanted: those that fit best, or only those that Microsoft Fabric takes."""


@frozen(kw_only=True)
class Options:
    """Choices about types; the defaults lose nothing and stop where they would.

    ``spatial`` is for ``geography``, ``geometry`` and ``hierarchyid``.  Raises `ValueError` for choices
    that contradict each other.
    """

    on_100ns: On100ns = "error"
    datetimeoffset: Offsets = "utc"
    rowversion: RowVersions = "bytes"
    spatial: Bytes = "text"
    profile: Profile = "exact"

    def __attrs_post_init__(self) -> None:
        if self.profile == "fabric" and self.on_100ns == "ns":
            message = (
                'on_100ns = "ns" and profile = "fabric" do not go together, since Fabric keeps microseconds; '
                'use "text" or "truncate"'
            )
            raise ValueError(message)
