"""A table that comes as a lazy frame or as files is the table that comes in batches."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import polars as pl
import pytest

from hygge_core.home import ListsFiles, Scans
from hygge_core.testing.frames import small
from hygge_core.testing.judge import needs
from hygge_core.testing.readings import same


if TYPE_CHECKING:
    from hygge_core.home import Home
    from hygge_core.testing.readings import Fill, Sample


class ScanCases:
    """Which road rows take is the engine's choice; all of them end with the same rows."""

    promise: ClassVar[str] = "scans, files and batches of a table hold the same rows"

    def test_a_scan_holds_the_same_rows(self, home: Home, sample: Sample) -> None:
        with closing(home.read(sample.request)) as reading:
            if not isinstance(reading, Scans):
                pytest.skip("the reading is no scan")
            scan = reading.scan()
            schema = scan.collect_schema()
            assert schema == reading.schema, (
                f"broken promise: a scan has the reading's schema, {reading.schema}, not {schema}"
            )
            same(scan.collect(engine="streaming"), sample.rows, "a scan holds the rows of the table")
            reading.check()

    def test_a_scan_can_be_narrowed(self, home: Home, fill: Fill) -> None:
        frame = small(0, 500)
        with closing(home.read(fill("narrowed", frame))) as reading:
            if not isinstance(reading, Scans):
                pytest.skip("the reading is no scan")
            kept = pl.col("id").is_between(40, 49)
            narrowed = reading.scan().filter(kept).select("name", "id")
            expected = frame.filter(kept).select("name", "id")
            same(narrowed.collect(engine="streaming"), expected, "a scan can be filtered and its columns chosen")
            counted = reading.scan().select(pl.len()).collect(engine="streaming").item()
            assert counted == frame.height, f"broken promise: a scan can be counted: {frame.height}, not {counted}"

    def test_listed_files_hold_the_same_rows(self, home: Home, sample: Sample) -> None:
        with closing(home.read(sample.request)) as reading:
            files = list(reading.files()) if isinstance(reading, ListsFiles) else []
            needs(bool(files), "the table is not made of Parquet files as they lie")
            assert isinstance(reading, ListsFiles)
            wrong = [file for file in files if not Path(file).is_absolute() or not Path(file).is_file()]
            assert not wrong, f"broken promise: files are listed as absolute paths of files that are there: {wrong}"
            assert len(set(files)) == len(files), f"broken promise: a file is listed once: {files}"
            found = pl.concat([pl.read_parquet(file, glob=False) for file in files])
            same(found, sample.rows, "the listed files are the table as they lie")
            schemas = {str(dict(pl.scan_parquet(file, glob=False).collect_schema())) for file in files}
            assert schemas == {str(dict(reading.schema))}, (
                f"broken promise: each listed file has exactly the reading's schema, {reading.schema}: {schemas}"
            )
            reading.check()
