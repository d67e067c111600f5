"""What opening a table of any format has in common: watched files, scratch, and errors that name them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import polars as pl

from hygge_core import HomeError, HomeUnavailable
from hygge_home_files.archives import SUFFIXES, unpack
from hygge_home_files.encodings import to_utf8
from hygge_home_files.scratch import Scratch


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from hygge_home_files.archives import Piece
    from hygge_home_files.files import File, Watched


POLARS_ERRORS = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)
"""What Polars raises when it cannot read a file."""


def with_compression(endings: Sequence[str]) -> tuple[str, ...]:
    """Return the endings of a format, plain and compressed."""
    return (*endings, *(ending + packed for ending in endings for packed in SUFFIXES))


def scratch_in(folder: str, project: Path) -> Scratch:
    """Return a scratch folder in the place a home's settings name, made when needed."""
    return Scratch(project / folder if folder else None)


def plain_pieces(files: Sequence[File], endings: tuple[str, ...], encoding: str, scratch: Scratch) -> list[Piece]:
    """Return the plain UTF-8 files that the files stand for, all of them on this machine."""
    return [
        to_utf8(piece, encoding, scratch)
        for file in files
        for piece in unpack(file.piece(scratch), suffixes=endings, scratch=scratch)
    ]


@contextmanager
def watching(files: Sequence[File], scratch: Scratch) -> Iterator[tuple[Watched, ...]]:
    """Watch files while a table is opened, and leave no scratch behind if that fails.

    A file that changed meanwhile is the reason given, whatever went wrong because of it.
    """
    try:
        watched = tuple(file.watch() for file in files)
        try:
            yield watched
        except (HomeError, *POLARS_ERRORS) as error:
            for file in watched:
                file.check()
            if isinstance(error, HomeError):
                raise
            where = files[0].label if len(files) == 1 else f"{files[0].label} and {len(files) - 1} more"
            raise HomeError(f"cannot be read: {first_line(error)}", where=where, fix="check the file") from error
    except BaseException:
        scratch.close()
        raise


def out_of_reach(error: OSError, where: str) -> HomeError:
    """Return the error for what did not arrive over a network, which is how Polars raises an `OSError`."""
    what, _, _ = first_line(error).partition("; note: ")  # which is about Polars' own settings
    if isinstance(error, PermissionError):
        return HomeError(what, where=where, fix="let the connection's identity read there")
    fix = "see that the service can be reached from here, and run again"
    return HomeUnavailable(f"did not arrive: {what}", where=where, fix=fix)


def first_line(error: BaseException) -> str:
    """Return what an error says first; those of Polars go on with advice about Polars."""
    return next(iter(str(error).splitlines()), type(error).__name__)
