"""What a store says of itself: reasons for its capabilities, and the name of the table in every error."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import attrs
import pytest
from attrs import evolve

from hygge_core.errors import HyggeError, StoreError
from hygge_core.store import Promise
from hygge_core.testing.publish import record_of


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import polars as pl

    from hygge_core.commit import Part, Table, TableRun
    from hygge_core.store import Store


class ErrorCases:
    """Errors are interface."""

    promise: ClassVar[str] = "errors say which table they are about, in one line, and every capability has its reason"

    def test_every_promise_has_a_reason(self, store: Store) -> None:
        capabilities = store.capabilities
        assert capabilities.modes, "broken promise: a store commits in at least one mode"
        promises = {name: value for name, value in attrs.asdict(capabilities, recurse=False).items() if name != "modes"}
        promises |= promises.pop("other")
        silent = [name for name, value in promises.items() if not (isinstance(value, Promise) and value.reason.strip())]
        assert not silent, f"broken promise: each capability says why it is kept or not; these do not: {silent}"

    def test_errors_name_the_table(self, store: Store, table: Table, run: TableRun, rows: pl.DataFrame) -> None:
        for error in refusals(store, table, run, rows):
            assert isinstance(error, StoreError), f"broken promise: a store refuses with StoreError, not {error!r}"
            assert table.name in str(error), f"broken promise: an error names its table {table.name!r}: {error}"
            assert "\n" not in str(error).strip(), f"broken promise: an error is one line: {error}"

    def test_closing_twice_is_safe(self, store: Store) -> None:
        store.close()
        store.close()


def refusals(store: Store, table: Table, run: TableRun, rows: pl.DataFrame) -> Iterator[HyggeError]:
    """Publish, and yield what the store says to parts that are not as they were written, before and after."""
    stage = store.stage(table, run)
    writer = stage.writer()
    writer.write(rows)
    parts = writer.close()
    yield _refused(lambda: stage.seal([_unlike(part) for part in parts]))
    staged = stage.seal(parts)
    stage.commit(staged, record_of(staged))
    other = evolve(staged, parts=tuple(_unlike(part) for part in parts))
    yield _refused(lambda: stage.commit(other, record_of(other)))


def _refused(call: Callable[[], object]) -> HyggeError:
    with pytest.raises(HyggeError) as refused:
        call()
    return refused.value


def _unlike(part: Part) -> Part:
    return evolve(part, checksum=f"{part.checksum}0")
