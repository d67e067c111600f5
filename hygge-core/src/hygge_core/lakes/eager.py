"""A new local file whose bytes are on their way to the disk while more are written."""

from __future__ import annotations

import ctypes
import io
import sys
from functools import cache
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typing_extensions import Buffer


_STEP = 8 << 20
_SYNC_FILE_RANGE_WRITE = 2  # linux/fs.h: start writing dirty pages, wait for nothing


class EagerFile(io.FileIO):
    """A new file for large writes; the final ``fsync`` finds little left to do.

    Only Linux can be asked to start early; elsewhere this is an ordinary file.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, "xb")
        self._written = 0
        self._started = 0

    def write(self, data: Buffer, /) -> int:
        """Write, and every few megabytes ask the kernel to begin with the disk."""
        count = super().write(data)
        self._written += count
        if self._written - self._started >= _STEP:
            _start(self.fileno(), self._started, self._written - self._started)
            self._started = self._written
        return count


def _start(descriptor: int, offset: int, count: int) -> None:
    """Ask for write-back; a refusal costs nothing but time, since the file is synced at its end."""
    function = _function()
    if function is not None:
        function(descriptor, ctypes.c_int64(offset), ctypes.c_int64(count), ctypes.c_uint(_SYNC_FILE_RANGE_WRITE))


@cache
def _function() -> Callable[..., int] | None:
    return getattr(ctypes.CDLL(None), "sync_file_range", None) if sys.platform == "linux" else None
