"""``hygge verify``: does each store hold what its source holds?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hygge_core.cli import figures
from hygge_core.cli.loading import open_project
from hygge_core.cli.options import opening, selecting, speaking, volume
from hygge_core.cli.plan import exit_code
from hygge_core.cli.selection import select
from hygge_core.cli.session import Session
from hygge_core.errors import UsageError


if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hygge_core.config.model import EntityConfig, Project
    from hygge_core.plugins import Plugins
    from hygge_core.verify import Depth


@click.command("verify", short_help="Compare what stores hold with what their sources hold")
@selecting
@click.option("--keys", is_flag=True, help="Compare keys and versions too, and name those that differ.")
@click.option("--key", multiple=True, metavar="COLUMN", help="Name rows by this column of the table; repeatable.")
@click.option(
    "--limit", type=click.IntRange(min=0), default=20, show_default=True, metavar="N", help="Show at most N keys."
)
@opening
@speaking
@volume
@click.pass_context
def command(  # noqa: PLR0913 - one for each option
    ctx: click.Context,
    *,
    flows: Sequence[str],
    entities: Sequence[str],
    keys: bool,
    key: tuple[str, ...],
    limit: int,
    project: Path | None,
    variables: Sequence[str],
) -> None:
    """Compare what stores hold with what their sources hold, and change nothing.

    For each table: the rows of the source up to the last commit's watermark, the rows that
    were committed, those in the files, and those that readers see.  With --keys also the
    key and version of each row, and every byte of the files.

    Exit codes: 0 all is equal, 5 every table differs, 3 some tables do, 1 a table could not
    be looked at, 2 usage or configuration.
    """
    from hygge_core.verify import Depth

    if key and not keys:
        raise UsageError("--key says what to compare by", where="--key", fix="give --keys as well")
    session = ctx.ensure_object(Session)
    opened, plugins = open_project(session, project, variables)
    depth = Depth(keys=keys, key=key, limit=limit)
    ctx.exit(_verify(session, opened, plugins, select(opened, flows, entities), depth))


def _verify(
    session: Session, project: Project, plugins: Plugins, entities: Sequence[EntityConfig], depth: Depth
) -> int:
    if not entities:
        session.warn(f"{project.root / 'hygge.toml'}: there are no flows yet, so there is nothing to verify")
        return 0
    from hygge_core.cli.logs import configure_logs
    from hygge_core.cli.verdicts import tell
    from hygge_core.verify import verify

    configure_logs(session)
    width = max(len(entity.path) for entity in entities)
    troubles: list[int] = []
    for verdict in verify(project, plugins, entities, depth):
        if verdict.exit_code:
            troubles.append(verdict.exit_code)
        tell(session, verdict, width)
    if session.output == "text" and not session.quiet:
        session.say(f"{len(entities) - len(troubles):,} of {figures.count(len(entities), 'table')} as they should be")
    return exit_code(troubles, len(entities))
