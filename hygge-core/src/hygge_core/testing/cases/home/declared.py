"""What the author of a home declares of it, held against what comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import polars as pl
import pytest

from hygge_core.testing.frames import difference
from hygge_core.testing.judge import needs
from hygge_core.testing.readings import refusal, rows_of, same


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hygge_core.home import Home, ReadRequest


class Declared:
    """The words of a subclass about the limits of its source; see `hygge_core.testing.HomeContract`."""

    cannot_hold: ClassVar[Mapping[str, str]] = {}
    refuses: ClassVar[Mapping[str, str]] = {}
    reads_as: ClassVar[Mapping[str, pl.DataType]] = {}
    loses: ClassVar[Mapping[str, str]] = {}

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

    def demand_whole(self, label: str) -> None:
        """Skip the case where values of a dtype do not come, or come as others."""
        needs(label not in self.cannot_hold, f"the source cannot hold it: {self.cannot_hold.get(label)}")
        needs(label not in self.refuses, f"the home refuses it: {self.refuses.get(label)}")
        needs(label not in self.loses, f"values are lost: {self.loses.get(label)}")

    def as_declared(self, label: str, rows: pl.DataFrame) -> pl.DataFrame:
        """Return the rows with the dtype under which the home is declared to read every column but ``id``."""
        if label not in self.reads_as:
            return rows
        cast = rows.cast({name: self.reads_as[label] for name in rows.columns if name != "id"})
        assert pl.Null in rows.dtypes or cast.cast(dict(rows.schema)).equals(rows, null_equal=True), (
            f"{label!r} is declared to come as {self.reads_as[label]}, which does not hold the same values"
        )
        return cast
