"""When a file or folder was made, which tells it from an older one that had its name and its number.

File systems give the number of a deleted folder to the next one.  Python tells the time of
birth on macOS and Windows; on Linux it has to be asked for by ``statx``.
"""

from __future__ import annotations

import ctypes
import os
import sys
from functools import cache
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


_AT_FDCWD = -100
_STATX_BTIME = 0x800  # linux/stat.h
_SIZE, _MASK, _BIRTH = 256, 0, 0x50  # of struct statx, and where its fields lie


def born(path: Path) -> int:
    """Return the nanoseconds since 1970 of its birth, 0 where the file system does not keep it."""
    if sys.platform != "linux":
        found = path.stat()
        seconds: float = getattr(found, "st_birthtime", 0)
        return getattr(found, "st_birthtime_ns", int(seconds * 1_000_000_000))
    function = _statx()
    answer = ctypes.create_string_buffer(_SIZE)
    if function is None or function(_AT_FDCWD, os.fsencode(path), 0, _STATX_BTIME, answer):
        return 0
    if not int.from_bytes(answer.raw[_MASK : _MASK + 4], sys.byteorder) & _STATX_BTIME:
        return 0
    seconds_born = int.from_bytes(answer.raw[_BIRTH : _BIRTH + 8], sys.byteorder, signed=True)
    return seconds_born * 1_000_000_000 + int.from_bytes(answer.raw[_BIRTH + 8 : _BIRTH + 12], sys.byteorder)


@cache
def _statx() -> Callable[..., int] | None:
    """Find the C library's function, None where it has none."""
    return getattr(ctypes.CDLL(None, use_errno=True), "statx", None)
