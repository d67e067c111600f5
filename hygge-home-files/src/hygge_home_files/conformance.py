"""The homes of files held against the contract of homes; run it by ``hygge conformance hygge-home-files``."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import polars as pl
import pytest

from hygge_core.home import ReadRequest
from hygge_core.testing import HomeContract, PluginContract, context
from hygge_home_files.config import CsvConfig, NdjsonConfig, ParquetConfig
from hygge_home_files.csv_table import open_csv
from hygge_home_files.ndjson_table import open_ndjson
from hygge_home_files.parquet import open_parquet


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hygge_core.home import Home
    from hygge_core.testing.readings import Fill


_ROW_GROUP = 256
_OWN_MEMORY = (
    "Polars keeps memory of its own while it reads texts, more than this table has; "
    "the benchmarks read tables that are large beside it"
)
_WIDEST: Mapping[str, pl.DataType] = {
    **dict.fromkeys(("int8", "int16", "int32", "uint8", "uint16", "uint32"), pl.Int64()),
    "float32": pl.Float64(),
}
"""Texts do not say how wide a number is."""

_MOMENTS = (
    *("date", "time", "struct", "datetime_ms", "datetime_us", "datetime_ns", "datetime_utc", "datetime_zone"),
    *("duration_ms", "duration_us", "duration_ns"),
)
_NO_FILES = (
    dict.fromkeys(('quo"te', "quest?ion"), "Windows has no files of this name") if sys.platform == "win32" else {}
)


class FilesContract(HomeContract):
    """What the three formats have in common: a folder with one file for each table, which Polars writes."""

    suffix: ClassVar[str]

    @pytest.fixture
    def place(self, tmp_path: Path) -> str:
        """Return the folder of the files."""
        return str(tmp_path)

    @pytest.fixture
    def fill(self, place: str) -> Fill:
        """Return a function that writes a file, in the place of one that is there."""

        def fill(name: str, frame: pl.DataFrame) -> ReadRequest:
            written = Path(place, f"_{self.suffix}")
            self.write(frame, written)
            written.replace(Path(place, f"{name}{self.suffix}"))
            return ReadRequest(entity=name, flow="kit")

        return fill

    @pytest.fixture
    def damage(self, place: str) -> Callable[[ReadRequest], None]:
        """Return a function that overwrites the middle of a file."""

        def damage(request: ReadRequest) -> None:
            with Path(place, f"{request.entity}{self.suffix}").open("r+b") as file:
                file.seek(file.seek(0, 2) // 2)
                file.write(b"\xff" * 4096)

        return damage

    @pytest.fixture
    def fingerprint(self, place: str) -> Callable[[], object]:
        """Return a function that sees every file of the folder, and what is in it."""
        return lambda: {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in Path(place).iterdir()}

    def write(self, frame: pl.DataFrame, path: Path) -> None:
        """Write a file of the format."""
        raise NotImplementedError


class TestParquetHome(FilesContract):
    """Parquet keeps every dtype."""

    opener = "hygge_home_files.conformance:open_parquet_home"
    suffix = ".parquet"
    cannot_hold = _NO_FILES

    def write(self, frame: pl.DataFrame, path: Path) -> None:
        """Write row groups that are small enough for batches to differ."""
        frame.write_parquet(path, row_group_size=_ROW_GROUP)


class TestCsvHome(FilesContract):
    """CSV has only texts: types are those that every value of a column looks like, where none are declared."""

    opener = "hygge_home_files.conformance:open_csv_home"
    suffix = ".csv"
    own_memory = _OWN_MEMORY
    reads_as: ClassVar[Mapping[str, pl.DataType]] = {
        **_WIDEST,
        **dict.fromkeys(("uint64", "decimal_38_0", "categorical", "enum", "null", "nulls", "empty"), pl.String()),
        "decimal": pl.Float64(),
        "datetime_ms": pl.Datetime("us"),
        "datetime_zone": pl.Datetime("us", "UTC"),
    }
    loses: ClassVar[Mapping[str, str]] = {
        "decimal_38_10": "a number with a point is taken for a float, unless its column is declared as a decimal"
    }
    cannot_hold: ClassVar[Mapping[str, str]] = {
        **_NO_FILES,
        "binary": "CSV has no bytes",
        "time": "CSV has no times of day; what looks like one is a text, unless its column is declared",
        **dict.fromkeys(("duration_ms", "duration_us", "duration_ns"), "CSV has no spans of time"),
        **dict.fromkeys(("list", "list_of_list", "array", "struct", "list_of_struct"), "CSV has only single values"),
    }

    def write(self, frame: pl.DataFrame, path: Path) -> None:
        """Write texts in quotes, which tells an empty one from none."""
        frame.write_csv(path, quote_style="non_numeric")


class TestNdjsonHome(FilesContract):
    """JSON has texts, numbers, booleans, lists and objects."""

    opener = "hygge_home_files.conformance:open_ndjson_home"
    suffix = ".ndjson"
    own_memory = _OWN_MEMORY
    reads_as: ClassVar[Mapping[str, pl.DataType]] = {
        **_WIDEST,
        **dict.fromkeys(("decimal", "decimal_38_10", "decimal_38_0"), pl.String()),
        **dict.fromkeys(("categorical", "enum", "null", "nulls"), pl.String()),
        "array": pl.List(pl.Int64()),
        "list_of_struct": pl.List(pl.Struct({"a": pl.String(), "b": pl.List(pl.String())})),
    }
    refuses: ClassVar[Mapping[str, str]] = {
        "uint64": "an integer beyond 64 bits with a sign has no dtype, unless its column is declared",
        "empty": "without a line nobody knows the columns, unless they are declared",
    }
    cannot_hold: ClassVar[Mapping[str, str]] = {
        **_NO_FILES,
        "binary": "JSON has no bytes",
        "float32": "JSON has no infinity",
        **dict.fromkeys(
            _MOMENTS, "JSON has no dates, times and spans of time; they are texts, as their writer likes them"
        ),
    }

    def write(self, frame: pl.DataFrame, path: Path) -> None:
        """Write an object on each line."""
        frame.write_ndjson(path)


def open_parquet_home(place: str) -> Home:
    """Open a home of the Parquet files of a folder."""
    return open_parquet(ParquetConfig(path="{entity}.parquet"), context(place))


def open_csv_home(place: str) -> Home:
    """Open a home of the CSV files of a folder."""
    return open_csv(CsvConfig(path="{entity}.csv"), context(place))


def open_ndjson_home(place: str) -> Home:
    """Open a home of the JSON lines of a folder."""
    return open_ndjson(NdjsonConfig(path="{entity}.ndjson"), context(place))


class TestPlugin(PluginContract):
    """The package itself: what it declares, how it loads, what its settings are."""

    distribution = "hygge-home-files"
    settings: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "home parquet": {"path": "data/{entity}.parquet"},
        "home csv": {"path": "data/{entity}.csv"},
        "home ndjson": {"path": "data/{entity}.ndjson"},
    }
