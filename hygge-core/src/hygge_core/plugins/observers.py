"""Asking plugins before a commit and telling them after it, one by one and in a fixed order."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from hygge_core.errors import CommitRefused
from hygge_core.plugins.blame import describe
from hygge_core.plugins.calling import call


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hygge_core.commit import TableRun
    from hygge_core.plugins.calling import Tracer
    from hygge_core.plugins.hooks import Implementation


def ask(gates: Iterable[Implementation], run: TableRun, values: Mapping[str, object], *, tracer: Tracer) -> None:
    """Let every gate look. Raises `CommitRefused`, naming the plugin, for a refusal and for a gate that fails."""
    for gate in gates:
        try:
            call(gate, values, _nothing, tracer=tracer)
        except KeyboardInterrupt:
            raise
        except CommitRefused as refusal:
            refusal.where = f"{refusal.where or f'{run.flow}.{run.entity}'}, refused by {gate.source}"
            raise
        except BaseException as error:
            what = f"{gate.hook} failed: {describe(error)}"
            where = f"{run.flow}.{run.entity}, refused by {gate.source}"
            raise CommitRefused(what, where=where, fix="repair the plugin, or disable it") from error


def tell(listeners: Iterable[Implementation], values: Mapping[str, object], *, tracer: Tracer) -> Iterator[str]:
    """Tell every listener, and yield one warning for each that fails."""
    for listener in listeners:
        try:
            call(listener, values, _nothing, tracer=tracer)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - the table is as it is; no listener may change that
            yield f"{listener.source}: {listener.hook} failed: {describe(error)}"


def _nothing(result: object) -> None:
    """Accept no answer but None: a gate that returns False meant to refuse and must not be taken for consent."""
    if inspect.iscoroutine(result):
        result.close()
    if result is not None:
        message = f"it returned {result!r:.80} where nothing is expected; a gate refuses by raising CommitRefused"
        raise TypeError(message)
