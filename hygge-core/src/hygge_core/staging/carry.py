"""Carrying files of a table over into its next state, byte for byte, under new names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from hygge_core.errors import CommitConflict
from hygge_core.lake import LinksFiles
from hygge_core.staging.check import Checksum


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hygge_core.commit import Part
    from hygge_core.lake import Lake


_CHUNK = 4 << 20


def carry(lake: Lake, table: str, parts: Sequence[Part], folder: str, name: Callable[[int], str]) -> tuple[Part, ...]:
    """Put files of the table into the folder as well: as hard links where the lake has them, else copied.

    Each gets a new name, by its number.  Under their old names a reader caught in the switch
    would find these files and miss the others, and pyarrow says nothing of that.  Raises
    `CommitConflict` when a copy does not hold what was committed.
    """
    carried = [
        attrs.evolve(part, name=name(index), staged=f"{folder}/{name(index)}") for index, part in enumerate(parts)
    ]
    sources = [f"{table}/{part.name}" for part in parts]
    if isinstance(lake, LinksFiles) and lake.abilities.hard_links:
        lake.link({source: part.staged for source, part in zip(sources, carried, strict=True)})
    else:
        for source, part in zip(sources, carried, strict=True):
            _copy(lake, source, part)
    return tuple(carried)


def _copy(lake: Lake, source: str, part: Part) -> None:
    copied = Checksum()
    with lake.open(source) as old, lake.create(part.staged) as new:
        while chunk := old.read(_CHUNK):
            copied.update(chunk)
            new.write(chunk)
    if str(copied) != part.checksum:
        raise CommitConflict(
            "holds other content than was committed to it",
            where=lake.url(source),
            fix="nothing was changed; find out who wrote it, restore it, and run again",
        )
