"""``hygge init``: start a project that runs as it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hygge_core.cli.finding import add_flow
from hygge_core.cli.loading import installed_plugins
from hygge_core.cli.options import speaking
from hygge_core.cli.sample import sample_files
from hygge_core.cli.session import Session
from hygge_core.errors import HyggeError, UsageError


if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hygge_core.plugins import Plugins


@click.command("init", short_help="Start a project that runs as it is")
@click.argument("name", default=".", metavar="[NAME|.]")
@click.option("--from", "connection", metavar="CONNECTION", help="Propose a flow for the tables of this connection.")
@click.option("--tables", multiple=True, metavar="PATTERN", help="Which of them, such as 'dbo.*'. Repeatable.")
@click.option("--force", is_flag=True, help="Overwrite files of a project that is already there.")
@speaking
@click.pass_context
def command(ctx: click.Context, *, name: str, connection: str | None, tables: Sequence[str], force: bool) -> None:
    """Start a project in the folder NAME, or in this one.

    Writes hygge.toml, two small tables of sample data and a JSON Schema for editors.
    `hygge go` moves the sample at once; nothing that exists is overwritten unless --force.

    With --from, the project is there and has the connection: adds a flow for its tables, with
    their keys, and how each could be followed.
    """
    session = ctx.ensure_object(Session)
    if connection is not None:
        add_flow(session, None if name == "." else Path(name), connection, tables or ("*",), force=force)
        return
    if tables:
        raise UsageError("needs the connection to look at", where="--tables", fix="add --from CONNECTION")
    folder = Path(name).absolute()
    plugins = installed_plugins(session)
    files = {**sample_files(_project_name(folder)), "hygge.schema.json": _schema(plugins)}
    if not force:
        _refuse_to_overwrite(folder, files)
    _write(folder, files)
    _tell(session, folder, name, files, _missing(plugins))


def _project_name(folder: Path) -> str:
    name = folder.resolve().name or "hygge"
    if not name.isprintable():
        raise UsageError("the name holds characters that cannot be shown", where=repr(name), fix="choose another name")
    return name


def _schema(plugins: Plugins) -> str:
    from hygge_core.config import json_schema

    return json.dumps(json_schema(plugins), indent=2) + "\n"


def _refuse_to_overwrite(folder: Path, files: Iterable[str]) -> None:
    there = [name for name in files if (folder / name).exists()]
    if there:
        what = f"already there: {', '.join(there)}"
        raise UsageError(what, where=str(folder), fix="choose another folder, or overwrite with --force")


def _write(folder: Path, files: dict[str, str]) -> None:
    """Write the data first and hygge.toml last, so that a project is there when it is complete."""
    try:
        for name, text in reversed(files.items()):
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        where = str(error.filename or folder)
        raise HyggeError(
            error.strerror or str(error), where=where, fix="choose a folder that can be written"
        ) from error


def _missing(plugins: Plugins) -> list[str]:
    """Name the packages that the sample needs and that are not here."""
    needs = {"hygge-home-files": "csv" in plugins.homes, "hygge-store-parquet": "parquet" in plugins.stores}
    return [package for package, present in needs.items() if not present]


def _tell(session: Session, folder: Path, name: str, files: Iterable[str], missing: list[str]) -> None:
    if session.output == "json":
        session.event("project.created", path=str(folder), files=list(files), missing=missing)
        return
    session.say(f"{session.out.glyph('🏡 ', '')}A new home for your data: {folder}")
    for file in files:
        session.say(f"  {file}")
    session.say("Next steps:")
    steps = [] if name == "." else [f"cd {name}"]
    steps += [f"pip install {' '.join(missing)}"] if missing else []
    for step in [*steps, "hygge plan", "hygge go"]:
        session.say(f"  {step}")
