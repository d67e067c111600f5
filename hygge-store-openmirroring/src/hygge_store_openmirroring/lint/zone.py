"""Looking over a whole landing zone, once or against what was seen before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import Factory, frozen

from hygge_store_openmirroring.landing_zone import PARTNER_EVENTS, is_hidden, last_name, table_folders, version_of
from hygge_store_openmirroring.lint.rules import Finding
from hygge_store_openmirroring.lint.tables import lint_table
from hygge_store_openmirroring.metadata import MetadataError, read_metadata


if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygge_core.lake import Lake


_MAX_TABLES = 1000


@frozen(kw_only=True)
class Seen:
    """A zone as it was: each table's folder and keys, and each data file, told from later ones of its name."""

    folders: dict[str, str] = Factory(dict)
    keys: dict[str, tuple[str, ...]] = Factory(dict)
    files: dict[str, str] = Factory(dict)


def lint(zone: Lake, before: Seen | None = None) -> list[Finding]:
    """Return what the zone breaks, ordered by path.

    ``before`` is what `see` returned at an earlier time; only against it can changes be found of what
    must not change (E16, E17).
    """
    tables = list(table_folders(zone))
    found = [*_of_root(zone), *(finding for table in tables for finding in lint_table(zone, table))]
    if len(tables) > _MAX_TABLES:
        found.append(Finding(path="", code="W12", what=f"{len(tables):,} tables"))
    if before is not None:
        found += _changed(before, see(zone))
    return sorted(found)


def see(zone: Lake) -> Seen:
    """Take note of what must not change. Raises `TypeError` for a lake that cannot tell."""
    seen = Seen()
    for table in table_folders(zone):
        seen.folders[table.folder] = version_of(zone, zone.stat(table.folder))
        try:
            seen.keys[table.folder] = read_metadata(zone.read(table.metadata)).key_columns
        except (OSError, MetadataError):
            continue
        for entry in zone.list(table.folder):
            if not entry.is_directory and not is_hidden(last_name(entry.path)):
                seen.files[entry.path] = version_of(zone, entry)
    return seen


def _of_root(zone: Lake) -> Iterator[Finding]:
    names = {last_name(entry.path): entry for entry in zone.list("")}
    if PARTNER_EVENTS not in names:
        yield Finding(path=PARTNER_EVENTS, code="W06", what="is missing")
    for name, entry in names.items():
        if not entry.is_directory and not is_hidden(name):
            yield Finding(path=entry.path, code="E01", what="lies in no table")


def _changed(before: Seen, now: Seen) -> Iterator[Finding]:
    """Compare tables whose folder is the same one."""
    for folder, identity in before.folders.items():
        if now.folders.get(folder) != identity:
            continue
        if before.keys.get(folder) != now.keys.get(folder):
            what = f"keyColumns were {list(before.keys.get(folder, ()))}"
            yield Finding(path=folder, code="E17", what=what)
        for path, file in before.files.items():
            if path.startswith(f"{folder}/") and now.files.get(path, file) != file:
                yield Finding(path=path, code="E16", what="is not the file that was published")
