"""Values come as they are in the source, nulls included."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import pytest

from hygge_core.testing.cases.home.declared import Declared
from hygge_core.testing.frames import DTYPES, of_dtype


if TYPE_CHECKING:
    from hygge_core.home import Home
    from hygge_core.testing.readings import Fill


class DtypeCases(Declared):
    """A home keeps a value, declares as what it reads it, or refuses it; it does not bend it."""

    promise: ClassVar[str] = "values come as they are in the source, under a dtype that holds them"

    @pytest.mark.parametrize("dtype", DTYPES)
    def test_dtypes_are_read(self, home: Home, fill: Fill, dtype: str) -> None:
        frame = of_dtype(dtype)
        promise = f"values of dtype {dtype} come as they are in the source"
        self.comes(home, dtype, lambda: fill("values", frame), frame, promise)
