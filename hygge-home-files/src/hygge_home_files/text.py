"""Which kind a column of texts is, for the survey of all rows and for the search for bad ones.

What a text means as a value is decided in `hygge_core.texts`, for the rows themselves too, so
that the three cannot disagree.
"""

from __future__ import annotations

import polars as pl
from attrs import frozen

from hygge_core.texts import read_as, with_point


@frozen(kw_only=True)
class Kind:
    """A kind of column that is recognised without being told: how its texts look, and its dtype."""

    pattern: str
    dtype: pl.DataType


_DATE = r"\d{4}-\d\d-\d\d"
_CLOCK = r"[ T]\d\d:\d\d:\d\d"
_ZONE = r"(Z|[+-]\d\d:?\d\d)"

KINDS = (
    Kind(pattern=r"^(?i:true|false)$", dtype=pl.Boolean()),
    Kind(pattern=r"^-?(0|[1-9]\d{0,18})$", dtype=pl.Int64()),
    Kind(
        pattern=r"^(-?((0|[1-9]\d{0,14})|(0|[1-9]\d*)?\.\d+|(0|[1-9]\d*)\.|(0|[1-9]\d*)(\.\d*)?[eE][+-]?\d+)|-?inf|NaN|nan)$",
        dtype=pl.Float64(),
    ),
    Kind(pattern=f"^{_DATE}$", dtype=pl.Date()),
    Kind(pattern=rf"^{_DATE}{_CLOCK}(\.\d{{1,6}})?$", dtype=pl.Datetime("us")),
    Kind(pattern=rf"^{_DATE}{_CLOCK}(\.\d{{1,9}})?$", dtype=pl.Datetime("ns")),
    Kind(pattern=rf"^{_DATE}{_CLOCK}(\.\d{{1,6}})?{_ZONE}$", dtype=pl.Datetime("us", "UTC")),
    Kind(pattern=rf"^{_DATE}{_CLOCK}(\.\d{{1,9}})?{_ZONE}$", dtype=pl.Datetime("ns", "UTC")),
)
"""The kinds in the order they are preferred; a column that fits none of them is text.

Numbers with leading zeros or a plus sign fit no kind: they are codes and telephone numbers,
and would not be the same after a round trip.  An integer of more than 15 digits does not
fit a float, which could not hold it exactly.
"""


def fits(text: pl.Expr, kind: Kind, *, decimal_comma: bool = False) -> pl.Expr:
    """Say for each text whether it is of the kind; null for a null or empty text."""
    number = with_point(text) if decimal_comma and kind.dtype.is_float() else text
    looks = number.str.contains(kind.pattern)
    return pl.when(text != "").then(looks & read_as(text, kind.dtype, decimal_comma=decimal_comma).is_not_null())


def is_bad(text: pl.Expr, dtype: pl.DataType, *, decimal_comma: bool = False) -> pl.Expr:
    """Say for each text whether it cannot be read as the dtype. Null and empty texts are not bad."""
    read = read_as(text, dtype, decimal_comma=decimal_comma)
    return (text != "").fill_null(value=False) & read.is_null()
