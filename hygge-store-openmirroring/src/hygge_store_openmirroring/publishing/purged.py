"""Parts of a recorded commit that are nowhere any more: purged after the service took them, or lost."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from attrs import Factory, frozen

from hygge_core.errors import StoreError


if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from hygge_core.commit import CommitRecord, Part
    from hygge_core.lake import Lake
    from hygge_core.staging.place import Place


@frozen(kw_only=True)
class Found:
    """What there is of a recorded commit.

    ``parts`` are in the order in which they are renamed, ``staged`` the paths of those that wait,
    ``published`` the paths of the table's files by name, those put aside included.
    """

    parts: Sequence[Part]
    staged: Container[str]
    published: Mapping[str, str] = Factory(dict)

    @property
    def gone(self) -> list[Part]:
        """Parts that are neither staged nor published."""
        return [part for part in self.parts if part.staged not in self.staged and part.name not in self.published]

    def purged(self, *, whole: bool) -> list[Part]:
        """Return the parts that the service may have purged, a week or more after a crash.

        It takes what was renamed, with ``whole`` not before everything was, and never purges the file that it took
        last: so some part of the commit must still be there.
        """
        renamed = list(takewhile(lambda part: part.staged not in self.staged, self.parts))
        shown = len(renamed) == len(self.parts) or not whole
        return renamed if shown and any(part.name in self.published for part in renamed) else []


def demand_none_lost(lake: Lake, place: Place, record: CommitRecord, found: Found, *, whole: bool) -> None:
    """Raise `StoreError`, with a way out, for parts that are gone and cannot have been purged.

    A stage stays until its commit has ended; if somebody deleted it, what was renamed from it is not known.
    """
    if not (gone := found.gone):
        return
    stage = lake.stat(place.data(record.run.token)) is not None
    lost = [part.name for part in gone if not (stage and part in found.purged(whole=whole))]
    if lost:
        raise StoreError(
            f"the commit of run {record.run.id} is recorded, and of its files {', '.join(lost)} "
            f"{'is' if len(lost) == 1 else 'are'} neither staged nor published",
            where=lake.url(place.table),
            fix=f"move {lake.url(place.pending)} to another folder, then `hygge mirror rebuild` makes the table anew",
        )
