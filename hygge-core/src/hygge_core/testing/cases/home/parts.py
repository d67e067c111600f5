"""A table read in parts is the table."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING, Any, ClassVar

import polars as pl
import pytest
from attrs import evolve

from hygge_core.home import ReadRequest, ReadsInParts, Splits
from hygge_core.testing.frames import small
from hygge_core.testing.judge import needs
from hygge_core.testing.process import in_process, named
from hygge_core.testing.readings import rows_of, same, together


if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygge_core.home import Home, Reading
    from hygge_core.testing.readings import Fill


_PATIENCE = 60
_WHOLE = "the reading is not read in parts, or this table is better read whole"


class PartCases:
    """Where one part ends and the next begins, a row is easily lost or read twice."""

    promise: ClassVar[str] = "parts of a table hold each of its rows once"
    opener: ClassVar[str] = ""

    def test_parts_hold_every_row_once(self, home: Home, fill: Fill) -> None:
        frame = _large()
        with closing(home.read(fill("parted", frame))) as reading:
            parts = _parts(reading)
            wrong = [part.schema for part in parts if part.schema != reading.schema]
            assert not wrong, f"broken promise: a part has the reading's schema, {reading.schema}, not {wrong}"
            same(pl.concat([together(part) for part in parts]), frame, "parts together hold every row once")

    def test_parts_are_read_at_once(self, home: Home, fill: Fill) -> None:
        frame = _large()
        with closing(home.read(evolve(fill("parted", frame), batch_bytes=4096))) as reading:
            parts = _parts(reading)
            with ThreadPoolExecutor(len(parts)) as threads:
                found = list(threads.map(together, parts, timeout=_PATIENCE))
        same(pl.concat(found), frame, "parts that are read by several threads at once hold every row once")

    def test_closing_a_reading_closes_its_parts(self, home: Home, fill: Fill) -> None:
        request = evolve(fill("parted", _large()), batch_bytes=4096)
        reading = home.read(request)
        try:
            begun = [iter(part.batches()) for part in _parts(reading)]
            for batches in begun:
                next(batches, None)
        finally:
            reading.close()
            reading.close()
        later = small(3, 2)
        same(rows_of(home, fill("parted", later)), later, "closing a reading closes its parts, so that nothing is held")

    @pytest.mark.parametrize("parts", [1, 2, 3, 7])
    def test_a_split_table_holds_every_row_once(self, home: Home, fill: Fill, parts: int) -> None:
        for rows in (0, 1, 2, 50):
            frame = small(0, rows)
            requests = _split(home, fill("split", frame), parts)
            assert 1 <= len(requests) <= parts, f"broken promise: a table is cut into at most {parts}: {requests}"
            found = pl.concat([rows_of(home, each) for each in requests])
            same(found, frame, f"{rows} rows that are split into {len(requests)} come once")

    def test_a_part_is_read_by_another_process(self, home: Home, place: Any, fill: Fill) -> None:
        needs(bool(self.opener), "the home names no opener: its source dies with its process")
        frame = small(0, 50)
        endings = [
            in_process(_read_elsewhere, self.opener, place, each) for each in _split(home, fill("split", frame), 3)
        ]
        errors = [ending.error for ending in endings if ending.error or ending.killed]
        assert not errors, f"broken promise: a part is plain data that another process can read: {errors}"
        same(pl.concat([ending.value for ending in endings]), frame, "parts that other processes read hold every row")


def _large() -> pl.DataFrame:
    return small(0, 3000)


def _parts(reading: Reading) -> Sequence[Reading]:
    parts = reading.parts() if isinstance(reading, ReadsInParts) else ()
    if len(parts) < 2:
        pytest.skip(_WHOLE)
    return parts


def _split(home: Home, request: ReadRequest, parts: int) -> Sequence[ReadRequest]:
    if not isinstance(home, Splits):
        pytest.skip("the home does not split tables")
    requests = home.split(request, parts)
    assert all(isinstance(each, ReadRequest) for each in requests), "broken promise: a part is a ReadRequest"
    return requests


def _read_elsewhere(opener: str, place: Any, request: ReadRequest) -> pl.DataFrame:
    with closing(named(opener)(place)) as home:
        return rows_of(home, request)
