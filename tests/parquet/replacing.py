"""The processes of the tests that read a table while it is replaced; started by name, as a user's would be."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve

from hygge_core.commit import Table, TableRun
from hygge_core.schema import columns_of
from hygge_core.testing import publish
from hygge_store_parquet.config import ParquetStoreConfig
from hygge_store_parquet.store import open_parquet_store


if TYPE_CHECKING:
    from collections.abc import Callable

ROWS = 3000
PARTS = 3


def open_store(place, layout):
    name = "{entity}.parquet" if layout == "file" else "{entity}"
    return open_parquet_store(ParquetStoreConfig(path=f"{place}/{name}", layout=layout), Path.cwd())


def table_and_streams(generation: int, layout: str):
    import polars as pl

    noise = pl.Series(range(ROWS)).hash(seed=generation)
    # No two generations have pages of one size, so that bytes of two of them cannot pass for a whole.
    text = ["x" * (generation % 97)] * ROWS
    rows = pl.DataFrame({"id": range(ROWS), "generation": [generation] * ROWS, "noise": noise, "text": text})
    size = ROWS // PARTS
    pieces = [rows.slice(part * size, size) for part in range(PARTS)]
    streams = [pieces] if layout == "file" else [[piece] for piece in pieces]
    return Table(name="sales", flow="readers", columns=columns_of(rows.schema)), streams


def replace(place: str, layout: str, times: int) -> int:
    """Replace the table so many times, and say how many rows were published."""
    store = open_store(place, layout)
    for generation in range(times):
        table, streams = table_and_streams(generation, layout)
        run = TableRun(id=f"run-{generation:06}", flow="readers", entity="sales", started=datetime.now(UTC))
        publish(store, table, run, streams)
    store.close()
    return times * ROWS


def upsert(place: str, layout: str, times: int) -> int:
    """Give one part of the table the next generation, so many times, and say how many rows were published."""
    store = open_store(place, layout)
    for generation in range(1, times + 1):
        table, streams = table_and_streams(generation, layout)
        run = TableRun(id=f"upsert-{generation:06}", flow="readers", entity="sales", started=datetime.now(UTC))
        publish(store, evolve(table, mode="upsert"), run, [streams[generation % PARTS]], key=["id"])
    store.close()
    return times * ROWS


def scan(place: str, layout: str, reader: str, beside: int) -> Counter:
    """Read the table until the file ``done`` appears; count what was seen by kind.

    A replacement leaves rows of one generation.  Of upserts the last ones stand ``beside`` each other.
    """
    target = Path(place, "sales.parquet" if layout == "file" else "sales")
    seen: Counter = Counter()
    while not Path(place, "done").exists() or not seen:
        try:
            generations, rows = READERS[reader](target, layout)
        except Exception as error:  # noqa: BLE001 - sorted into vanished files and everything else
            seen["vanished" if _vanished(error) else f"torn: {type(error).__name__}: {error}"] += 1
            continue
        close = max(generations, default=0) - min(generations, default=0) == len(generations) - 1 < beside
        whole = close and rows == ROWS
        seen["whole" if whole else f"mixed: {rows} rows of {sorted(generations)}"] += 1
    return seen


def _polars(target: Path, layout: str):
    import polars as pl

    frame = pl.scan_parquet(target if layout == "file" else target / "*.parquet").collect()
    return set(frame["generation"].to_list()), frame.height


def _duckdb(target: Path, layout: str):
    import duckdb

    pattern = target if layout == "file" else target / "*.parquet"
    found = duckdb.sql(f"select generation, count(*) from read_parquet('{pattern}') group by all").fetchall()  # noqa: S608
    return {generation for generation, _ in found}, sum(count for _, count in found)


def _polars_once(target: Path, layout: str):  # noqa: ARG001 - one signature for all readers
    import polars as pl

    with target.open("rb") as file:
        frame = pl.read_parquet(file.read())
    return set(frame["generation"].to_list()), frame.height


def _pyarrow_once(target: Path, layout: str):  # noqa: ARG001 - one signature for all readers
    import pyarrow.parquet as pq

    with target.open("rb") as file:
        table = pq.read_table(file)
    return set(table["generation"].to_pylist()), table.num_rows


def _pyarrow(target: Path, layout: str):  # noqa: ARG001 - one signature for all readers
    import pyarrow.dataset as ds

    dataset = ds.dataset(target, format="parquet")
    if (
        not dataset.schema.names
    ):  # it skips files that vanish between its listing and its look at them, and says nothing
        raise FileNotFoundError("everything that pyarrow listed had vanished when it looked")
    table = dataset.to_table()
    return set(table["generation"].to_pylist()), table.num_rows


BY_PATH: dict[str, Callable] = {"polars": _polars, "duckdb": _duckdb, "pyarrow": _pyarrow}
OPENING_ONCE: dict[str, Callable] = {"polars, opening once": _polars_once, "pyarrow, opening once": _pyarrow_once}
READERS = BY_PATH | OPENING_ONCE


def _vanished(error: Exception) -> bool:
    """A file or folder that was listed and is gone: the one thing that a reader caught in a switch may meet."""
    text = str(error)
    gone = ("No such file or directory", "cannot find the", "No files found that match", "expanded paths were empty")
    return isinstance(error, FileNotFoundError) or any(word in text for word in gone)
