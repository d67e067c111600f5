"""``hygge migrate``: a project of the original, in YAML, becomes one of this hygge, in TOML."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hygge_core.cli.loading import installed_plugins
from hygge_core.cli.migration_report import tell
from hygge_core.cli.options import speaking, volume
from hygge_core.cli.session import Session
from hygge_core.errors import HyggeError, UsageError


if TYPE_CHECKING:
    from collections.abc import Iterable

    from hygge_core.migrate.migration import Migration


@click.command("migrate", short_help="Turn a project of the original hygge (YAML) into TOML")
@click.argument("old", type=click.Path(path_type=Path), default=".", metavar="[OLD_PROJECT]")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Where the new project goes; else beside the old hygge.yml.",
)
@click.option("--check", is_flag=True, help="Only report; write nothing.")
@speaking
@volume
@click.pass_context
def command(ctx: click.Context, *, old: Path, into: Path | None, check: bool) -> None:
    """Turn a project of the original hygge (0.6.5, YAML) into one of this hygge (TOML).

    OLD_PROJECT is the folder with the hygge.yml, or this one.  Writes hygge.toml, and with several flows a file for
    each; nothing that exists is changed or overwritten.  Tells what became of every key, what is left to you to
    decide, and which defects of the original may have touched your data.

    Exit codes: 0 done, 1 decisions are left to you, 2 usage, or not a project of the original.
    """
    from hygge_core.migrate.checking import check as checked
    from hygge_core.migrate.migration import migrate
    from hygge_core.migrate.project import read_project

    session = ctx.ensure_object(Session)
    project = read_project(old)
    folder = into or project.root
    plugins = installed_plugins(session)
    migration = migrate(project, folder, plugins)
    if not check:
        _refuse_to_overwrite(folder, migration)
    verdict = checked(migration, plugins, os.environ)
    if not check:
        _write(migration, folder)
    tell(session, migration, verdict, folder, written=not check)
    ctx.exit(1 if migration.decisions or verdict.problems else 0)


def _refuse_to_overwrite(folder: Path, migration: Migration) -> None:
    there: Iterable[str] = [name for name in migration.files if (folder / name).exists()]
    if there:
        raise UsageError(
            f"already there: {', '.join(there)}",
            where=str(folder),
            fix="choose another folder with --into, or look first with --check",
        )


def _write(migration: Migration, folder: Path) -> None:
    from hygge_core.migrate.checking import write

    try:
        write(migration.files, folder)
    except OSError as error:
        where = str(error.filename or folder)
        raise HyggeError(
            error.strerror or str(error), where=where, fix="choose a folder that can be written"
        ) from error
