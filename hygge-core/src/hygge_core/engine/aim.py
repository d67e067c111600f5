"""What one attempt is to do, as far as it is known before its source is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
from attrs import frozen

from hygge_core.errors import UsageError
from hygge_core.watermark.progress import progress_of
from hygge_core.watermark.source import dtype_in
from hygge_core.watermark.window import asked_range


if TYPE_CHECKING:
    from hygge_core.commit import CommitRecord, Mode
    from hygge_core.config.model import EntityConfig
    from hygge_core.home import Home, ReadRequest
    from hygge_core.mark import Mark
    from hygge_core.watermark.progress import Progress
    from hygge_core.watermark.window import Backfill


@frozen(kw_only=True)
class Aim:
    """Where a table stands and what is asked of its home. ``progress`` is None for a table without a watermark."""

    last: CommitRecord | None
    mode: Mode
    progress: Progress | None
    request: ReadRequest
    backfill: Backfill | None


def aim_at(
    entity: EntityConfig, home: Home, last: CommitRecord | None, request: ReadRequest, backfill: Backfill | None
) -> Aim:
    """Judge the last commit and decide what to ask for. Raises `UsageError` where going on would lose rows."""
    if entity.follows_changes:
        request = attrs.evolve(request, since=_since(entity, last))
        return Aim(last=last, mode=mode_of(entity, last), progress=None, request=request, backfill=None)
    progress = progress_of(entity, last)
    if progress is not None:

        def dtype() -> str:
            return _dtype(home, request, progress)

        request = attrs.evolve(request, range=asked_range(progress, backfill, dtype))
    return Aim(last=last, mode=mode_of(entity, last), progress=progress, request=request, backfill=backfill)


def mode_of(entity: EntityConfig, last: CommitRecord | None) -> Mode:
    """Return how the rows of a run become part of the table; the first incremental commit is the whole of it."""
    match entity.run_type:
        case "full_drop":
            return "replace"
        case "append":
            return "append"
        case "incremental":
            return "replace" if last is None else entity.write


def _since(entity: EntityConfig, last: CommitRecord | None) -> Mark | None:
    """Return the version that the last commit came to, None for the whole table. Raises `UsageError`."""
    if last is None or entity.run_type != "incremental":
        return None
    before = last.watermark
    if before is None or before.mark is None or before.column != entity.follows_changes:
        raise UsageError(
            f"the table's last commit does not say how far it came by {entity.follows_changes}",
            where=entity.path,
            fix=f"load it anew with `hygge go --full-drop --entity {entity.path}`",
        )
    return before.mark


def _dtype(home: Home, request: ReadRequest, progress: Progress) -> str:
    """Open the source for a moment, to read what a person wrote as its column would."""
    reading = home.read(request)
    try:
        return dtype_in(reading.schema, progress)
    finally:
        reading.close()
