"""Turning text of other encodings into UTF-8, which is what Polars reads."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from hygge_core import HomeError
from hygge_home_files.archives import Piece


if TYPE_CHECKING:
    from hygge_home_files.scratch import Scratch


_CHUNK = 1 << 20
_BOM = codecs.BOM_UTF8


def to_utf8(piece: Piece, encoding: str, scratch: Scratch) -> Piece:
    """Return the piece itself if it is UTF-8 without a byte order mark, else a copy in scratch that is.

    Raises `HomeError` with the line of bytes that the encoding does not know.  Bytes that
    are not UTF-8 in a file said to be UTF-8 are found later, when the file is surveyed.
    """
    if codecs.lookup(encoding).name in {"utf-8", "utf-8-sig", "ascii"}:
        return _without_mark(piece, scratch)
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    target = scratch.new(".txt")
    line = 1
    with piece.path.open("rb") as source, target.open("xb") as out:
        while True:
            scratch.require(_CHUNK * 4, where=piece.label)
            chunk = source.read(_CHUNK)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                raise _undecodable(piece, encoding, line, error) from error
            out.write(text.removeprefix("\ufeff").encode() if line == 1 and out.tell() == 0 else text.encode())
            line += text.count("\n")
            if not chunk:
                return Piece(label=piece.label, path=target)


def _without_mark(piece: Piece, scratch: Scratch) -> Piece:
    with piece.path.open("rb") as source:
        if source.read(len(_BOM)) != _BOM:
            return piece
        return Piece(label=piece.label, path=scratch.copy(source, suffix=".txt", where=piece.label))


def _undecodable(piece: Piece, encoding: str, line: int, error: UnicodeDecodeError) -> HomeError:
    line += error.object[: error.start].count(b"\n")
    what = f"the bytes {error.object[error.start : error.end].hex(' ')} are not {encoding}: {error.reason}"
    return HomeError(what, where=f"{piece.label}:{line}", fix="set 'encoding' to what the file is written in")
