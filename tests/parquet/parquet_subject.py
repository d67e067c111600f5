"""What the crash matrix needs to know of the Parquet store; child processes import this by name."""

from __future__ import annotations

from pathlib import Path

from hygge_core.lakes.local import LocalLake
from hygge_core.staging.layout import FileLayout, FolderLayout, RunsLayout
from hygge_core.staging.options import FileOptions
from hygge_core.staging.store import FileStore
from hygge_core.testing.crash import Subject


TABLE = {"folder": "account", "runs": "account", "file": "account.parquet"}


class NoExchangeLake(LocalLake):
    """A disk that cannot let two folders trade places, as on Windows and on many network file systems."""

    exchange_directories = None  # type: ignore[assignment] # a protocol's method set to None is a method that is not there


class CopyingLake(LocalLake):
    """A disk without hard links, on which files that stay are copied."""

    link = None  # type: ignore[assignment] # the same


def open_folder(place, shim):
    return _open(place, shim, LocalLake, FolderLayout(), "{entity}")


def open_folder_without_exchange(place, shim):
    return _open(place, shim, NoExchangeLake, FolderLayout(), "{entity}")


def open_folder_without_links(place, shim):
    return _open(place, shim, CopyingLake, FolderLayout(), "{entity}")


def open_runs(place, shim):
    return _open(place, shim, LocalLake, RunsLayout(), "{entity}")


def open_file(place, shim):
    return _open(place, shim, LocalLake, FileLayout(), "{entity}.parquet")


def _open(place, shim, lake, layout, path):
    return FileStore(shim(lake(Path(place))), path=path, layout=layout, options=FileOptions())


def read_folder(place, table):
    return _read(Path(place, table), "**/*.parquet")


def read_file(place, table):
    file = Path(place, f"{table}.parquet")
    return _read(file.parent, file.name) if file.exists() else None


def _read(folder, pattern):
    import pyarrow.parquet as pq

    if not folder.exists():
        return None
    columns: dict[str, list] = {"origin": [], "number": []}
    for file in sorted(folder.glob(pattern)):
        found = pq.ParquetFile(file).read().to_pydict()
        for name in columns:
            columns[name] += found[name]
    return columns


def leftovers(place):
    """Everything but tables, leases and commit records."""
    for path in Path(place).rglob("*"):
        inside = path.relative_to(place).parts
        needed = inside[0] != "_hygge" or path.name == "lease" or "commits" in inside
        if path.is_file() and not (needed and not path.name.endswith(".unfinished")):
            yield str(path.relative_to(place))


def subject(layout: str, opener: str = "") -> Subject:
    return Subject(
        open=f"parquet.parquet_subject:open_{opener or layout}",
        read=f"parquet.parquet_subject:read_{'file' if layout == 'file' else 'folder'}",
        leftovers="parquet.parquet_subject:leftovers",
    )
