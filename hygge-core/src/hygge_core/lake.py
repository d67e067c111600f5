"""What a file-shaped place must be able to do: a local disk, ADLS, and others alike.

Paths are relative to the lake's root, which is ``""``, use ``/``, and never start with one; a
path that would leave the root is refused with `ValueError`.  Every method is durable when it
returns, serves many threads, and raises `FileNotFoundError`, `FileExistsError` or another
`OSError`; a lake over a network maps its own errors to these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from attrs import frozen


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager
    from typing import BinaryIO


UNFINISHED = ".unfinished"
"""How the names of files end that a lake's `put` is still writing; a killed process may leave one."""


@frozen(kw_only=True)
class LakeAbilities:
    """What a lake's operations give, declared as data.

    ``atomic_directory_rename``: a folder moves with everything in it, in one step.
    ``atomic_directory_exchange``: two folders trade places in one step.
    ``atomic_replace``: renaming a file over another never shows neither.
    ``put_if_absent``: of two writers that create a name, one fails.
    ``hard_links``: a file may have two names, see `LinksFiles`; without it files are copied.
    ``directories``: folders are there by themselves, and a file never has the name of one; without it they are
    the beginnings of names, and gone with the last file unless they were made.
    """

    atomic_directory_rename: bool
    atomic_directory_exchange: bool
    atomic_replace: bool
    put_if_absent: bool
    hard_links: bool = False
    directories: bool = True


@frozen(kw_only=True)
class Entry:
    """A file or folder in a lake. ``size`` is in bytes, 0 for a folder; a link is described as what it leads to.

    ``version`` is a text that changes whenever the content does, such as an ETag; empty where a lake has none.
    That of a folder, which only `Lake.stat` gives and not every lake has, tells it from another folder that takes its
    name, and stays when files come into it.  ``modified`` is in nanoseconds since 1970, UTC, as exactly as the lake
    knows; 0 for a folder and where a lake keeps no times.
    """

    path: str
    size: int
    is_directory: bool
    is_link: bool = False
    version: str = ""
    modified: int = 0


class Lake(Protocol):
    """A file-shaped place, reduced to what a commit needs."""

    @property
    def abilities(self) -> LakeAbilities:
        """What the operations give here."""
        ...

    def url(self, path: str) -> str:
        """Return the path as a reader outside would write it."""
        ...

    def put(self, path: str, data: bytes, *, if_absent: bool = False) -> None:
        """Write a small file whole: readers see the old content or the new. Makes parent folders.

        Raises `FileExistsError` when ``if_absent`` is set and the name is taken.
        """
        ...

    def create(self, path: str) -> AbstractContextManager[BinaryIO]:
        """Open a new large file; durable when the context ends, gone when it ends by an exception.

        Makes parent folders. Raises `FileExistsError` when the name is taken.
        """
        ...

    def read(self, path: str) -> bytes:
        """Read a small file whole."""
        ...

    def open(self, path: str) -> AbstractContextManager[BinaryIO]:
        """Open a file to be read as a stream."""
        ...

    def stat(self, path: str) -> Entry | None:
        """Describe a file or folder, None when there is none."""
        ...

    def list(self, path: str, *, recursive: bool = False) -> Iterator[Entry]:
        """Yield what is in a folder; nothing for a folder that does not exist.

        Ordered by path; with ``recursive`` also what is in its folders, each folder before its content.
        """
        ...

    def make_directory(self, path: str) -> None:
        """Make a folder and its parents; no error when it is there."""
        ...

    def rename(self, source: str, target: str, *, replace: bool = False) -> None:
        """Move a file in one step. Makes parent folders of the target.

        Raises `FileExistsError` when the target is taken and ``replace`` is not set.
        """
        ...

    def rename_directory(self, source: str, target: str, *, version: str = "") -> None:
        """Move a folder to a name that is free. Raises `FileExistsError` when it is taken.

        Where leases can be lost while their holder lives, a ``version``, as `stat` gave it, makes sure that it
        is still the same folder: another `OSError` when it is not.
        """
        ...

    def delete(self, path: str) -> None:
        """Delete a file; no error when it is not there."""
        ...

    def delete_directory(self, path: str) -> None:
        """Delete a folder with everything in it; no error when it is not there."""
        ...

    def lease(self, path: str, holder: str) -> AbstractContextManager[object]:
        """Hold a name against all other holders, in this process and others, while the context lasts.

        Raises `Locked` with the other holder's text.  Freed by the death of its holder.  What it
        yields is `Lapses` where the hold can be lost while its holder lives.
        """
        ...


@runtime_checkable
class Lapses(Protocol):
    """The ability of a held lease to be lost, as one on a server can; a commit asks before it changes anything."""

    def check(self) -> None:
        """Return while the hold is certain, for the next seconds too. Raises `Locked` once it may be another's."""
        ...


@runtime_checkable
class ExchangesDirectories(Protocol):
    """The ability to let two folders trade places in one step."""

    def exchange_directories(self, one: str, other: str) -> None:
        """Swap the two folders. Both must exist."""
        ...


@runtime_checkable
class LinksFiles(Protocol):
    """The ability to give a file a second name, so that a new table can hold it without a copy."""

    def link(self, names: Mapping[str, str]) -> None:
        """Give each file, a key, its second name, the value; deleting one of the two leaves the other.

        Makes parent folders.  Raises `FileExistsError` when a name is taken.
        """
        ...


@runtime_checkable
class Defers(Protocol):
    """The ability to leave it to the system when a small change becomes durable.

    Readers in all processes see it at once and a killed process loses none; a power cut may
    lose those of the last seconds.  For what can be had again from elsewhere.
    """

    def put_soon(self, path: str, data: bytes) -> None:
        """Write a small new file whole. Makes parent folders; raises `FileExistsError` when the name is taken."""
        ...

    def delete_soon(self, path: str) -> None:
        """Delete a file; no error when it is not there."""
        ...


@runtime_checkable
class HasLocalPaths(Protocol):
    """The ability to name files to readers in this machine, such as Polars."""

    def local_path(self, path: str) -> str:
        """Return the absolute path on this machine."""
        ...
