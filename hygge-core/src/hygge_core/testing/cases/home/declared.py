"""What the author of a home declares of it, held against what comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from hygge_core.testing.judge import needs
from hygge_core.testing.readings import refusal, rows_of, same


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import polars as pl

    from hygge_core.home import Home, ReadRequest


class Declared:
    """The words of a subclass about the limits of its source; see `hygge_core.testing.HomeContract`."""

    cannot_hold: ClassVar[Mapping[str, str]] = {}
    refuses: ClassVar[Mapping[str, str]] = {}
    reads_as: ClassVar[Mapping[str, pl.DataType]] = {}

    def comes(self, home: Home, label: str, fill: Callable[[], ReadRequest], rows: pl.DataFrame, promise: str) -> None:
        """Fail unless the rows come as they are, or in the way that is declared for the label."""
        needs(label not in self.cannot_hold, f"the source cannot hold it: {self.cannot_hold.get(label)}")
        request = fill()
        if label in self.refuses:
            refusal(lambda: rows_of(home, request), f"{label!r} is declared as refused with HomeError")
            return
        same(rows_of(home, request), self.as_declared(label, rows), promise)

    def as_declared(self, label: str, rows: pl.DataFrame) -> pl.DataFrame:
        """Return the rows with the dtype under which the home is declared to read every column but ``id``."""
        if label not in self.reads_as:
            return rows
        return rows.cast({name: self.reads_as[label] for name in rows.columns if name != "id"})
