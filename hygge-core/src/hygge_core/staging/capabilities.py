"""What a lake and a layout together give to readers, each with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core.store import Capabilities, Promise


if TYPE_CHECKING:
    from hygge_core.lake import Lake
    from hygge_core.staging.layout import Layout


_NO_FOLDERS = "this place has no real folders"


def capabilities_of(lake: Lake, layout: Layout) -> Capabilities:
    """Work out the promises of a table in this lake and layout."""
    return Capabilities(
        modes=layout.modes,
        atomic_replace=_atomic_replace(lake, layout),
        atomic_append=_atomic_append(lake, layout),
        atomic_upsert=_atomic_upsert(lake, layout),
        stable_reads=Promise(
            kept=not layout.rotates,
            reason="the one file keeps its name, and who opens it once reads it whole; who opens the path twice, "
            "for the footer and for the rows, may get them from two files"
            if not layout.rotates
            else "file names are never used twice, so a reader caught in a switch may miss a file it listed",
        ),
        other={
            "several_writers": Promise(
                kept=layout.rotates,
                reason="each writer has files of its own" if layout.rotates else "a table of one file is one stream",
            ),
            "unmixed": _unmixed(lake, layout),
        },
        single_writer=Promise(kept=True, reason="a writer holds the table's lease from before it reads until it ends"),
    )


def _atomic_replace(lake: Lake, layout: Layout) -> Promise:
    if not layout.rotates:
        how = "renamed over the other" if lake.abilities.atomic_replace else "copied over the other: nothing moves here"
        return Promise(kept=lake.abilities.atomic_replace, reason=f"one file is {how}")
    if lake.abilities.atomic_directory_exchange:
        return Promise(kept=True, reason="the folders of the old table and the new one trade places in one step")
    if not lake.abilities.atomic_directory_rename:
        return Promise(kept=False, reason=f"{_NO_FOLDERS}: new files appear one by one, then the old ones go")
    return Promise(
        kept=False,
        reason="folders cannot be exchanged here: for a moment between two renames there is no table, never a mix",
    )


def _unmixed(lake: Lake, layout: Layout) -> Promise:
    if layout.rotates and not lake.abilities.atomic_directory_rename:
        return Promise(kept=False, reason=f"{_NO_FOLDERS}: old files go when all new ones have appeared beside them")
    return Promise(kept=True, reason="the old table goes, or is gone, when the new one comes")


def _atomic_append(lake: Lake, layout: Layout) -> Promise:
    if "append" not in layout.modes:
        return Promise(kept=False, reason="a table of one file can only be replaced")
    if layout.run_folders and not lake.abilities.atomic_directory_rename:
        return Promise(kept=False, reason=f"{_NO_FOLDERS}: the files of a run appear one by one")
    if layout.run_folders:
        return Promise(kept=True, reason="the folder of a run appears in one rename")
    return Promise(
        kept=False,
        reason="one part appears in one rename; several appear one after the other, finished by recovery after a "
        'crash (layout = "runs" appends in one step)',
    )


def _atomic_upsert(lake: Lake, layout: Layout) -> Promise:
    if not layout.rotates:
        return Promise(kept=False, reason='a table of one file can only be replaced; use layout = "folder" to upsert')
    if layout.run_folders:
        return Promise(kept=False, reason='what a run wrote stays as it came; use layout = "folder" to upsert')
    cost = "linked" if lake.abilities.hard_links else "copied, for there are no hard links here"
    switch = _atomic_replace(lake, layout)
    return Promise(kept=switch.kept, reason=f"{switch.reason}; files without changes are {cost}")
