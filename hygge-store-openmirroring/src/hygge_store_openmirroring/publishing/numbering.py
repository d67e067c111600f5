"""Giving parts their numbers, once and for ever.

The next number follows the highest that ever was: in the table's folder, in the folders that the service
moves processed files to, and in the last commit record that holds one, since the service purges files
after a week.  A folder that cannot be listed is an error, never a reason to begin again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from hygge_store_openmirroring.file_names import FIRST, number_of, sequential
from hygge_store_openmirroring.landing_zone import PUT_ASIDE, last_name


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hygge_core.commit import CommitRecord, Part
    from hygge_core.lake import Lake


def next_number(zone: Lake, folder: str, records: Iterable[CommitRecord]) -> int:
    """Return the number of the next file of a table; ``records`` are its commits, the newest first."""
    return max([FIRST - 1, *_numbers(published(zone, folder)), *_of_records(records)]) + 1


def published(zone: Lake, folder: str) -> dict[str, str]:
    """Find the table's files by name, those that the service has put aside included, each with its path.

    Folders are listed in the direction in which files move, so that none is missed on its way.
    """
    there = (entry for entry in zone.list(folder) if not entry.is_directory)
    aside = (entry for place in PUT_ASIDE for entry in zone.list(f"{folder}/{place}"))
    return {last_name(entry.path): entry.path for entry in (*there, *aside)}


def numbered(parts: Sequence[Part], first: int) -> tuple[Part, ...]:
    """Name the parts by numbers without a gap, in their order."""
    return tuple(attrs.evolve(part, name=sequential(number)) for number, part in enumerate(parts, first))


def _of_records(records: Iterable[CommitRecord]) -> Iterator[int]:
    """Yield the numbers of the newest record that has any; a replacement begins anew."""
    for record in records:
        if numbers := list(_numbers(part.name for part in record.parts)):
            yield from numbers
            return


def _numbers(names: Iterable[str]) -> Iterator[int]:
    return (number for name in names if (number := number_of(name)) is not None)
