"""``hygge new``: a whole package for a new store, home or lake, which passes its tests as it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from hygge_core.cli.options import speaking
from hygge_core.cli.session import Session
from hygge_core.scaffold.naming import Kind, named


if TYPE_CHECKING:
    from collections.abc import Iterable

    from hygge_core.scaffold.naming import Naming


@click.command("new", short_help="Start a package for a store, home or lake")
@click.argument("kind", type=click.Choice(get_args(Kind)))
@click.argument("name")
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Where to put the package; else a new folder here, named like it.",
)
@click.option("--author", metavar="NAME", help="Who is named in pyproject.toml and in the licence.")
@speaking
@click.pass_context
def command(ctx: click.Context, *, kind: Kind, name: str, into: Path | None, author: str | None) -> None:
    """Start a package that brings a store, a home or a lake called NAME.

    It is whole: typed settings, a small real implementation to replace part by part, a
    README, tests that hold it to every promise, and a workflow for CI. It passes them as it
    is; nothing that exists is overwritten.

    A store is for whatever can show a commit in one step, such as a database. A lake is for
    files in a place of their own; staging, commits and recovery are then hygge's. A home is
    where tables come from.
    """
    from hygge_core.scaffold.rendering import render
    from hygge_core.scaffold.writing import write

    naming = named(kind, name)
    place = into if into is not None else Path(naming.distribution)
    texts = render(naming, author if author is not None else f"The developers of {naming.distribution}")
    write(place.absolute(), texts)
    _tell(ctx.ensure_object(Session), naming, place, texts)


def _tell(session: Session, naming: Naming, place: Path, files: Iterable[str]) -> None:
    steps = [f"cd {place}", 'pip install -e ".[testing]"', f"hygge conformance {naming.distribution}"]
    if session.output == "json":
        path, distribution = str(place.absolute()), naming.distribution
        session.event("package.created", path=path, distribution=distribution, files=list(files), next=steps)
        return
    session.say(f"{session.out.glyph('🧶 ', '')}A new package, {naming.distribution}: {place.absolute()}")
    for file in files:
        session.say(f"  {file}")
    session.say("Next steps:")
    for step in steps:
        session.say(f"  {step}")
