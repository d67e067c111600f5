"""How the values of a column cross into a frame: what is selected, as what it arrives, what it becomes."""

from __future__ import annotations

from typing import Literal

from attrs import frozen


Finish = Literal["cast", "moment", "instant", "clock", "big_endian", "utf_16"]
"""What is left to do with what arrived: `hygge_home_mssql.types.finishing` has a function for each."""


@frozen(kw_only=True)
class Crossing:
    """The way of one column.

    ``sql`` is what every engine selects, with ``{}`` for the column; the drivers' own ideas of a type
    differ, and what they lose of it differs too, so a type that any of them gets wrong is
    selected as text.  ``arrives`` and ``dtype`` are in the text form of `hygge_core.schema`.
    """

    dtype: str
    sql: str = "{}"
    arrives: str = ""
    finish: Finish = "cast"
    exact: bool = True

    @property
    def arriving(self) -> str:
        """The dtype of the values before they are finished."""
        return self.arrives or self.dtype
