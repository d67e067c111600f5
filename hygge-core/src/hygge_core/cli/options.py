"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from hygge_core.cli.completing import complete_entities, complete_flows
from hygge_core.cli.session import Session


if TYPE_CHECKING:
    from collections.abc import Callable


_F = TypeVar("_F", bound="Callable[..., Any]")


def _note(ctx: click.Context, parameter: click.Parameter, value: object) -> None:
    """Keep how to speak in the session, where also the last line of defence finds it."""
    if parameter.name:
        setattr(ctx.ensure_object(Session), parameter.name, value)


def _flag(*names: str, text: str) -> Callable[[_F], _F]:
    return click.option(*names, is_flag=True, expose_value=False, callback=_note, help=text)


_output = click.option(
    "--output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    expose_value=False,
    callback=_note,
    is_eager=True,
    help="Lines for people, or one JSON object a line.",
)
_debug = _flag("--debug", text="Show tracebacks and every log record, on standard error.")
_verbose = _flag("--verbose", text="Say more.")
_quiet = _flag("--quiet", text="Say nothing but warnings and errors.")
_project = click.option(
    "--project",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="The project's folder or its hygge.toml; else the nearest one, from here upwards.",
)
_variable = click.option(
    "--var",
    "variables",
    multiple=True,
    metavar="KEY=VALUE",
    help="Set a key for this call, as in flow.erp.store.path=/tmp/out. Repeatable.",
)
_flow = click.option(
    "--flow",
    "-f",
    "flows",
    multiple=True,
    metavar="FLOW",
    shell_complete=complete_flows,
    help="Only these flows: repeatable, comma separated, * allowed.",
)
_entity = click.option(
    "--entity",
    "-e",
    "entities",
    multiple=True,
    metavar="FLOW.ENTITY",
    shell_complete=complete_entities,
    help="Only these entities: repeatable, comma separated, * allowed.",
)


def _together(*options: Callable[[_F], _F]) -> Callable[[_F], _F]:
    def decorate(function: _F) -> _F:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


speaking = _together(_output, _debug)
"""``--output`` and ``--debug``; noted in the session, not passed to the command."""

volume = _together(_verbose, _quiet)
"""``--verbose`` and ``--quiet``; noted in the session, not passed to the command."""

opening = _together(_project, _variable)
"""``--project`` and ``--var``, passed as ``project`` and ``variables``."""

locating = _project
"""``--project`` alone."""

selecting = _together(_flow, _entity)
"""``--flow`` and ``--entity``, passed as ``flows`` and ``entities``."""
