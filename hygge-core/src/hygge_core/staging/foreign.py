"""Files in a table's place: which ones readers read, and those of strangers, never removed unless the user says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core.errors import StoreError


if TYPE_CHECKING:
    from collections.abc import Iterable

    from hygge_core.commit import Mode
    from hygge_core.lake import Entry
    from hygge_core.staging.folder import TableFolder


_DEBRIS = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
_SHOWN = 3


def visible(folder: TableFolder) -> dict[str, str]:
    """Find the files that are in the table's place now: the name of each within the table, and its path."""
    table = folder.lake.stat(folder.place.table)
    return {} if table is None else _files(folder, table)


def readable(folder: TableFolder) -> dict[str, str]:
    """Find the files that readers of the table read: the name of each, and its path."""
    if not folder.layout.rotates:
        return visible(folder)
    return {name: path for name, path in visible(folder).items() if _is_read(name)}


def refuse_foreign(folder: TableFolder, mode: Mode) -> dict[str, str]:
    """Return the files that a commit of this mode would remove from the table's place: the name of each, and its path.

    Raises `StoreError` when the place is of the wrong kind or some of them are strange.
    """
    table = folder.lake.stat(folder.place.table)
    if table is None:
        return {}
    where = folder.lake.url(folder.place.table)
    if table.is_link:
        raise StoreError("is a symbolic link", where=where, fix="give the path that it leads to")
    if table.is_directory != folder.layout.rotates:
        raise StoreError(
            "is a folder, and the table should be one file" if table.is_directory else "is a file, not a folder",
            where=where,
            fix="choose another path, or move it away",
        )
    if mode == "append":
        return {}
    files = _files(folder, table)
    if not folder.adopt:
        _refuse_strangers(folder, where, files)
    return files


def _files(folder: TableFolder, table: Entry) -> dict[str, str]:
    place = folder.place.table
    if not table.is_directory:
        return {place.rpartition("/")[2]: place}
    entries = folder.lake.list(place, recursive=True)
    return {entry.path.removeprefix(f"{place}/"): entry.path for entry in entries if not entry.is_directory}


def _refuse_strangers(folder: TableFolder, where: str, files: Iterable[str]) -> None:
    tokens = folder.history.tokens()
    strangers = [name for name in files if not _is_ours(name, tokens, rotates=folder.layout.rotates)]
    if strangers:
        shown = ", ".join(strangers[:_SHOWN]) + (f" and {len(strangers) - _SHOWN} more" * (len(strangers) > _SHOWN))
        raise StoreError(
            f"holds files that hygge did not write ({shown}), and replacing the table would remove them",
            where=where,
            fix="move them away, or set adopt = true in the store to have them replaced",
        )


def _is_read(name: str) -> bool:
    return name.endswith(".parquet") and not any(word.startswith((".", "_")) for word in name.split("/"))


def _is_ours(name: str, tokens: frozenset[str], *, rotates: bool) -> bool:
    if not rotates:
        return bool(tokens)
    token = name.partition("/")[0] if "/" in name else name.rpartition("-")[0]
    return token in tokens or name.rpartition("/")[2] in _DEBRIS
