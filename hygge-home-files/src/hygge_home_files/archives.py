"""Reading what lies in compressed files.

Everything is decompressed once into the scratch folder, in chunks: a table is read twice
(surveyed, then moved), and Polars reads a plain file with all cores.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import sys
import zipfile
import zlib
from typing import TYPE_CHECKING

from attrs import frozen

from hygge_core import HomeError


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from hygge_home_files.scratch import Readable, Scratch


@frozen(kw_only=True)
class Piece:
    """One plain file to read: ``label`` is what people call it, ``path`` where its bytes are.

    ``path`` is in the scratch folder when the bytes had to be decompressed or re-encoded.
    """

    label: str
    path: Path


def _open_zstd(path: Path) -> AbstractContextManager[Readable]:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return zstd.open(path, "rb")


_OPENERS: dict[str, Callable[[Path], AbstractContextManager[Readable]]] = {
    ".gz": gzip.GzipFile,
    ".bz2": bz2.BZ2File,
    ".xz": lzma.LZMAFile,
    ".zst": _open_zstd,
}

SUFFIXES = (*_OPENERS, ".zip")
"""The endings that mean compression."""


def unpack(file: Piece, *, suffixes: tuple[str, ...], scratch: Scratch) -> Iterator[Piece]:
    """Yield the plain files that a file stands for: itself, its content, or the members of a zip archive.

    Raises `HomeError` that names the archive when it is truncated, damaged, encrypted or
    larger than the disk.
    """
    ending = file.path.suffix.lower()
    try:
        if ending == ".zip":
            yield from _members(file, suffixes, scratch)
        elif opener := _OPENERS.get(ending):
            yield _content(file, opener, scratch)
        else:
            yield file
    except (EOFError, OSError, zlib.error, lzma.LZMAError, zipfile.BadZipFile) as error:
        raise _damaged(file.label, error) from error


def _content(file: Piece, opener: Callable[[Path], AbstractContextManager[Readable]], scratch: Scratch) -> Piece:
    if file.path.stat().st_size == 0:
        message = "the file is empty"
        raise EOFError(message)
    with opener(file.path) as stream:
        return Piece(label=file.label, path=scratch.copy(stream, suffix=".content", where=file.label))


def _members(file: Piece, suffixes: tuple[str, ...], scratch: Scratch) -> Iterator[Piece]:
    with zipfile.ZipFile(file.path) as archive:
        members = [member for member in archive.infolist() if _is_data(member, suffixes)]
        if not members:
            held = ", ".join(archive.namelist()[:5]) or "nothing"
            raise HomeError(f"no member ends in {', '.join(suffixes)}; the archive holds {held}", where=file.label)
        scratch.require(sum(member.file_size for member in members), where=file.label)
        for member in sorted(members, key=lambda member: member.filename):
            label = f"{file.label}/{member.filename}"
            yield Piece(label=label, path=_extract(archive, member, label, scratch))


def _is_data(member: zipfile.ZipInfo, suffixes: tuple[str, ...]) -> bool:
    parts = member.filename.split("/")
    hidden = any(part.startswith(("_", ".")) and part not in {".", ".."} for part in parts)
    return member.filename.lower().endswith(suffixes) and not hidden


def _extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, label: str, scratch: Scratch) -> Path:
    try:
        with archive.open(member) as stream:
            return scratch.copy(stream, suffix=".member", where=label)
    except (RuntimeError, NotImplementedError) as error:
        raise HomeError(f"cannot be unpacked: {error}", where=label, fix="unpack it beforehand") from error


def _damaged(where: str, error: Exception) -> HomeError:
    what = f"the archive is damaged or incomplete ({error})"
    return HomeError(what, where=where, fix="fetch it again, or run again when its writer is done")
