"""Whether a dtype became wider, narrower, or something else, judged by its text form."""

from __future__ import annotations

import re
from typing import Literal


Retyping = Literal["widened", "narrowed", "incompatible"]

_INTEGER = re.compile(r"(u?)int(\d+)")
_FLOAT = re.compile(r"float(\d+)")
_DECIMAL = re.compile(r"decimal\((\d+), (\d+)\)")
_CLOCK = re.compile(r"(datetime|duration)\[(ms|us|ns)(.*)\]")
_ENUM = re.compile(r"enum\[(.*)\]")
_TEXTS = ("categorical", "string")


def retyping(old: str, new: str) -> Retyping:
    """Compare two different dtypes, given as `hygge_core.schema.text_of` writes them.

    Wider means that every value of the old dtype is, exactly, a value of the new one, and
    of the same sort: integers, floats, decimals, moments, durations or texts.  A column
    without any type yet (``null``) widens to everything.
    """
    if _holds(new, old):
        return "widened"
    return "narrowed" if _holds(old, new) else "incompatible"


def _holds(wide: str, narrow: str) -> bool:
    return (
        narrow == "null"
        or _holds_integer(wide, narrow)
        or _holds_float(wide, narrow)
        or _holds_decimal(wide, narrow)
        or _holds_moment(wide, narrow)
        or _holds_text(wide, narrow)
    )


def _holds_integer(wide: str, narrow: str) -> bool:
    outer, inner = _INTEGER.fullmatch(wide), _INTEGER.fullmatch(narrow)
    if outer is None or inner is None or (outer[1] and not inner[1]):
        return False
    spare = int(outer[2]) - int(inner[2])
    return spare >= 0 if outer[1] == inner[1] else spare > 0


def _holds_float(wide: str, narrow: str) -> bool:
    outer, inner = _FLOAT.fullmatch(wide), _FLOAT.fullmatch(narrow)
    return outer is not None and inner is not None and int(outer[1]) >= int(inner[1])


def _holds_decimal(wide: str, narrow: str) -> bool:
    outer, inner = _DECIMAL.fullmatch(wide), _DECIMAL.fullmatch(narrow)
    if outer is None or inner is None:
        return False
    whole, part = int(outer[1]) - int(outer[2]), int(outer[2])
    return whole >= int(inner[1]) - int(inner[2]) and part >= int(inner[2])


def _holds_moment(wide: str, narrow: str) -> bool:
    """Judge resolution and range: nanoseconds end in the year 2262, so they hold no other unit and none holds them."""
    outer, inner = _CLOCK.fullmatch(wide), _CLOCK.fullmatch(narrow)
    if outer is None or inner is None or outer.group(1, 3) != inner.group(1, 3):
        return False
    return (outer[2], inner[2]) == ("us", "ms")


def _holds_text(wide: str, narrow: str) -> bool:
    inner = _ENUM.fullmatch(narrow)
    if wide in _TEXTS:
        return inner is not None or (wide, narrow) == ("string", "categorical")
    outer = _ENUM.fullmatch(wide)
    return outer is not None and inner is not None and f"{outer[1]}, ".startswith(f"{inner[1]}, ")
