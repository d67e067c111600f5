"""Spans of time as people write them: ``15m``, ``1h30m``."""

from __future__ import annotations

import re
from datetime import timedelta
from fractions import Fraction


Duration = timedelta
"""A field of a configuration class that takes a text such as ``"15m"``."""

_MICROSECONDS = {
    "ms": 1_000,
    "s": 1_000_000,
    "m": 60_000_000,
    "h": 3_600_000_000,
    "d": 86_400_000_000,
    "w": 604_800_000_000,
}
_PART = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d|w)")


def parse_duration(text: str) -> timedelta:
    """Read a span of time: numbers with the units ms, s, m, h, d or w, one after another.

    Each unit may stand once.  Raises `ValueError`, also for spans beyond what `timedelta` holds.
    """
    parts = _PART.findall(text)
    units = [unit for _, unit in parts]
    if not parts or "".join(number + unit for number, unit in parts) != text or len(set(units)) != len(units):
        raise ValueError("not a span of time such as 30s, 15m or 1h30m")
    try:
        return timedelta(microseconds=round(sum(Fraction(number) * _MICROSECONDS[unit] for number, unit in parts)))
    except OverflowError as error:
        raise ValueError("longer than can be counted") from error


def write_duration(span: timedelta) -> str:
    """Write a span of time, zero or longer, as `parse_duration` reads it: in few units, to the millisecond."""
    left, parts = span // timedelta(milliseconds=1), []
    for unit in ("d", "h", "m", "s", "ms"):
        count, left = divmod(left, _MICROSECONDS[unit] // 1000)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"
