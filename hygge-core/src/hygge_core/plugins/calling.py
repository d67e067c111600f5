"""Calling one plugin's function for one hook, and telling what came of it when asked to."""

from __future__ import annotations

import sys
import traceback
from time import perf_counter
from typing import TYPE_CHECKING, TypeVar

from attrs import frozen


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hygge_core.plugins.hooks import Implementation


T = TypeVar("T")


@frozen(kw_only=True)
class Tracer:
    """Prints each step of the plugin line to stderr when ``HYGGE_TRACE_PLUGINS`` is set, or nothing."""

    on: bool = False

    def step(self, what: str, action: Callable[[], T]) -> T:
        """Do it, and tell what it was, how long it took and how it ended."""
        started = perf_counter()
        try:
            result = action()
        except BaseException:
            if self.on:
                self._tell(f"{what} failed after {_milliseconds(started)}\n{traceback.format_exc().rstrip()}")
            raise
        if self.on:
            self._tell(f"{what} -> {_shown(result)} in {_milliseconds(started)}")
        return result

    def _tell(self, text: str) -> None:
        sys.stderr.write("".join(f"hygge plugins: {line}\n" for line in text.splitlines()))


def call(
    implementation: Implementation,
    values: Mapping[str, object],
    finish: Callable[[object], T],
    *,
    tracer: Tracer,
) -> T:
    """Call it with those of the values that it asks for, and hand its result to ``finish``.

    ``finish`` runs inside the traced step, because a generator does its work, and raises,
    only there.
    """
    arguments = {name: values[name] for name in implementation.parameters}
    return tracer.step(str(implementation), lambda: finish(implementation.function(**arguments)))


def _milliseconds(started: float) -> str:
    return f"{(perf_counter() - started) * 1e3:.1f} ms"


def _shown(result: object) -> str:
    """Name a result by its type, and what a hook yielded by its name too; a plugin's own repr may say anything."""
    if result is None:
        return "None"
    if isinstance(result, tuple):
        return f"[{', '.join(f'{type(item).__name__} {item.name}' for item in result)}]"
    return type(result).__name__
