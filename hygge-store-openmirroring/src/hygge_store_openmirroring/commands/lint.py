"""``hygge mirror lint``: what in a landing zone Fabric would refuse, or might."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hygge_core.cli.options import opening, speaking
from hygge_core.cli.session import Session
from hygge_store_openmirroring.commands.place import opened_zone


if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hygge_store_openmirroring.lint.rules import Finding


@click.command("lint", short_help="Find what Fabric would refuse in a landing zone")
@click.argument("zone", metavar="FLOW|FOLDER")
@opening
@speaking
@click.pass_context
def lint(ctx: click.Context, *, zone: str, project: Path | None, variables: Sequence[str]) -> None:
    """Find what Fabric would refuse in a landing zone, or might; nothing is changed.

    Codes that begin with E stop a table or lose rows, those with W are unsure or unwise.

    Exit codes: 0 without an error, 1 with one.
    """
    from hygge_store_openmirroring.lint.zone import lint as look_over

    session = ctx.ensure_object(Session)
    with opened_zone(session, zone, project, variables) as lake:
        found = look_over(lake)
    for finding in found:
        _tell(session, finding)
    errors = sum(finding.level == "error" for finding in found)
    if session.output == "text":
        session.say(_verdict(errors, len(found) - errors))
    ctx.exit(1 if errors else 0)


def _tell(session: Session, finding: Finding) -> None:
    if session.output == "json":
        session.event("finding", path=finding.path, code=finding.code, level=finding.level, what=finding.what)
    else:
        session.say(str(finding))


def _verdict(errors: int, warnings: int) -> str:
    if not errors and not warnings:
        return "Nothing found: Fabric takes this landing zone as it is."
    return f"{_counted(errors, 'error')}, {_counted(warnings, 'warning')}"


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"
