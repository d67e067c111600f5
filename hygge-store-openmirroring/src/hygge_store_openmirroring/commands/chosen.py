"""The tables of a project that a command is about, and the mirrored database that they are published into."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from attrs import frozen

from hygge_core.errors import UsageError
from hygge_core.template import fill
from hygge_store_openmirroring.config import OpenMirroringConfig
from hygge_store_openmirroring.landing_zone import TableName


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from hygge_core.cli.session import Session
    from hygge_core.config.model import EntityConfig, Project
    from hygge_core.plugins import Plugins
    from hygge_store_openmirroring.opening import MirrorPlace


@frozen(kw_only=True)
class Chosen:
    """Entities of one flow that are published into one landing zone; ``settings`` are those of the first's store."""

    project: Project
    plugins: Plugins
    entities: tuple[EntityConfig, ...]
    settings: OpenMirroringConfig

    @property
    def tables(self) -> dict[TableName, str]:
        """The mirrored tables, each with the entity that it comes from."""
        return {_table(entity): entity.path for entity in self.entities}


def chosen_of(session: Session, name: str, project: Path | None, variables: Sequence[str]) -> Chosen:
    """Load the project and choose a flow, or entities as FLOW.ENTITY.

    Raises `UsageError` for a name that is neither, and for tables that do not share a landing zone.
    """
    from hygge_core.cli.loading import open_project
    from hygge_core.cli.logs import configure_logs
    from hygge_core.cli.selection import select

    config, plugins = open_project(session, project, variables)
    configure_logs(session)
    flows = {flow.name for flow in config.flows}
    entities = select(config, (name,), ()) if name in flows or "." not in name else select(config, (), (name,))
    stores = [entity.store.value for entity in entities]
    others = [entity.path for entity in entities if not isinstance(entity.store.value, OpenMirroringConfig)]
    if others or not stores:
        fix = 'name a flow whose store has type = "open_mirroring"'
        raise UsageError("is not published into a landing zone", where=", ".join(others) or name, fix=fix)
    if len({_zone(settings) for settings in stores}) > 1:
        raise UsageError("has several landing zones", where=name, fix="name one table, as FLOW.ENTITY")
    return Chosen(project=config, plugins=plugins, entities=entities, settings=stores[0])


@contextmanager
def opened_place(chosen: Chosen) -> Iterator[MirrorPlace]:
    """Open the landing zone of the chosen tables for as long as a context lasts."""
    from hygge_core.engine.opened import Opened
    from hygge_store_openmirroring.opening import open_place

    with Opened.to_look(chosen.project, chosen.plugins) as opened:
        place = open_place(chosen.settings, opened.context())
        try:
            yield place
        finally:
            place.close()


def _table(entity: EntityConfig) -> TableName:
    settings: OpenMirroringConfig = entity.store.value
    return TableName(settings.schema, fill(settings.table, entity=entity.name, flow=entity.flow))


def _zone(settings: OpenMirroringConfig) -> tuple[str | None, ...]:
    return settings.landing_zone, settings.connection, settings.workspace, settings.mirror
