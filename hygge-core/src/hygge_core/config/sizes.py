"""Amounts of bytes as people write them: ``512MiB``, ``2GB``."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Annotated


BYTES = "bytes"
"""The mark in an annotation that lets an int field take a text with a unit."""

ByteSize = Annotated[int, BYTES]
"""An int field of a configuration class that counts bytes, and takes ``"512MiB"`` as well as ``536870912``."""

_UNITS = {"b": 1}
_UNITS |= {f"{letter}b": 1000**power for power, letter in enumerate("kmgt", start=1)}
_UNITS |= {f"{letter}ib": 1024**power for power, letter in enumerate("kmgt", start=1)}
_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?([a-z]+)", re.IGNORECASE)


def parse_size(text: str) -> int:
    """Read an amount of bytes with its unit.

    Units are B, kB, MB, GB, TB (powers of 1000) and KiB, MiB, GiB, TiB (powers of 1024),
    in either case.  A number without a unit is refused, since nobody can tell what it counts,
    and so is anything that is not a whole number of bytes.  Raises `ValueError`.
    """
    match = _SIZE.fullmatch(text)
    unit = _UNITS.get(match[2].lower()) if match else None
    if not match or unit is None:
        raise ValueError("not a size with a unit such as 512MiB or 2GB")
    size = Fraction(match[1]) * unit
    if size.denominator != 1:
        raise ValueError("not a whole number of bytes")
    return int(size)
