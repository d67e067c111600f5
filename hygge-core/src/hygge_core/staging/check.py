"""Checking that a part is where it should be, and is what was staged."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from hygge_core.errors import CommitConflict, StoreError


if TYPE_CHECKING:
    from hygge_core.commit import Part
    from hygge_core.lake import Lake


ALGORITHM = "sha256"
_CHUNK = 1 << 20


def checksum(lake: Lake, path: str) -> str:
    """Read a file back and return its checksum as ``sha256:hex``."""
    digest = hashlib.new(ALGORITHM)
    with lake.open(path) as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return f"{ALGORITHM}:{digest.hexdigest()}"


def is_there(lake: Lake, path: str, part: Part, *, deep: bool) -> bool:
    """Tell whether the path holds the part; ``deep`` compares content, not just the size.

    Raises `CommitConflict` when the path holds something else.
    """
    entry = lake.stat(path)
    if entry is None:
        return False
    if entry.size != part.size or (deep and checksum(lake, path) != part.checksum):
        raise CommitConflict(
            f"holds other content than was staged for it ({entry.size:,} bytes, expected {part.size:,})",
            where=lake.url(path),
            fix="nothing was overwritten; find out who wrote it, then move it away and run again",
        )
    return True


def demand(lake: Lake, path: str, part: Part, *, deep: bool) -> None:
    """Raise `StoreError` unless the path holds the part."""
    if not is_there(lake, path, part, deep=deep):
        raise StoreError(
            "a staged part is missing",
            where=lake.url(path),
            fix="something else deletes files under _hygge; stop it and run again",
        )
