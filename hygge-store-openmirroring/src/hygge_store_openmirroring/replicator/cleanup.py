"""What the service does with files it has taken: all but the last are moved aside, and purged after a week.

Documents name two folders for it and do not say when it is which, so chance decides per table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_store_openmirroring.landing_zone import PUT_ASIDE


if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from hygge_core.lake import Lake
    from hygge_store_openmirroring.landing_zone import TableName
    from hygge_store_openmirroring.replicator.detection import DataFile


RETENTION_NS = 7 * 24 * 3600 * 1_000_000_000


def put_aside(zone: Lake, table: TableName, processed: Sequence[DataFile], chance: Random) -> int:
    """Move processed files, the earliest first, out of the way; the last one stays. Returns how many."""
    folder = f"{table.folder}/{chance.choice(PUT_ASIDE)}"
    for file in processed[:-1]:
        zone.rename(file.path, f"{folder}/{file.name}", replace=True)
    return len(processed[:-1])


def purge(zone: Lake, table: TableName, now_ns: int) -> int:
    """Delete what was put aside longer than seven days ago. Returns how many files."""
    gone = 0
    for folder in PUT_ASIDE:
        for entry in list(zone.list(f"{table.folder}/{folder}")):
            if entry.modified and entry.modified < now_ns - RETENTION_NS:
                zone.delete(entry.path)
                gone += 1
    return gone
