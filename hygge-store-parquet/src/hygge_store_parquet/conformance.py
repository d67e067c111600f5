"""The Parquet store, held to the contract of all stores in each of its layouts."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import polars as pl
import pytest

from hygge_core.lakes.local import LocalLake
from hygge_core.staging.options import FileOptions
from hygge_core.staging.store import FileStore
from hygge_core.testing import PluginContract, StoreContract
from hygge_core.testing.crash import Subject
from hygge_store_parquet.config import ParquetStoreConfig
from hygge_store_parquet.store import LAYOUTS, open_parquet_store


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hygge_core.commit import Table
    from hygge_core.testing.shim import Shim
    from hygge_store_parquet.config import Layout

    Columns = dict[str, list[Any]]

_NAMES: dict[Layout, str] = {"folder": "{entity}", "runs": "{entity}", "file": "{entity}.parquet"}


def open_folder(place: str) -> FileStore:
    """Open a store whose tables are folders of files."""
    return _open(place, "folder")


def open_runs(place: str) -> FileStore:
    """Open a store whose tables have a folder for each run."""
    return _open(place, "runs")


def open_file(place: str) -> FileStore:
    """Open a store whose tables are one file each."""
    return _open(place, "file")


def _open(place: str, layout: Layout) -> FileStore:
    return open_parquet_store(ParquetStoreConfig(path=f"{place}/{_NAMES[layout]}", layout=layout), Path.cwd())


def crash_folder(place: str, shim: Shim) -> FileStore:
    """Open a store of folders for the crash matrix, which stands between it and its lake."""
    return _shimmed(place, shim, "folder")


def crash_runs(place: str, shim: Shim) -> FileStore:
    """Open a store of runs for the crash matrix."""
    return _shimmed(place, shim, "runs")


def crash_file(place: str, shim: Shim) -> FileStore:
    """Open a store of single files for the crash matrix."""
    return _shimmed(place, shim, "file")


def _shimmed(place: str, shim: Shim, layout: Layout) -> FileStore:
    lake = shim(LocalLake(Path(place)))
    return FileStore(lake, path=_NAMES[layout], layout=LAYOUTS[layout], options=FileOptions())


def read_folder(place: str, table: str) -> Columns | None:
    """Read a table of many files by pyarrow alone."""
    folder = Path(place, table)
    return _read(sorted(folder.rglob("*.parquet"))) if folder.exists() else None


def read_file(place: str, table: str) -> Columns | None:
    """Read a table of one file by pyarrow alone."""
    file = Path(place, f"{table}.parquet")
    return _read([file]) if file.exists() else None


def _read(files: list[Path]) -> Columns:
    import pyarrow.parquet as pq

    columns: Columns = {"origin": [], "number": []}
    for file in files:
        found = pq.ParquetFile(file).read().to_pydict()
        for name in columns:
            columns[name] += found[name]
    return columns


def leftovers(place: str) -> Iterator[str]:
    """Name everything but tables, leases and commit records."""
    for path in Path(place).rglob("*"):
        inside = path.relative_to(place).parts
        needed = inside[0] != "_hygge" or path.name == "lease" or "commits" in inside
        if path.is_file() and not (needed and not path.name.endswith(".unfinished")):
            yield str(path.relative_to(place))


class _ParquetContract(StoreContract):
    @pytest.fixture
    def place(self, tmp_path: Path) -> str:
        """Keep the tables of each case in a folder of their own."""
        return str(tmp_path / "lake")

    @pytest.fixture
    def read(self, place: str) -> Callable[[Table], pl.DataFrame | None]:
        """Read each file of a table's folder at once and whole, as most readers do."""

        def read(table: Table) -> pl.DataFrame | None:
            folder = Path(place, table.name)
            if not folder.exists():
                return None
            return pl.concat([_frame(file) for file in sorted(folder.rglob("*.parquet"))])

        return read


def _frame(file: Path) -> pl.DataFrame:
    return pl.read_parquet(BytesIO(file.read_bytes()))


class TestFolder(_ParquetContract):
    """`layout = "folder"`."""

    opener = f"{__name__}:open_folder"
    crash = Subject(open=f"{__name__}:crash_folder", read=f"{__name__}:read_folder", leftovers=f"{__name__}:leftovers")


class TestRuns(_ParquetContract):
    """`layout = "runs"`."""

    opener = f"{__name__}:open_runs"
    crash = Subject(open=f"{__name__}:crash_runs", read=f"{__name__}:read_folder", leftovers=f"{__name__}:leftovers")


class TestFile(_ParquetContract):
    """`layout = "file"`."""

    opener = f"{__name__}:open_file"
    crash = Subject(open=f"{__name__}:crash_file", read=f"{__name__}:read_file", leftovers=f"{__name__}:leftovers")

    @pytest.fixture
    def read(self, place: str) -> Callable[[Table], pl.DataFrame | None]:
        """Open the one file once; who opens the path twice, for footer and rows, may get them from two files."""

        def read(table: Table) -> pl.DataFrame | None:
            file = Path(place, f"{table.name}.parquet")
            return _frame(file) if file.exists() else None

        return read


class TestPlugin(PluginContract):
    """The package itself: what it declares, how it loads, what its settings are."""

    distribution = "hygge-store-parquet"
    settings: ClassVar[Mapping[str, Mapping[str, Any]]] = {"store parquet": {"path": "lake/{entity}"}}
