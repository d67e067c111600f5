"""The ways to move a folder of Parquet files into another, each run in a process of its own.

    python contenders.py NAME SOURCE TARGET

Prints ``{"work": seconds}``, measured from after the imports to the end.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import polars as pl


def bare_copy() -> Callable[[Path, Path], None]:
    """Copy the bytes and look at none of them."""

    def move(source: Path, target: Path) -> None:
        for file in source.glob("*.parquet"):
            shutil.copyfile(file, target / file.name)

    return move


def polars_sink() -> Callable[[Path, Path], None]:
    """Let Polars stream from files to one file: the measure of all."""
    import polars as pl

    def move(source: Path, target: Path) -> None:
        pl.scan_parquet(source / "*.parquet").sink_parquet(target / "all.parquet", compression="snappy")

    return move


def polars_hash_sink() -> Callable[[Path, Path], None]:
    """Let Polars write the same id as hygge does beside all columns: what it costs without anything around it."""
    import polars as pl
    from polars_hash import CryptographicHashingNameSpace

    def move(source: Path, target: Path) -> None:
        comment = pl.col("l_comment")
        text = pl.format("{};{};{}:{}", "l_orderkey", "l_linenumber", comment.str.len_bytes(), comment)
        hashed = CryptographicHashingNameSpace(text).sha2_256().alias("id")
        frame = pl.scan_parquet(source / "*.parquet").select(hashed, pl.all())
        frame.sink_parquet(target / "all.parquet", compression="snappy")

    return move


def polars_batches() -> Callable[[Path, Path], None]:
    """Take the rows out of Polars in batches and hand them back to it, as any framework with a loop does."""
    import polars as pl
    from polars.io.plugins import register_io_source

    def move(source: Path, target: Path) -> None:
        frame = pl.scan_parquet(source / "*.parquet")

        def batches(*_: object) -> Iterator[pl.DataFrame]:
            yield from frame.collect_batches(chunk_size=100_000)

        again = register_io_source(batches, schema=frame.collect_schema())
        again.sink_parquet(target / "all.parquet", compression="snappy")

    return move


def pyarrow_batches() -> Callable[[Path, Path], None]:
    """Read record batches and write them, one after the other."""
    import pyarrow.parquet as pq

    def move(source: Path, target: Path) -> None:
        files = [pq.ParquetFile(file) for file in sorted(source.glob("*.parquet"))]
        with pq.ParquetWriter(target / "all.parquet", files[0].schema_arrow, compression="snappy") as writer:
            for file in files:
                for batch in file.iter_batches(batch_size=100_000):
                    writer.write_batch(batch)

    return move


def duckdb_copy() -> Callable[[Path, Path], None]:
    """Let DuckDB copy the table, in order."""
    import duckdb

    def move(source: Path, target: Path) -> None:
        duckdb.sql(
            f"COPY (FROM read_parquet('{source}/*.parquet')) TO '{target}/all.parquet' (FORMAT parquet, CODEC 'snappy')"
        )

    return move


CONTENDERS = {
    "bare copy": bare_copy,
    "polars sink": polars_sink,
    "polars sink + hash": polars_hash_sink,
    "polars batches": polars_batches,
    "pyarrow": pyarrow_batches,
    "duckdb": duckdb_copy,
}


def main(name: str, source: Path, target: Path) -> None:
    """Run one contender and print how long the work took."""
    move = CONTENDERS[name]()
    started = time.perf_counter()
    move(source, target)
    print(json.dumps({"work": time.perf_counter() - started}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
