"""Every dtype comes back as it went in, nulls included."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import polars as pl
import pytest
from attrs import evolve

from hygge_core.errors import StoreError
from hygge_core.schema import columns_of
from hygge_core.testing.frames import DTYPES, of_dtype
from hygge_core.testing.judge import holds
from hygge_core.testing.publish import publish


if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygge_core.commit import Table, TableRun
    from hygge_core.store import Store
    from hygge_core.testing.judge import Read


class DtypeCases:
    """A store keeps a dtype, declares as what it comes back, or refuses it."""

    promise: ClassVar[str] = "every dtype comes back as it went in, nulls included"
    refuses: ClassVar[Mapping[str, str]] = {}
    reads_as: ClassVar[Mapping[str, pl.DataType]] = {}

    @pytest.mark.parametrize("dtype", DTYPES)
    def test_dtypes_come_back(self, store: Store, read: Read, table: Table, run: TableRun, dtype: str) -> None:
        frame = of_dtype(dtype)
        table = evolve(table, columns=columns_of(frame.schema), key=())
        if dtype in self.refuses:
            with pytest.raises(StoreError):
                publish(store, table, run, [[frame]])
            holds(read, table, None, "a refused table is never visible")
            return
        publish(store, table, run, [[frame, frame.clear()]])
        expected = frame.cast({"value": self.reads_as[dtype]}) if dtype in self.reads_as else frame
        holds(read, table, expected, f"values of dtype {dtype} come back as they went in")

    def test_a_column_of_nulls_keeps_its_dtype(self, store: Store, read: Read, table: Table, run: TableRun) -> None:
        frame = pl.DataFrame({"id": [1, 2], "none": [None, None]}, schema_overrides={"none": pl.Int16()})
        publish(store, evolve(table, columns=columns_of(frame.schema), key=()), run, [[frame.head(1), frame.tail(1)]])
        holds(read, table, frame, "a column of nulls keeps its dtype")
