"""Secrets of a store's settings show nowhere."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, ClassVar

import pytest

from hygge_core.store import Leases
from hygge_core.testing.cases.store.errors import refusals
from hygge_core.testing.judge import JSON, needs
from hygge_core.testing.publish import publish


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import polars as pl

    from hygge_core.commit import Table, TableRun
    from hygge_core.store import Store
    from hygge_core.testing.judge import NewRun, OpenStore


class SecretCases:
    """Whatever a person, a log or a commit record may get to see."""

    promise: ClassVar[str] = "secrets never show: not in errors, texts, logs, output or records"
    secrets: ClassVar[tuple[str, ...]] = ()

    def test_secrets_never_show(self, store: Store, table: Table, run: TableRun, rows: pl.DataFrame) -> None:
        self._needs_secrets()
        shown = [repr(store), str(store), store.locate(table), repr(store.capabilities)]
        for error in refusals(store, table, run, rows):
            shown += _texts(error)
        self._show_in_none(shown)

    def test_secrets_are_not_in_commit_records(
        self, store: Store, table: Table, new_run: NewRun, rows: pl.DataFrame
    ) -> None:
        self._needs_secrets()
        stage = store.stage(table, new_run())
        receipt = publish(store, table, new_run(), [[rows]])
        self._show_in_none([repr(stage), repr(stage.writer()), JSON.dumps(receipt)])
        stage.abort()

    def test_secrets_are_not_in_the_error_of_a_second_writer(
        self, store: Store, open_store: OpenStore, table: Table, new_run: NewRun
    ) -> None:
        self._needs_secrets()
        other = open_store()
        needs(isinstance(store, Leases), "the store has no leases")
        assert isinstance(store, Leases)
        assert isinstance(other, Leases)
        with store.lease(table, new_run()), pytest.raises(Exception) as refused, other.lease(table, new_run()):  # noqa: PT011 - whatever is raised must not show a secret
            pass
        self._show_in_none(_texts(refused.value))

    def test_secrets_are_neither_logged_nor_printed(
        self,
        caplog: pytest.LogCaptureFixture,
        capfd: pytest.CaptureFixture[str],
        open_store: OpenStore,
        table: Table,
        new_run: NewRun,
        rows: pl.DataFrame,
    ) -> None:
        self._needs_secrets()
        with caplog.at_level(logging.DEBUG):
            store = open_store()
            publish(store, table, new_run(), [[rows]])
            for _ in refusals(store, table, new_run(), rows):
                pass
            store.close()
        printed = capfd.readouterr()
        self._show_in_none([caplog.text, printed.out, printed.err])

    def _needs_secrets(self) -> None:
        needs(bool(self.secrets), "the store's settings hold no secrets")

    def _show_in_none(self, shown: Iterable[str]) -> None:
        shown = list(shown)
        for secret in self.secrets:
            leaks = [text.replace(secret, "***") for text in shown if secret in text]
            assert not leaks, f"broken promise: secrets never show; look at {leaks}"


def _texts(error: BaseException) -> Iterator[str]:
    """Every text of an error and of those that caused it, as a traceback would show them."""
    seen: BaseException | None = error
    while seen is not None:
        yield from (str(seen), repr(seen), repr(vars(seen)))
        seen = seen.__cause__ or seen.__context__
