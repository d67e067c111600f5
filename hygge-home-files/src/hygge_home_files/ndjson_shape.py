"""What the values of JSON lines are, gathered from every line, and the dtype that holds them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from hygge_core import HomeError


if TYPE_CHECKING:
    from hygge_home_files.faults import Place


_HUGE = "integer beyond 64 bits"
_KINDS = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    Decimal: "number",
    dict: "object",
    list: "list",
}
_SCALARS = {"string": pl.String(), "boolean": pl.Boolean(), "integer": pl.Int64(), "number": pl.Float64()}
_FIX = "make them alike, or declare the column as 'string' in 'columns' to keep it as JSON text"


class Shape:
    """Which kinds of values came at one place, and where each kind came first."""

    def __init__(self) -> None:
        self.kinds: dict[str, Place] = {}
        self.fields: dict[str, Shape] = {}
        self.items: Shape | None = None

    def add(self, value: object, place: Place) -> None:
        """Take one more value into account; a null says nothing."""
        if value is None:
            return
        kind = _KINDS[type(value)]
        if isinstance(value, int) and not -(2**63) <= value < 2**63:
            kind = _HUGE
        self.kinds.setdefault(kind, place)
        if isinstance(value, dict):
            for name, inner in value.items():
                self.fields.setdefault(name, Shape()).add(inner, place)
        elif isinstance(value, list):
            self.items = self.items or Shape()
            for inner in value:
                self.items.add(inner, place)

    def dtype(self, name: str) -> pl.DataType:
        """Return the dtype that holds all values.

        Integers and numbers together are float64.  Text where nothing but null or empty
        objects came.  Raises `HomeError` that names the lines of two kinds that do not mix.
        """
        kinds = self.kinds.keys()
        if _HUGE in kinds:
            place = self.kinds[_HUGE]
            what = f"column {name!r} holds an {_HUGE}"
            raise HomeError(what, where=str(place), fix="declare it as 'string' or 'decimal(38, 0)' in 'columns'")
        if kinds == {"integer", "number"}:
            return pl.Float64()
        if len(kinds) > 1:
            (one, first), (other, second) = list(self.kinds.items())[:2]
            what = f"column {name!r} is {_with_article(other)} here and {_with_article(one)} at {first}"
            raise HomeError(what, where=str(second), fix=_FIX)
        return self._only(next(iter(kinds), "string"), name)

    def _only(self, kind: str, name: str) -> pl.DataType:
        if kind == "list":
            return pl.List(self.items.dtype(f"{name}[]") if self.items else pl.String())
        if kind == "object" and self.fields:
            return pl.Struct({field: shape.dtype(f"{name}.{field}") for field, shape in self.fields.items()})
        return _SCALARS.get(kind, pl.String())


def _with_article(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"
