"""Renaming on a local disk in the ways that Python's standard library does not offer.

Linux has ``renameat2`` and macOS ``renamex_np`` for exchanging two names and for refusing
to overwrite; on Windows a plain rename refuses to overwrite and nothing exchanges.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from functools import cache
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


_AT_FDCWD = -100
_LINUX = {"no_replace": 1, "exchange": 2}  # linux/fs.h: RENAME_NOREPLACE, RENAME_EXCHANGE
_MACOS = {"no_replace": 4, "exchange": 2}  # sys/stdio.h: RENAME_EXCL, RENAME_SWAP
UNSUPPORTED = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP})
"""Errors by which a kernel or file system says that it lacks the operation."""
NO_LINKS = UNSUPPORTED | {errno.EPERM, errno.EACCES}
"""Errors by which a file system says that it has no hard links; Linux says EPERM."""


def exchange(one: Path, other: Path) -> None:
    """Let two names trade places in one step. Raises `OSError` (see `UNSUPPORTED`) where that cannot be done."""
    _rename(one, other, "exchange")


def rename_new(source: Path, target: Path) -> None:
    """Rename to a name that must be free, in one step. Raises `FileExistsError` when it is taken."""
    if sys.platform == "win32":
        source.rename(target)
        return
    try:
        _rename(source, target, "no_replace")
    except OSError as error:
        if error.errno not in UNSUPPORTED:
            raise
        _rename_new_by_link(source, target)


def _rename_new_by_link(source: Path, target: Path) -> None:
    """Do without the system call: a link refuses a taken name; a folder needs a look first."""
    if source.is_dir():
        if target.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
        source.rename(target)
        return
    os.link(source, target)
    source.unlink()


def _rename(source: Path, target: Path, way: str) -> None:
    function = _function()
    if function is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS), str(source), None, str(target))
    old, new = os.fsencode(source), os.fsencode(target)
    if sys.platform == "linux":
        failed = function(_AT_FDCWD, old, _AT_FDCWD, new, ctypes.c_uint(_LINUX[way]))
    else:
        failed = function(old, new, ctypes.c_uint(_MACOS[way]))
    if failed:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(source), None, str(target))


@cache
def _function() -> Callable[..., int] | None:
    """Find the C library's function, None where there is none."""
    names = {"linux": "renameat2", "darwin": "renamex_np"}
    if sys.platform not in names:
        return None
    return getattr(ctypes.CDLL(None, use_errno=True), names[sys.platform], None)
