"""Checking that a part is where it should be, and is what was staged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import xxhash

from hygge_core.errors import CommitConflict, StoreError


if TYPE_CHECKING:
    from typing_extensions import Buffer

    from hygge_core.commit import Part
    from hygge_core.lake import Lake


_CHUNK = 1 << 20


class Checksum:
    """A running checksum of bytes: XXH3 in 128 bits, far quicker than the disk and than any cryptographic one.

    It tells whether a file holds what was staged; it does not defend against an attacker
    who may write to the store, since that one could rewrite the record as well.
    """

    def __init__(self) -> None:
        self._digest = xxhash.xxh3_128()

    def update(self, data: Buffer) -> None:
        """Take more bytes into account."""
        self._digest.update(data)

    def __str__(self) -> str:
        return f"xxh3-128:{self._digest.hexdigest()}"


def checksum(lake: Lake, path: str) -> str:
    """Read a file back and return its checksum as ``xxh3-128:hex``."""
    read = Checksum()
    with lake.open(path) as file:
        while chunk := file.read(_CHUNK):
            read.update(chunk)
    return str(read)


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
