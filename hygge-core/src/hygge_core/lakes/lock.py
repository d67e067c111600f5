"""A lock on a local file that the operating system frees when its holder dies."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from hygge_core.errors import Locked


if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


_HOLDER_BYTES = 4096
_LOOKS, _BETWEEN_LOOKS_SECONDS = 10, 0.01
_LOCKED_BYTE = 1 << 30  # far behind the holder's text, which others must be able to read on Windows


@contextmanager
def locked(path: Path, holder: str) -> Iterator[None]:
    """Hold the file against every other holder, this process's other threads included.

    The file stays when the lock is freed, since deleting it would let two holders in;
    ``holder`` is the text that the others are told, in `Locked`.
    """
    descriptor = _open_locked(path)
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, holder.encode(), 0) if hasattr(os, "pwrite") else os.write(descriptor, holder.encode())
        yield
    finally:
        os.close(descriptor)


def _open_locked(path: Path) -> int:
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
        try:
            _take(descriptor)
            if _still_there(path, descriptor):
                return descriptor
        except BlockingIOError as error:
            holder = _holder(descriptor)
            os.close(descriptor)
            raise Locked(
                f"is being written by {holder}",
                where=path.parent.name,
                holder=holder,
                fix="wait for it to finish, or end that process",
            ) from error
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _holder(descriptor: int) -> str:
    """Read who holds the lock, who may have taken it a moment ago and still be writing that down."""
    for _ in range(_LOOKS):
        os.lseek(descriptor, 0, os.SEEK_SET)
        if text := os.read(descriptor, _HOLDER_BYTES).decode(errors="replace"):
            return text
        time.sleep(_BETWEEN_LOOKS_SECONDS)
    return "another writer"


def _still_there(path: Path, descriptor: int) -> bool:
    """Tell whether the name still leads to the locked file, which someone may have deleted meanwhile."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _take(descriptor: int) -> None:
    """Lock without waiting. Raises `BlockingIOError` when somebody else holds it."""
    if sys.platform == "win32":
        import msvcrt

        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            os.lseek(descriptor, 0, os.SEEK_SET)
            raise BlockingIOError(*error.args) from error
        os.lseek(descriptor, 0, os.SEEK_SET)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
