"""How parts become files of a mirrored table, in an order that shows all of them at once where that can be.

Names are taken with If-None-Match, and a name that is taken is looked at before anything is done again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

from hygge_core.staging.check import demand, is_there
from hygge_store_openmirroring.landing_zone import METADATA
from hygge_store_openmirroring.metadata import Metadata, write_metadata
from hygge_store_openmirroring.publishing.numbering import published
from hygge_store_openmirroring.publishing.purged import Found, demand_none_lost
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

        While any of them is staged there is something to publish; after the last rename there is not.
        """
        if not record.parts:
            return
        parts = self.strategy.in_order(record.parts)
        staged = {entry.path for entry in lake.list(place.data(record.run.token))}
        if any(part.staged in staged for part in parts):
            self._begin(lake, place, record, Found(parts=parts, staged=staged), deep=deep, check=check)
        found = Found(parts=parts, staged=staged, published=published(lake, place.table))
        demand_none_lost(lake, place, record, found, whole=self.strategy.whole)
        check()
        metadata = f"{place.table}/{METADATA}"
        if lake.stat(metadata) is None:
            lake.put(metadata, write_metadata(self.metadata(record.table.key)))
        for part in parts:
            check()
            _show(lake, place, part, found, deep=deep)
        self.rebuild.done(lake, place)

    def _begin(  # noqa: PLR0913 - those of publish, and what was found
        self, lake: Lake, place: Place, record: CommitRecord, found: Found, *, deep: bool, check: Callable[[], None]
    ) -> None:
        """Make way for the parts. Nothing is dropped before all that replaces it is known to be whole."""

        def before_the_drop() -> None:
            check()
            demand_none_lost(lake, place, record, found, whole=self.strategy.whole)
            for part in found.parts:
                demand(lake, part.staged, part, deep=deep)

        if record.table.mode == "replace":
            self.rebuild.clear(lake, place, record.run.token, before_the_drop)
        self.strategy.before_first()

    def metadata(self, key: tuple[str, ...]) -> Metadata:
        """Return what the table's ``_metadata.json`` says; ``key`` is the flow's."""
        return Metadata(key_columns=self.key_columns or key, detection=self.strategy.detection)


def _show(lake: Lake, place: Place, part: Part, found: Found, *, deep: bool) -> None:
    """Rename a part onto its name; one that is published, or was until it was purged, is left alone."""
    waits = part.staged in found.staged
    if (there := found.published.get(part.name)) is not None:
        is_there(lake, there, part, deep=deep or waits)
    elif waits:
        demand(lake, part.staged, part, deep=deep)
        lake.rename(part.staged, f"{place.table}/{part.name}")
