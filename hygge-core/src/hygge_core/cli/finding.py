"""``hygge init --from``: a flow for the tables that a connection finds, added to the project that names it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core.cli import figures
from hygge_core.cli.loading import open_project
from hygge_core.cli.proposal import flow_text, how
from hygge_core.errors import HyggeError, UsageError


if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hygge_core.cli.session import Session
    from hygge_core.config.model import ConnectionConfig, Project
    from hygge_core.connection import FoundTable
    from hygge_core.plugins import Plugins


def add_flow(session: Session, place: Path | None, name: str, patterns: Sequence[str], *, force: bool) -> None:
    """Write ``flows/<connection>.toml``. Raises `UsageError`, or what the connection raises."""
    project, plugins = open_project(session, place, ())
    connection = _connection(project, name)
    _demand_home(connection, plugins)
    file = project.root / "flows" / f"{name}.toml"
    _refuse_to_overwrite(project, name, file, force=force)
    found = _found(project, plugins, name, patterns)
    _write(file, flow_text(connection.type.name, name, found))
    open_project(session, project.root, ())  # says what it would say to every other command
    _tell(session, file, found)


def _connection(project: Project, name: str) -> ConnectionConfig:
    found = next((known for known in project.connections if known.name == name), None)
    if found is None:
        known = ", ".join(connection.name for connection in project.connections) or "none"
        what = f"there is no connection {name!r}"
        raise UsageError(what, where="--from", fix=f"add [connections.{name}] to hygge.toml (there are: {known})")
    return found


def _demand_home(connection: ConnectionConfig, plugins: Plugins) -> None:
    """A home reads over a connection of its own name; where there is none, nothing could read what was found."""
    if connection.type.name not in plugins.homes:
        what = f"no home reads over a connection of type {connection.type.name!r}"
        raise UsageError(what, where=f"--from {connection.name}", fix="name the connection of a database")


def _refuse_to_overwrite(project: Project, name: str, file: Path, *, force: bool) -> None:
    inline = next((flow for flow in project.flows if flow.name == name and flow.file == "hygge.toml"), None)
    if inline is not None:
        raise UsageError(f"the flow {name!r} stands in hygge.toml already", where=str(project.root), fix="rename it")
    if file.exists() and not force:
        raise UsageError("is already there", where=str(file), fix="move it away, or overwrite it with --force")


def _found(project: Project, plugins: Plugins, name: str, patterns: Sequence[str]) -> list[FoundTable]:
    from hygge_core.connection import FindsTables
    from hygge_core.engine.opened import Opened

    with Opened.to_look(project, plugins) as opened:
        connection = opened.get(name)
        if not isinstance(connection, FindsTables):
            raise UsageError("this connection cannot list tables", where=f"--from {name}", fix="write the flow by hand")
        found = list(connection.find_tables(patterns))
    if not found:
        what = f"no table fits {', '.join(patterns)}"
        raise UsageError(what, where=f"--from {name}", fix="check --tables, and what the login may see")
    return found


def _write(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise HyggeError(error.strerror or str(error), where=str(file), fix="choose a folder to write to") from error


def _tell(session: Session, file: Path, found: Sequence[FoundTable]) -> None:
    if session.output == "json":
        tables = [{"table": table.table, "rows": table.rows, "how": how(table), "why": table.why} for table in found]
        session.event("flow.created", path=str(file), tables=tables)
        return
    session.say(f"{session.out.glyph('🏡 ', '')}{figures.count(len(found), 'table')} in {file}")
    for table in found:
        session.say(f"  {table.table}: {how(table)}{f' ({table.why})' if table.why else ''}")
    session.say("Next steps:")
    for step in ("hygge plan", "hygge go"):
        session.say(f"  {step}")
