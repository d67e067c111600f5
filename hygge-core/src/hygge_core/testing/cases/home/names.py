"""Odd names of tables and columns are read or refused; they are never taken for something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import polars as pl
import pytest

from hygge_core.testing.cases.home.declared import Declared
from hygge_core.testing.frames import NAMES, small


if TYPE_CHECKING:
    from hygge_core.home import Home
    from hygge_core.testing.readings import Fill


class NameCases(Declared):
    """Names come from databases and folders where people are inventive."""

    promise: ClassVar[str] = "tables and columns may have any name that their source allows"

    @pytest.mark.parametrize("name", NAMES)
    def test_odd_table_names(self, home: Home, fill: Fill, name: str) -> None:
        frame = small()
        self.comes(home, name, lambda: fill(name, frame), frame, f"a table may be called {name!r}")

    @pytest.mark.parametrize("name", [*NAMES, ".", "..", "a/b", "a\\b", "new\nline"])
    def test_odd_column_names(self, home: Home, fill: Fill, name: str) -> None:
        frame = pl.DataFrame({"id": [1, 2], name: ["x", None]})
        self.comes(home, name, lambda: fill("names", frame), frame, f"a column may be called {name!r}")

    def test_many_columns(self, home: Home, fill: Fill) -> None:
        frame = pl.DataFrame({"id": [1, 2]} | {f"column {number}": [number, None] for number in range(200)})
        self.comes(home, "many columns", lambda: fill("broad", frame), frame, "a table may have two hundred columns")

    def test_columns_that_differ_in_case_stay_apart(self, home: Home, fill: Fill) -> None:
        frame = pl.DataFrame({"id": [1], "ID": [2], "Id": [3]})
        self.comes(home, "case", lambda: fill("case", frame), frame, "columns that differ in case stay apart")
