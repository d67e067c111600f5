"""How parts become files of a mirrored table, in an order that shows all of them at once where that can be.

Names are taken with If-None-Match, and a name that is taken is looked at before anything is done again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

from hygge_core.errors import StoreError
from hygge_core.staging.check import demand, is_there
from hygge_store_openmirroring.landing_zone import METADATA
from hygge_store_openmirroring.metadata import Metadata, write_metadata
from hygge_store_openmirroring.publishing.numbering import published
from hygge_store_openmirroring.publishing.strategies import ByNumber


if TYPE_CHECKING:
    from collections.abc import Callable

    from hygge_core.commit import CommitRecord, Mode, Part
    from hygge_core.lake import Lake
    from hygge_core.staging.place import Place
    from hygge_store_openmirroring.publishing.rebuild import Rebuild
    from hygge_store_openmirroring.publishing.strategies import Strategy


@frozen(kw_only=True)
class MirrorLayout:
    """A table is a folder of a landing zone.

    Replacing deletes the folder, waits until the mirrored table is gone and begins anew;
    an upsert adds files of changes.  Without ``key_columns`` a table has the key that its flow names.
    """

    key_columns: tuple[str, ...]
    rebuild: Rebuild
    strategy: Strategy = field(factory=ByNumber)
    modes: frozenset[Mode] = frozenset({"replace", "upsert"})
    rotates: bool = True
    run_folders: bool = False

    def name(self, table: str, token: str, number: int) -> str:  # noqa: ARG002 - the layouts share one signature
        """Name a part while it is staged; it gets its final name when the stage is sealed."""
        return f"{token}-{number:010d}.parquet"

    def publish(self, lake: Lake, place: Place, record: CommitRecord, *, deep: bool, check: Callable[[], None]) -> None:
        """Make the recorded parts visible; may be repeated from any point.

        Once the part that is renamed last is not staged any more, everything is published.
        """
        if not record.parts:
            return
        parts = self.strategy.in_order(record.parts)
        begins = lake.stat(parts[-1].staged) is not None
        if begins and record.table.mode == "replace":
            self.rebuild.clear(lake, place, record.run.token, check)
        if begins:
            self.strategy.before_first()
        check()
        metadata = f"{place.table}/{METADATA}"
        if lake.stat(metadata) is None:
            lake.put(metadata, write_metadata(self.metadata(record.table.key)))
        there = published(lake, place.table)
        for part in parts:
            check()
            _publish(lake, place, part, there.get(part.name), deep=deep)
        self.rebuild.done(lake, place)

    def metadata(self, key: tuple[str, ...]) -> Metadata:
        """Return what the table's ``_metadata.json`` says; ``key`` is the flow's."""
        return Metadata(key_columns=self.key_columns or key, detection=self.strategy.detection)


def _publish(lake: Lake, place: Place, part: Part, there: str | None, *, deep: bool) -> None:
    """Rename a part onto its name, unless it is there or was, and has been put aside since."""
    if there is not None:
        is_there(lake, there, part, deep=deep or lake.stat(part.staged) is not None)
        return
    if lake.stat(part.staged) is None:
        raise StoreError(
            f"{part.name} is neither staged nor published; the service took and purged it, or it is lost",
            where=lake.url(place.table),
            fix="`hygge mirror rebuild` makes the table anew from its source",
        )
    demand(lake, part.staged, part, deep=deep)
    lake.rename(part.staged, f"{place.table}/{part.name}")
