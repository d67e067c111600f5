"""The files of a table as an upsert finds them: what each holds, and how many of its rows must go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from hygge_core.errors import StoreError
from hygge_core.polish.column import column
from hygge_core.staging.check import is_there
from hygge_core.staging.footer import row_count
from hygge_core.staging.foreign import readable
from hygge_core.staging.keys import within
from hygge_core.staging.rows import alike


if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from hygge_core.commit import Part
    from hygge_core.lake import Lake
    from hygge_core.staging.folder import TableFolder
    from hygge_core.staging.rows import Alike


@frozen(kw_only=True)
class PresentFile:
    """A file of the table: of its ``rows``, ``leaving`` are replaced or deleted.

    ``part`` is what was committed under its name; None when the file cannot stay as it
    is, because its columns are not the table's or hygge did not write it.
    """

    path: str
    rows: int
    leaving: int
    part: Part | None


def present_files(table: TableFolder, columns: pl.Schema, keys: pl.DataFrame) -> Iterator[PresentFile]:
    """Look at every file that readers see; ``keys`` are those whose rows must go, of the dtypes in ``columns``.

    Reads the footers, and the key columns of files that may hold one of the keys.  Raises
    `StoreError` when a committed file is gone, and for one without the key or with columns that would be lost.
    """
    names = {path: name for name, path in readable(table).items()}
    recorded = table.history.present()
    _refuse_gaps(table, [part for name, part in recorded.items() if name not in names.values()])
    for files in alike(table.lake, list(names)):
        _refuse_unfit(files, columns, keys)
        leaving = _leaving(files, keys)
        same = list(files.schema.items()) == list(columns.items())
        for path in files.paths:
            part = recorded.get(names[path])
            yield PresentFile(
                path=path,
                rows=row_count(table.lake, path),
                leaving=leaving.get(path, 0),
                part=part if same and part and _is_as_committed(table.lake, path, part) else None,
            )


def _leaving(files: Alike, keys: pl.DataFrame) -> dict[str, int]:
    if keys.height == 0:
        return {}
    key = [column(name).cast(dtype) for name, dtype in keys.schema.items()]
    path = column(files.path_column)
    rows = files.scan(with_path=True).select(path, *key).filter(within(keys))
    on = [column(name) for name in keys.columns]
    leaving = rows.join(keys.lazy(), on=on, how="semi", build_side="prefer_right").group_by(path).len()
    return {files.path_of(path): count for path, count in leaving.collect(engine="streaming").iter_rows()}


def _is_as_committed(lake: Lake, path: str, part: Part) -> bool:
    """Tell whether the file itself is what was committed; raises `CommitConflict` when it holds something else."""
    entry = lake.stat(path)
    return entry is not None and not entry.is_link and is_there(lake, path, part, deep=False)


def _refuse_gaps(table: TableFolder, gone: list[Part]) -> None:
    if gone:
        rows = sum(part.rows for part in gone)
        raise StoreError(
            f"{len(gone)} of its files, such as {gone[0].name}, are gone, with {rows:,} rows",
            where=table.lake.url(table.place.table),
            fix="restore them, or write the table anew once with --full-drop",
        )


def _refuse_unfit(files: Alike, columns: pl.Schema, keys: pl.DataFrame) -> None:
    where = files.lake.url(files.paths[0])
    unkeyed = [name for name in keys.columns if name not in files.schema]
    lost = [name for name in files.schema if name not in columns]
    if unkeyed or lost:
        raise StoreError(
            f"has no column {unkeyed[0]!r}, which is in the key"
            if unkeyed
            else f"has a column {lost[0]!r} that the new rows lack, and an upsert would lose it",
            where=where,
            fix="write the table anew once with --full-drop",
        )
