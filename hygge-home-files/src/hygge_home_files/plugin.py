"""The homes that this package brings: ``parquet``, ``csv`` and ``ndjson``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core import HomeType, hookimpl
from hygge_home_files.config import CsvConfig, NdjsonConfig, ParquetConfig


if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygge_core import Context
    from hygge_core.home import Home


def _open_parquet(settings: ParquetConfig, context: Context) -> Home:
    from hygge_home_files.parquet import open_parquet

    return open_parquet(settings, context)


def _open_csv(settings: CsvConfig, context: Context) -> Home:
    from hygge_home_files.csv_table import open_csv

    return open_csv(settings, context)


def _open_ndjson(settings: NdjsonConfig, context: Context) -> Home:
    from hygge_home_files.ndjson_table import open_ndjson

    return open_ndjson(settings, context)


@hookimpl
def hygge_homes() -> Iterator[HomeType]:
    """Yield the three kinds of homes."""
    yield HomeType(name="parquet", config=ParquetConfig, open=_open_parquet, summary="Parquet files, folders, globs")
    yield HomeType(name="csv", config=CsvConfig, open=_open_csv, summary="CSV files, also compressed")
    yield HomeType(name="ndjson", config=NdjsonConfig, open=_open_ndjson, summary="JSON lines, also compressed")
