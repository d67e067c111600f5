"""What it means when a run brings no rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core.errors import HomeError


if TYPE_CHECKING:
    from hygge_core.commit import CommitRecord
    from hygge_core.config.model import EntityConfig
    from hygge_core.engine.passage import Passage


def keeps(entity: EntityConfig, passage: Passage, last: CommitRecord | None, where: str) -> bool:
    """Tell whether the table stays as it is; the first commit always publishes the columns.

    An incremental run without news commits only to move the mark.  Raises `HomeError`, naming
    the source by ``where``, when it is empty and ``on_empty`` does not allow that.
    """
    since = passage.since if passage.changes else None
    window = passage.window if passage.window and passage.window.range else None
    if entity.on_empty == "fail" and since is None and (window is None or window.empty):
        raise HomeError("holds no rows", where=where, fix='if that is fine, set on_empty = "keep" or "publish"')
    if last is None:
        return False
    if since is not None:
        return last.watermark == passage.watermark
    if window is not None:
        return (last.watermark.mark if last.watermark else None) == window.mark
    return entity.on_empty == "keep" or passage.table.mode == "append"
