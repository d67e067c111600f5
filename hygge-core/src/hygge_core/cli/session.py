"""What one call of ``hygge`` knows about how to speak."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Literal

from attrs import Factory, define

from hygge_core.cli.redaction import Redactor
from hygge_core.cli.streams import Steady


if TYPE_CHECKING:
    from hygge_core.plugins import Plugins


Output = Literal["text", "json"]


@define
class Session:
    """The voice of one call: results go to standard output, errors and warnings to standard error.

    Options fill in ``output`` to ``debug``, loading a project fills in ``redactor`` and
    ``plugins``; everything said from then on passes the redactor.
    """

    out: Steady = Factory(lambda: Steady(sys.stdout))
    err: Steady = Factory(lambda: Steady(sys.stderr))
    output: Output = "text"
    verbose: bool = False
    quiet: bool = False
    debug: bool = False
    redactor: Redactor = Factory(Redactor)
    plugins: Plugins | None = None

    def say(self, text: str = "") -> None:
        """Tell a result."""
        self.out.line(self.redactor.text(text))

    def warn(self, text: str) -> None:
        """Tell something that needs a look and stopped nothing."""
        self._mark("warning", "yellow", text)

    def fail(self, text: str) -> None:
        """Tell something that went wrong."""
        self._mark("error", "red", text)

    def event(self, kind: str, /, **data: object) -> None:
        """Tell a result as one JSON object on one line, in the shape of the engine's events."""
        from hygge_core.cli.jsonlines import encode

        self.out.line(encode({"kind": kind, "data": self.redactor.value(data)}))

    def close(self) -> None:
        """Hand over what was said, and tell if standard output could not take it."""
        self.out.flush()
        if self.out.full:
            self.warn(f"standard output: {self.out.full.strerror}; part of what was said is missing")
        self.err.flush()

    def _mark(self, word: str, colour: str, text: str) -> None:
        import click

        label = click.style(f"{word}:", fg=colour) if self.err.colourful else f"{word}:"
        self.err.write(f"{label} ")
        self.err.line(self.redactor.text(text))
