"""Names of flows and entities for shell completion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core.errors import HyggeError


if TYPE_CHECKING:
    from collections.abc import Iterable

    import click

    from hygge_core.config.model import Project


def complete_flows(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Offer the flows of the project at hand."""
    project = _project(ctx)
    return _fitting((flow.name for flow in project.flows), incomplete) if project else []


def complete_entities(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Offer the entities of the project at hand."""
    project = _project(ctx)
    return _fitting((entity.path for entity in project.entities), incomplete) if project else []


def _fitting(names: Iterable[str], incomplete: str) -> list[str]:
    """Continue the last of several names that commas join."""
    head, comma, last = incomplete.rpartition(",")
    return [f"{head}{comma}{name}" for name in names if name.startswith(last)]


def _project(ctx: click.Context) -> Project | None:
    """Load the project; a broken one has nothing to offer, and a prompt is no place for errors."""
    from hygge_core.cli.loading import open_project
    from hygge_core.cli.session import Session
    from hygge_core.cli.streams import Steady

    try:
        return open_project(Session(err=Steady(None)), ctx.params.get("project"), ())[0]
    except HyggeError:
        return None
