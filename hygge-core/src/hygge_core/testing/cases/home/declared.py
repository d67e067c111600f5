"""What the author of a home declares of it, held against what comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import polars as pl
import pytest
from attrs import evolve

from hygge_core.mark import Range
from hygge_core.schema import text_of
from hygge_core.testing.frames import DTYPES, difference
from hygge_core.testing.judge import needs
from hygge_core.testing.readings import refusal, rows_of, same
from hygge_core.watermark.kinds import kind_of


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hygge_core.home import Home, ReadRequest


def is_followed(dtype: pl.DataType) -> bool:
    """Tell whether a column of this dtype can be a watermark."""
    try:
        kind_of(text_of(dtype))
    except (ValueError, TypeError):
        return False
    return True


FOLLOWED = [label for label, (dtype, _) in DTYPES.items() if is_followed(dtype)]
"""The labels of the dtypes that a range may be on."""


class Declared:
    """The words of a subclass about the limits of its source; see `hygge_core.testing.HomeContract`."""

    cannot_hold: ClassVar[Mapping[str, str]] = {}
    refuses: ClassVar[Mapping[str, str]] = {}
    reads_as: ClassVar[Mapping[str, pl.DataType]] = {}
    loses: ClassVar[Mapping[str, str]] = {}
    refuses_ranges: ClassVar[Mapping[str, str]] = {}

    def comes(self, home: Home, label: str, fill: Callable[[], ReadRequest], rows: pl.DataFrame, promise: str) -> None:
        """Fail unless the rows come as they are, or in the way that is declared for the label."""
        needs(label not in self.cannot_hold, f"the source cannot hold it: {self.cannot_hold.get(label)}")
        request = fill()
        if label in self.refuses:
            refusal(lambda: rows_of(home, request), f"{label!r} is declared as refused with HomeError")
            return
        found = rows_of(home, request)
        if label in self.loses:
            assert difference(found, rows), f"{label!r} is declared in `loses`, but all its values come as they are"
            pytest.xfail(self.loses[label])
        same(found, self.as_declared(label, rows), promise)

    def followed(self, home: Home, dtype: str, fill: Callable[[], ReadRequest], rows: pl.DataFrame) -> ReadRequest:
        """Fill a table with a column ``value`` for a range. Skips the case where it cannot be followed."""
        needs(dtype not in self.cannot_hold, f"the source cannot hold it: {self.cannot_hold.get(dtype)}")
        needs(dtype not in self.refuses, f"the home refuses it: {self.refuses.get(dtype)}")
        needs(dtype not in self.loses, f"values are lost: {self.loses.get(dtype)}")
        found = self.as_declared(dtype, rows).schema["value"]
        needs(is_followed(found), f"read as {found}, it cannot be a watermark")
        request = fill()
        if dtype in self.refuses_ranges:
            asked = evolve(request, range=Range(column="value"))
            refusal(lambda: home.read(asked), f"a range of {dtype} is declared as refused with HomeError")
            pytest.skip(f"the home refuses its ranges: {self.refuses_ranges[dtype]}")
        return request

    def as_declared(self, label: str, rows: pl.DataFrame) -> pl.DataFrame:
        """Return the rows with the dtype under which the home is declared to read every column but ``id``."""
        if label not in self.reads_as:
            return rows
        cast = rows.cast({name: self.reads_as[label] for name in rows.columns if name != "id"})
        assert pl.Null in rows.dtypes or cast.cast(rows.schema).equals(rows, null_equal=True), (
            f"{label!r} is declared to come as {self.reads_as[label]}, which does not hold the same values"
        )
        return cast
