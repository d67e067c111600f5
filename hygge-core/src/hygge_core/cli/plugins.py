"""``hygge plugins``: what is installed, how it fares, what it brings and what to do about it."""

from __future__ import annotations

import json
import os
import shutil
import textwrap
from collections import Counter
from typing import TYPE_CHECKING

import click

from hygge_core.cli.options import locating, speaking
from hygge_core.cli.session import Session
from hygge_core.errors import UsageError


if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hygge_core.plugins import Plugins, PluginStatus


_FAULTY = 2
_INDENT = "  "
_NONE_HERE = "No plugins are installed. Begin with `pip install hygge-home-files hygge-store-parquet`."


@click.command("plugins", short_help="List plugins and what they bring")
@click.option("--check", is_flag=True, help="Exit with 2 when any plugin is broken, incompatible or clashes.")
@locating
@speaking
@click.pass_context
def command(ctx: click.Context, *, check: bool, project: Path | None) -> None:
    """List every installed plugin: how it fares, what it brings, and how to repair what is broken.

    A broken plugin that no flow uses is no failure, so the exit code is 0 even then;
    --check or HYGGE_STRICT_PLUGINS=1 make it 2.
    """
    from hygge_core.plugins.switches import STRICT, is_on

    session = ctx.ensure_object(Session)
    session.plugins = plugins = _load(project)
    session.say(_document(plugins) if session.output == "json" else _page(plugins))
    strict = check or is_on(os.environ, STRICT)
    if strict and any(status.faulty for status in plugins.statuses):
        ctx.exit(_FAULTY)


def _load(project: Path | None) -> Plugins:
    """Load plugins, also those that strictness would refuse: this command is where they are looked at."""
    from hygge_core.plugins import Plugins
    from hygge_core.plugins.switches import STRICT

    return Plugins.load(disabled=_disabled(project), environ={**os.environ, STRICT: "0"})


def _disabled(project: Path | None) -> tuple[str, ...]:
    from hygge_core.cli.loading import project_file
    from hygge_core.config import disabled_plugins

    try:
        return disabled_plugins(project_file(project))
    except UsageError:
        if project is not None:
            raise
        return ()  # outside of a project nothing is disabled


def _document(plugins: Plugins) -> str:
    from hygge_core import __version__
    from hygge_core.hookspecs import API

    document = {
        "hygge": __version__,
        "api": API,
        "sound": not any(status.faulty for status in plugins.statuses),
        "plugins": [_entry(status) for status in plugins.statuses],
        "warnings": list(plugins.warnings),
    }
    return json.dumps(document, ensure_ascii=False)


def _entry(status: PluginStatus) -> dict[str, object]:
    return {
        "distribution": status.source.distribution,
        "version": status.source.version,
        "entry_point": status.source.entry_point,
        "target": status.target,
        "state": status.state,
        "faulty": status.faulty,
        "brings": [{"kind": it.kind, "name": it.name, "summary": it.summary} for it in status.brings],
        "faults": [{"what": fault.what, "fix": fault.fix} for fault in status.faults],
    }


def _page(plugins: Plugins) -> str:
    width = max(60, min(shutil.get_terminal_size().columns, 100))
    names = max((len(it.name) for status in plugins.statuses for it in status.brings), default=0)
    blocks = ["\n".join(_block(status, names, width)) for status in plugins.statuses]
    if plugins.warnings:
        blocks.append("\n".join(line for warning in plugins.warnings for line in _row("warning", warning, width)))
    return "\n\n".join([*blocks, _total(plugins)])


def _block(status: PluginStatus, names: int, width: int) -> Iterator[str]:
    yield f"{status.source}: {status.state}"
    for it in status.brings:
        yield from _row(it.kind, f"{it.name:{names}}  {it.summary}", width)
    for fault in status.faults:
        yield from _row("problem" if status.faulty else "reason", fault.what, width)
        yield from _row("fix", fault.fix, width)


def _row(label: str, text: str, width: int) -> list[str]:
    first = f"{_INDENT}{label:10}  "
    return textwrap.wrap(text, width, initial_indent=first, subsequent_indent=" " * len(first), break_on_hyphens=False)


def _total(plugins: Plugins) -> str:
    from hygge_core.hookspecs import API

    if not plugins.statuses:
        return _NONE_HERE
    states = Counter(status.state for status in plugins.statuses)
    number = len(plugins.statuses)
    fates = ", ".join(f"{n} {state}" for state, n in sorted(states.items()))
    return f"{number} plugin{'s'[: number > 1]}: {fates}; plugin API {API}"
