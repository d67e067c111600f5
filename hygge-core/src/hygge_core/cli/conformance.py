"""``hygge conformance``: what an installed package promises, tried, and shown as a table."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import click

from hygge_core.cli.session import Session


if TYPE_CHECKING:
    from hygge_core.conformance import Results


_BROKEN = 1


def _note_output(ctx: click.Context, parameter: click.Parameter, value: str) -> str:  # noqa: ARG001 - the shape click wants
    """Let errors be told to programs too, where a program asked."""
    session = ctx.ensure_object(Session)
    session.output = "json" if value == "json" else "text"
    return value


def _note_debug(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:  # noqa: ARG001, FBT001 - the same
    ctx.ensure_object(Session).debug = value


@click.command("conformance", short_help="Try what a package promises, and show it as a table")
@click.argument("package")
@click.option(
    "--output",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    is_eager=True,
    callback=_note_output,
    help="A table for people, one JSON object, or Markdown.",
)
@click.option("--thorough", is_flag=True, help="Try also what takes long: every kind of crash, and killed recoveries.")
@click.option(
    "--only", multiple=True, metavar="TEXT", help="Only cases whose test class or name contains this. Repeatable."
)
@click.option(
    "--debug", is_flag=True, expose_value=False, callback=_note_debug, help="Show tracebacks, on standard error."
)
@click.pass_context
def command(ctx: click.Context, *, package: str, output: str, thorough: bool, only: tuple[str, ...]) -> None:
    """Try the contracts of an installed package in a process of its own.

    Rows are promises, columns the test classes that the package names in the entry-point group
    hygge.conformance. A promise is kept, not offered, broken, or broken as its author knows and says; the
    reasons stand below. The exit code is 1 when something is broken that nobody had said to be.
    """
    from hygge_core.conformance import find, run

    session = ctx.ensure_object(Session)
    progress = _Progress(session)
    try:
        results = run(find(package), progress, only=only, thorough=thorough)
    finally:
        progress.clear()
    session.out.write(_shown(results, output, coloured=session.out.colourful) + "\n")
    if results.broken:
        ctx.exit(_BROKEN)


def _shown(results: Results, output: str, *, coloured: bool) -> str:
    if output == "json":
        from hygge_core.conformance.document import document_of

        return json.dumps(document_of(results), ensure_ascii=False)
    if output == "markdown":
        from hygge_core.conformance.markdown import markdown_of

        return markdown_of(results)
    from hygge_core.conformance.text import text_of

    return text_of(results, coloured=coloured)


class _Progress:
    """One line on a terminal that is written over and over; nothing in a pipe."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._shown = 0

    def __call__(self, number: int, total: int, name: str) -> None:
        if not self._session.err.isatty():
            return
        width = max(20, shutil.get_terminal_size().columns - 1)
        self._write(f"{number:,} of {total:,}  {name}"[:width])

    def clear(self) -> None:
        """Take the line away."""
        if self._shown:
            self._write("")
            self._session.err.write("\r")
            self._session.err.flush()

    def _write(self, text: str) -> None:
        self._session.err.write(f"\r{text:{self._shown}}")
        self._session.err.flush()
        self._shown = len(text)
