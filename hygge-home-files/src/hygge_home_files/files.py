"""One file of a table, wherever it lies: what people call it, its bytes, and whether it stays as it is."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - part of the data below
from typing import TYPE_CHECKING, Any, Protocol

from attrs import Factory, field, frozen

from hygge_home_files.archives import Piece
from hygge_home_files.fingerprint import Fingerprint


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from typing import BinaryIO

    from hygge_core.home import ReadRequest
    from hygge_home_files.scratch import Scratch


class Watched(Protocol):
    """A file as it was when it was looked at first."""

    def check(self) -> None:
        """Raise `HomeUnavailable` if it is another by now."""
        ...


@frozen(kw_only=True)
class Address:
    """Where Polars finds a file: ``text`` is a path or a URL, ``options`` what a scan of it needs, secrets included.

    ``local`` says that it is a file of the user on this machine, which may be copied as it lies.
    """

    label: str
    text: str
    open: Callable[[], AbstractContextManager[BinaryIO]]
    options: Mapping[str, Any] = field(default=Factory(dict), repr=False)
    local: bool = False

    @property
    def remote(self) -> bool:
        """Whether Polars reads it over a network."""
        return "://" in self.text


class File(Protocol):
    """One file of a table."""

    @property
    def label(self) -> str:
        """What people call it: its path or its address."""
        ...

    @property
    def size(self) -> int:
        """How many bytes it has. Raises `HomeError`."""
        ...

    def watch(self) -> Watched:
        """Note how it is now. Raises `HomeError`."""
        ...

    def piece(self, scratch: Scratch) -> Piece:
        """Have its bytes on this machine, in scratch if they must be fetched. Raises `HomeError`."""
        ...

    def address(self, scratch: Scratch) -> Address:
        """Say where Polars can read it, fetched into scratch if it can not where it lies. Raises `HomeError`."""
        ...


class Sources(Protocol):
    """The ``path`` of a home, with its places still open."""

    def locate(self, request: ReadRequest) -> str:
        """Return the path, glob or address of one entity."""
        ...

    def find(self, request: ReadRequest) -> tuple[File, ...]:
        """Return the files of one entity, at least one, sorted by their path as text. Raises `HomeError`."""
        ...

    def entities(self) -> Iterator[str]:
        """Yield the names that ``{entity}`` in the path could stand for now, sorted. Raises `HomeError`."""
        ...


@frozen
class LocalFile:
    """A file on this machine."""

    path: Path

    @property
    def label(self) -> str:
        """Its path."""
        return str(self.path)

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return self.path.stat().st_size

    def watch(self) -> Fingerprint:
        """Take its fingerprint. Raises `HomeError`."""
        return Fingerprint.of(self.path)

    def piece(self, _: Scratch) -> Piece:
        """Return the file as it lies."""
        return Piece(label=self.label, path=self.path)

    def address(self, _: Scratch) -> Address:
        """Return its path."""
        return Address(label=self.label, text=self.label, open=lambda: self.path.open("rb"), local=True)
