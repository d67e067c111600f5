"""The words in which a case says which promise broke, and the looks that find out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cattrs.preconf.json
import pytest

from hygge_core.commit import CommitRecord, Staged
from hygge_core.store import Promise
from hygge_core.testing.frames import difference


if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from hygge_core.commit import Table, TableRun
    from hygge_core.store import Store

    Read = Callable[[Table], pl.DataFrame | None]
    """Reads a table without the store, None when there is none."""
    OpenStore = Callable[[], Store]
    """Opens one more store object on the same place."""
    NewRun = Callable[[], TableRun]
    """Makes table runs, each with an id of its own."""


JSON = cattrs.preconf.json.make_converter()
"""Turns the plain data of a commit into JSON and back, as another process would get it."""


def holds(read: Read, table: Table, expected: pl.DataFrame | None, promise: str) -> None:
    """Fail, naming the broken promise, unless readers see exactly these rows; None is no table at all."""
    found = read(table)
    if expected is None:
        assert found is None, (
            f"broken promise: {promise}. A reader sees {found.height} rows of {table.name!r}:\n{found}"
        )
        return
    wrong = difference(found, expected)
    assert not wrong, f"broken promise: {promise}. A reader of {table.name!r} sees: {wrong}"


def needs(met: bool, reason: str) -> None:  # noqa: FBT001 - reads as a sentence
    """Skip the case, with the reason, when the store declares that it does not apply."""
    if not met:
        pytest.skip(reason)


def needs_mode(store: Store, mode: str) -> None:
    """Skip the case when the store does not commit in this mode."""
    needs(mode in store.capabilities.modes, f"the store declares no mode {mode!r}")


def needs_several_writers(store: Store) -> None:
    """Skip the case when the store declares that its tables are written by one writer."""
    promise = declared(store, "several_writers")
    needs(promise.kept, promise.reason)


def writers_of(store: Store, most: int) -> int:
    """Return how many writers a stage of this store may have at once: ``most``, or one where it declares so."""
    return most if declared(store, "several_writers").kept else 1


def declared(store: Store, name: str) -> Promise:
    """Return what a store declares under a name of its own, which holds where it declares nothing."""
    return store.capabilities.other.get(name, Promise(kept=True, reason="the store says nothing else"))


def through_json(staged: Staged, record: CommitRecord) -> tuple[Staged, CommitRecord]:
    """Return what another process would get."""
    return (
        JSON.loads(JSON.dumps(staged), Staged),
        JSON.loads(JSON.dumps(record), CommitRecord),
    )
