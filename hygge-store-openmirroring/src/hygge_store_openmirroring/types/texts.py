"""Nested values as JSON text, exactly: what JSON has no word for is written as text."""

from __future__ import annotations

import base64
import json
import math
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import polars as pl


def json_texts(values: pl.Series) -> pl.Series:
    """Write each value as JSON on one line, names and texts unescaped; null stays null.

    Decimals are texts with all their digits, binary is Base64, dates and times are ISO 8601, durations whole
    microseconds; a float that is no number is null, since JSON has none of them.
    """
    return pl.Series(
        values.name, [None if value is None else _text(value) for value in values.to_list()], dtype=pl.String()
    )


def _text(value: Any) -> str:
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _plain(value: Any) -> Any:  # noqa: PLR0911 - one return for each kind of value
    match value:
        case float() if not math.isfinite(value):
            return None
        case dict():
            return {name: _plain(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case Decimal():
            return str(value)
        case bytes():
            return base64.b64encode(value).decode()
        case timedelta():
            return value // timedelta(microseconds=1)
        case date() | time():
            return value.isoformat()
    return value
