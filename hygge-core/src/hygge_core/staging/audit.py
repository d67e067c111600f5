"""Holding the files of a table against the parts that were committed, without changing any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core.staging.check import checksum
from hygge_core.staging.footer import row_count
from hygge_core.staging.foreign import readable


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hygge_core.commit import Part
    from hygge_core.lake import Lake
    from hygge_core.staging.folder import TableFolder


def audit(folder: TableFolder, parts: Sequence[Part], *, deep: bool) -> Iterator[str]:
    """Yield a sentence for each file that is missing, altered or strange, and for a commit that has not ended."""
    pending = folder.history.pending()
    if pending is not None:
        yield f"the commit of run {pending.run.id} has begun and not ended; the next run finishes it"
    files = readable(folder)
    for part in parts:
        path = files.pop(part.name, None)
        url = folder.lake.url(path or f"{folder.place.table}/{part.name}")
        fault = "is missing" if path is None else _fault(folder.lake, path, part, deep=deep)
        if fault:
            yield f"{url} {fault}; {part.rows:,} rows were committed in it"
    for path in files.values():
        yield f"{folder.lake.url(path)} is no file that hygge committed, and readers read it"


def _fault(lake: Lake, path: str, part: Part, *, deep: bool) -> str:
    entry = lake.stat(path)
    size = entry.size if entry else 0
    if size != part.size:
        return f"holds {size:,} bytes, {part.size:,} were committed"
    if deep and checksum(lake, path) != part.checksum:
        return "holds other bytes than were committed"
    try:
        rows = row_count(lake, path)
    except ValueError as error:
        return f"is {error}"
    return "" if rows == part.rows else f"holds {rows:,} rows"
