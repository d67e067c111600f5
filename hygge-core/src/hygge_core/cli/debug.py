"""``hygge debug``: does everything feel right?"""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

import click

from hygge_core import __version__
from hygge_core.cli import figures
from hygge_core.cli.loading import open_project
from hygge_core.cli.options import opening, selecting, speaking, volume
from hygge_core.cli.selection import select
from hygge_core.cli.session import Session


if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hygge_core.cli.probing import Examined
    from hygge_core.config.model import EntityConfig, Project
    from hygge_core.plugins import Plugins


@click.command("debug", short_help="Examine the project, its plugins and every place it reaches")
@selecting
@opening
@speaking
@volume
@click.pass_context
def command(
    ctx: click.Context,
    *,
    flows: Sequence[str],
    entities: Sequence[str],
    project: Path | None,
    variables: Sequence[str],
) -> None:
    """Examine the project, its plugins and every home, store and connection it names.

    Nothing that a reader sees is changed. Exit codes: 0 all is well, 1 something needs
    attention, 2 the configuration cannot be used.
    """
    from hygge_core.cli.logs import configure_logs

    session = ctx.ensure_object(Session)
    opened, plugins = open_project(session, project, variables)
    configure_logs(session)
    _introduce(session, opened, plugins)
    ctx.exit(_examine(session, opened, plugins, select(opened, flows, entities)))


def _introduce(session: Session, project: Project, plugins: Plugins) -> None:
    versions = {"hygge": __version__, "python": platform.python_version(), "platform": platform.platform()}
    loaded = sorted({str(status.source) for status in plugins.statuses if status.state == "loaded"})
    shape = {"flows": len(project.flows), "entities": len(project.entities), "connections": len(project.connections)}
    if session.output == "json":
        session.event("project", name=project.name, root=str(project.root), plugins=loaded, **versions, **shape)
    elif not session.quiet:
        session.say(f"project  {project.name}, in {project.root}")
        session.say(f"versions {', '.join(f'{name} {version}' for name, version in versions.items())}")
        session.say(f"plugins  {', '.join(loaded) or 'none'}")
        session.say(f"holds    {_holdings(project)}")


def _holdings(project: Project) -> str:
    flows = figures.count(len(project.flows), "flow")
    entities = figures.count(len(project.entities), "entity", "entities")
    return f"{flows}, {entities}, {figures.count(len(project.connections), 'connection')}"


def _examine(session: Session, project: Project, plugins: Plugins, entities: Sequence[EntityConfig]) -> int:
    from hygge_core.cli.probing import examine
    from hygge_core.engine.opened import Opened

    troubled = examined = 0
    with Opened.to_look(project, plugins) as opened:
        for found in examine(project, entities, opened):
            examined += 1
            troubled += not found.finding.ok
            _tell(session, found)
    if session.output == "text" and not session.quiet:
        session.say(_verdict(examined, troubled))
    return 1 if troubled else 0


def _tell(session: Session, found: Examined) -> None:
    finding = found.finding
    if session.output == "json":
        facts = {"probe": finding.probe, "ok": finding.ok, "what": finding.what, "fix": finding.fix}
        session.event("finding", about=found.about, **facts)
    elif not finding.ok:
        session.fail(f"{found.about}: {finding.what}{f'; {finding.fix}' if finding.fix else ''}")
    elif not session.quiet:
        session.say(f"{session.out.glyph('✓', 'ok')} {found.about}: {finding.what}")


def _verdict(examined: int, troubled: int) -> str:
    if not examined:
        return "There is nothing to examine yet: the project has no flows."
    if troubled:
        return f"{troubled:,} of {examined:,} probes need attention."
    return f"All {examined:,} probes are well."
