"""Doing one thing to many files: one after the other on this machine, several at a time over a network."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from hygge_home_files.files import Address

T = TypeVar("T")

_AT_ONCE = 8


def each(do: Callable[[Address], T], files: Sequence[Address]) -> Iterable[T]:
    """Yield what ``do`` returns for each file, in order; the first error is raised."""
    if len(files) == 1 or files[0].local:
        yield from map(do, files)
        return
    with ThreadPoolExecutor(_AT_ONCE, "hygge-files") as threads:
        yield from threads.map(do, files)
