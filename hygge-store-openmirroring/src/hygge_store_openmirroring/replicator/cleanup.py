"""What the service does with files it has taken: all but the last of a table are moved aside.

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


def put_aside(zone: Lake, table: TableName, processed: Sequence[DataFile], chance: Random) -> int:
    """Move processed files, the earliest first, out of the way; the last one stays. Returns how many."""
    folder = f"{table.folder}/{chance.choice(PUT_ASIDE)}"
    for file in processed[:-1]:
        zone.rename(file.path, f"{folder}/{file.name}", replace=True)
    return len(processed[:-1])
