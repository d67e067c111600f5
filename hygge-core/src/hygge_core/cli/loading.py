"""Opening the project that a command is about."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from hygge_core.errors import HyggeError, UsageError


if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygge_core.cli.session import Session
    from hygge_core.config.model import Project
    from hygge_core.plugins import Plugins


def open_project(session: Session, place: Path | None, variables: Sequence[str]) -> tuple[Project, Plugins]:
    """Load plugins and the project, and let the session hide what the project calls sensitive.

    Raises `UsageError` when there is no project and `ConfigError` when it cannot be used.
    """
    from hygge_core.cli.redaction import Redactor
    from hygge_core.config import disabled_plugins, load_project
    from hygge_core.plugins import Plugins

    file = project_file(place)
    plugins = Plugins.load(disabled=disabled_plugins(file), environ=os.environ)
    session.plugins = plugins
    _warn_of_plugins(session, plugins)
    project = load_project(file, plugins=plugins, environ=os.environ, variables=variables)
    session.redactor = Redactor(project.sensitive)
    return project, plugins


def project_file(place: Path | None) -> Path:
    """Find ``hygge.toml``: at the given place and nowhere else, or from here upwards."""
    from hygge_core.config import find_project

    if place is None:
        return find_project(Path.cwd())
    file = place / "hygge.toml" if place.is_dir() else place
    if not file.is_file():
        raise UsageError("there is no such project file", where=str(file), fix="see --project, or run `hygge init`")
    return file.absolute()


def installed_plugins(session: Session) -> Plugins:
    """Load the plugins once, leaving out those that the project at hand disables."""
    from hygge_core.plugins import Plugins

    if session.plugins is None:
        session.plugins = Plugins.load(disabled=_disabled_here(), environ=os.environ)
    return session.plugins


def _warn_of_plugins(session: Session, plugins: Plugins) -> None:
    for text in (
        *plugins.warnings,
        *(f"plugin {s.source}: {s.problem}; {s.fix}" for s in plugins.statuses if s.faulty),
    ):
        session.warn(text)


def _disabled_here() -> tuple[str, ...]:
    from hygge_core.config import disabled_plugins

    try:
        return disabled_plugins(project_file(None))
    except HyggeError:
        return ()  # outside of a project nothing is disabled
