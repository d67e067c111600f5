"""Taking finished Parquet files as they are: bytes pass through, verified."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from hygge_core.commit import Part
from hygge_core.parquet.footer import read_footer
from hygge_core.staging.check import Checksum
from hygge_core.staging.verification import verified_rows


if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygge_core.lake import Lake
    from hygge_core.staging.options import FileOptions, Verify


_CHUNK = 4 << 20
_LARGEST_ROW_GROUP = 2_000_000
_SIZE_RANGE = (0.25, 2.0)


def accepts(paths: Sequence[str], columns: pl.Schema, options: FileOptions) -> bool:
    """Say whether the files are what a sink with these options would have written.

    That is: the same columns, the codec asked for, row groups of a sound size, and files
    whose sizes lie around the target (a single file may be smaller).
    """
    if not paths or options.row_group_rows is not None or options.compression_level is not None:
        return False
    sizes = [Path(path).stat().st_size for path in paths]
    low, high = (bound * options.file_size for bound in _SIZE_RANGE)
    if max(sizes) > high or (len(sizes) > 1 and sum(sizes) / len(sizes) < low):
        return False
    return all(_accepts_one(path, columns, options) for path in paths)


def _accepts_one(path: str, columns: pl.Schema, options: FileOptions) -> bool:
    with Path(path).open("rb") as file:
        footer = read_footer(file)
    if (
        footer.codecs - {options.compression}
        or max((group.rows for group in footer.row_groups), default=0) > _LARGEST_ROW_GROUP
    ):
        return False
    return list(pl.scan_parquet(path, glob=False).collect_schema().items()) == list(columns.items())


def take(lake: Lake, path: str, folder: str, name: str, verify: Verify) -> Part:
    """Copy a local file into a part, and verify it beside the copying.

    Raises `HomeError` when the file does not read from end to end.
    """
    staged = f"{folder}/{name}"
    with ThreadPoolExecutor(1, "hygge-verify") as background:
        rows = background.submit(verified_rows, path, verify)
        size, checksum = _copy(lake, path, staged)
        return Part(name=name, staged=staged, rows=rows.result(), size=size, checksum=checksum)


def _copy(lake: Lake, path: str, staged: str) -> tuple[int, str]:
    checksum = Checksum()
    size = 0
    buffer = memoryview(bytearray(_CHUNK))
    with Path(path).open("rb", buffering=0) as source, lake.create(staged) as target:
        while count := source.readinto(buffer):
            checksum.update(buffer[:count])
            target.write(buffer[:count])
            size += count
    return size, str(checksum)
