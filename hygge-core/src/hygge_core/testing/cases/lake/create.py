"""A new large file is there when it is finished, and not at all when it fails."""

from __future__ import annotations

from hashlib import sha256
from random import Random
from typing import TYPE_CHECKING, ClassVar

import pytest

from hygge_core.testing.lake_looks import contains, paths


if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygge_core.lake import Lake
    from hygge_core.testing.lake_looks import ReadFile


_SIZES = {"empty": 0, "small": 1000, "large": (9 << 20) + 17}


class CreateCases:
    """Parts of tables are written as they come, and are many times larger than memory should hold."""

    promise: ClassVar[str] = "a new file is whole when it is finished, and gone when it fails"

    @pytest.mark.parametrize("size", _SIZES.values(), ids=_SIZES)
    def test_a_finished_file_is_whole(self, lake: Lake, read: ReadFile, size: int) -> None:
        checksum = sha256()
        with lake.create("deep/part") as file:
            for chunk in _chunks(size):
                file.write(chunk)
                checksum.update(chunk)
        found = read("deep/part") or b""
        assert len(found) == size, f"broken promise: a finished file is whole. It has {len(found)} of {size} bytes"
        same = sha256(found).digest() == checksum.digest()
        assert same, "broken promise: a finished file holds what was written, in its order"
        entry = lake.stat("deep/part")
        assert entry is not None, "broken promise: `stat` knows a finished file"
        assert entry.size == size, f"broken promise: `stat` knows the size of a finished file: {entry}"
        assert paths(lake) == ["deep", "deep/part"], f"broken promise: nothing else is left. There is {paths(lake)}"

    @pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt])
    @pytest.mark.parametrize("size", _SIZES.values(), ids=_SIZES)
    def test_a_failed_file_is_gone(self, lake: Lake, read: ReadFile, size: int, error: type[BaseException]) -> None:
        with pytest.raises(error), lake.create("part") as file:  # noqa: PT012 - the fault comes midway
            for chunk in _chunks(size):
                file.write(chunk)
            raise error
        contains(read, "part", None, "a new file whose context ends by an exception is gone")
        with lake.create("part") as file:
            file.write(b"again")
        contains(read, "part", b"again", "the name of a file that failed is free")

    def test_a_taken_name_is_not_created_again(self, lake: Lake, read: ReadFile) -> None:
        lake.put("part", b"old")
        with pytest.raises(FileExistsError), lake.create("part") as file:
            file.write(b"new")
        contains(read, "part", b"old", "creating a name that is taken leaves the file that has it")

    def test_a_new_file_counts_what_was_written(self, lake: Lake) -> None:
        with lake.create("part") as file:
            counted = [(file.write(data), file.tell()) for data in (b"tea", bytearray(b"cup"), memoryview(b"pot"))]
        right = [(3, 3), (3, 6), (3, 9)]
        assert counted == right, f"broken promise: `write` and `tell` count bytes. They counted {counted}"
        assert lake.read("part") == b"teacuppot"

    def test_parquet_is_written_and_read(self, lake: Lake) -> None:
        pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
        table = pa.table({"id": list(range(50_000)), "name": [f"row {number}" for number in range(50_000)]})
        with lake.create("part.parquet") as file:
            pq.write_table(table, file, row_group_size=10_000)
        with lake.open("part.parquet") as file:
            found = pq.ParquetFile(file).read_row_group(3, columns=["name"])
        right = table.slice(30_000, 10_000).select(["name"])
        assert found.equals(right), "broken promise: pyarrow writes Parquet to a new file and reads parts of it"


def _chunks(size: int) -> Iterator[bytes]:
    """Yield bytes in chunks of odd lengths, some of them long."""
    random = Random(size)  # noqa: S311 - bytes to compare, nothing secret
    while size:
        chunk = random.randbytes(min(random.choice((1, 1000, 65_537, 2 << 20)), size))
        size -= len(chunk)
        yield chunk
