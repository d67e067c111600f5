"""The names of data files under ``SequentialFileName``: twenty digits, from 1 on, without a gap."""

from __future__ import annotations

import re


FIRST = 1
_SEQUENTIAL = re.compile(r"(?P<number>[0-9]{20})\.(?P<extension>[A-Za-z0-9]+)")


def sequential(number: int, extension: str = "parquet") -> str:
    """Return the name of the file with this number. Raises `ValueError` below 1 and past twenty digits."""
    name = f"{number:020d}.{extension}"
    if number < FIRST or not _SEQUENTIAL.fullmatch(name):
        message = f"{number} cannot be the number of a file in a landing zone"
        raise ValueError(message)
    return name


def number_of(name: str) -> int | None:
    """Return the number in a sequential name, None for any other name."""
    found = _SEQUENTIAL.fullmatch(name)
    return int(found["number"]) if found else None


def extension_of(name: str) -> str:
    """Return what follows the last dot, in lower case; empty without one."""
    return name.rpartition(".")[2].lower() if "." in name else ""
