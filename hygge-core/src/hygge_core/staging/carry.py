"""Carrying files of a table over into its next state, unchanged and under the same name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from hygge_core.errors import CommitConflict
from hygge_core.lake import LinksFiles
from hygge_core.staging.check import Checksum


if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygge_core.commit import Part
    from hygge_core.lake import Lake


_CHUNK = 4 << 20


def carry(lake: Lake, parts: Sequence[Part], table: str, folder: str) -> tuple[Part, ...]:
    """Put files of the table into the folder as well: as hard links where the lake has them, else copied.

    The name of a file stays true to its bytes, so a reader caught in the switch finds in it
    what it listed.  Raises `CommitConflict` when a copy does not hold what was committed.
    """
    if parts and isinstance(lake, LinksFiles) and lake.abilities.hard_links:
        lake.link_into([f"{table}/{part.name}" for part in parts], folder)
    else:
        for part in parts:
            _copy(lake, f"{table}/{part.name}", f"{folder}/{part.name}", part)
    return tuple(attrs.evolve(part, staged=f"{folder}/{part.name}") for part in parts)


def _copy(lake: Lake, source: str, target: str, part: Part) -> None:
    copied = Checksum()
    with lake.open(source) as old, lake.create(target) as new:
        while chunk := old.read(_CHUNK):
            copied.update(chunk)
            new.write(chunk)
    if str(copied) != part.checksum:
        raise CommitConflict(
            "holds other content than was committed to it",
            where=lake.url(source),
            fix="nothing was changed; find out who wrote it, restore it, and run again",
        )
