"""Reading a source as the engine does, and the words in which a case says what came instead."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from attrs import frozen

from hygge_core.errors import HomeError
from hygge_core.home import (
    ReadRequest,  # noqa: TC001 - part of the data below
)
from hygge_core.testing.frames import difference


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import polars as pl

    from hygge_core.home import Home, Reading

    OpenHome = Callable[[], Home]
    """Opens one more home on the same place."""
    Fill = Callable[[str, pl.DataFrame], ReadRequest]
    """Puts a table of this name into the source, without the home, and says how it is asked for."""


@frozen(kw_only=True)
class Sample:
    """A table of the source whose rows are known: how it is asked for, and what must come.

    The rows may come in any order if they have a column ``id`` that tells them apart, else in this one.
    """

    request: ReadRequest
    rows: pl.DataFrame


def together(reading: Reading) -> pl.DataFrame:
    """Read all rows of an open reading into one frame. Fails for a batch with other columns than the schema."""
    import polars as pl

    schema = reading.schema
    batches = []
    for batch in reading.batches():
        assert batch.schema == schema, (
            f"broken promise: each batch has exactly the reading's schema, {dict(schema)}, not {dict(batch.schema)}"
        )
        batches.append(batch)
    return pl.concat([schema.to_frame(), *batches])


def rows_of(home: Home, request: ReadRequest) -> pl.DataFrame:
    """Open a table, read all of it, and close it."""
    with closing(home.read(request)) as reading:
        return together(reading)


def yields(home: Home, request: ReadRequest, expected: pl.DataFrame, promise: str) -> None:
    """Fail, naming the broken promise, unless the home yields exactly these rows."""
    same(rows_of(home, request), expected, f"{promise}. {home.locate(request)} yields")


def same(found: pl.DataFrame, expected: pl.DataFrame, promise: str) -> None:
    """Fail, naming the broken promise, unless both frames hold the same rows under the same columns."""
    wrong = difference(found, expected)
    assert not wrong, f"broken promise: {promise}: {wrong}"


@contextmanager
def beginning(home: Home, request: ReadRequest) -> Iterator[tuple[Reading, Iterator[pl.DataFrame], pl.DataFrame]]:
    """Open a table of several batches and take the first: the reading, the rest of its batches, and that first one."""
    with closing(home.read(request)) as reading:
        batches = iter(reading.batches())
        first = next(batches, None)
        assert first is not None, "broken promise: a table that has rows yields at least one batch"
        try:
            yield reading, batches, first
        finally:
            if isinstance(batches, Generator):
                batches.close()


def refusal(call: Callable[[], Any], promise: str) -> HomeError:
    """Return the `HomeError` that a call raises. Fails, naming the broken promise, for another error and for none."""
    try:
        found = call()
    except HomeError as error:
        return error
    except Exception as error:  # noqa: BLE001 - whatever else it is, it broke the promise
        pytest.fail(f"broken promise: {promise}. It raises {type(error).__name__}, not HomeError: {error}")
    pytest.fail(f"broken promise: {promise}. Nothing is raised, and there is: {found}")
