"""A store may refuse dtypes and names, keep secrets, and read back other dtypes, if it says so."""

from __future__ import annotations

from types import MappingProxyType

import polars as pl
import pytest
from attrs import evolve

from hygge_core import StoreError
from hygge_core.schema import schema_of
from hygge_core.testing import MemoryPlace, MemoryStore, StoreContract


class FussyStore(MemoryStore):
    """Knows no times, no ``select``, and no two names that differ in case; widens small integers."""

    password = "hunter2"

    def stage(self, table, run):
        names = [column.name for column in table.columns]
        dtypes = schema_of(table.columns).dtypes()
        if (
            pl.Time() in dtypes
            or "select" in {table.name, *names}
            or len({name.lower() for name in names}) < len(names)
        ):
            raise StoreError("is refused", where=self.locate(table), fix="choose another")
        return super().stage(table, run)


class TestFussyStore(StoreContract):
    refuses = MappingProxyType(
        {"time": "no such type", "select": "a word of SQL", "case": "names are compared without case"}
    )
    reads_as = MappingProxyType({"int8": pl.Int16()})
    secrets = (FussyStore.password,)

    @pytest.fixture
    def place(self):
        return MemoryPlace()

    @pytest.fixture
    def open_store(self, place):
        return lambda: FussyStore(place)

    @pytest.fixture
    def read(self, place):
        def read(table):
            frame = place.read(table)
            return None if frame is None else frame.with_columns(pl.col(pl.Int8).cast(pl.Int16))

        return read

    @pytest.mark.xfail(reason="shows how a case is expected to fail")
    def test_a_column_of_nulls_keeps_its_dtype(self, store, read, table, run):
        super().test_a_column_of_nulls_keeps_its_dtype(store, read, evolve(table, name="select"), run)
