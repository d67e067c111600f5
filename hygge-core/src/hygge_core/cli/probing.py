"""Examining what a project reaches, without changing anything."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import frozen

from hygge_core.commit import Table
from hygge_core.errors import HyggeError
from hygge_core.home import Finding, Probes, ReadRequest


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from hygge_core.config.model import EntityConfig, Project
    from hygge_core.engine.opened import Opened
    from hygge_core.home import Home
    from hygge_core.store import Store


T = TypeVar("T")


@frozen(kw_only=True)
class Examined:
    """One finding and what it is about: ``flow.entity home`` or ``connection erp``."""

    about: str
    finding: Finding


def examine(project: Project, entities: Sequence[EntityConfig], opened: Opened) -> Iterator[Examined]:
    """Examine every connection, then the home and the store of every entity.

    What can examine itself (`Probes`) does; of the rest it is tried whether they open.
    Never raises for what it finds.
    """
    for connection in project.connections:
        findings = _probe(partial(opened.get, connection.name), (connection.name,), _it_opens)
        yield from _about(f"connection {connection.name}", findings)
    for entity in entities:
        names = (entity.name, entity.flow)
        at_home = _probe(partial(opened.home, entity.home), names, _home(entity))
        yield from _about(f"{entity.path} home", at_home)
        in_store = _probe(partial(opened.store, entity.store), names, _store(entity))
        yield from _about(f"{entity.path} store", in_store)


def _about(about: str, findings: Iterable[Finding]) -> Iterator[Examined]:
    for finding in findings:
        yield Examined(about=about, finding=finding)


def _probe(opening: Callable[[], T], names: tuple[str, ...], otherwise: Callable[[T], Finding]) -> list[Finding]:
    """Ask the thing itself, or else try it; whatever it raises is a finding too."""
    try:
        thing = opening()
        return list(thing.probe(*names)) if isinstance(thing, Probes) else [otherwise(thing)]
    except HyggeError as error:
        what = f"{error.where}: {error.what}" if error.where else error.what
        return [Finding(probe="open", ok=False, what=what, fix=error.fix)]
    except Exception as error:  # noqa: BLE001 - a plugin may raise anything, and the others are examined all the same
        what = f"{type(error).__name__}: {error}"
        return [Finding(probe="open", ok=False, what=what, fix="this is a fault of the plugin; see --debug")]


def _it_opens(thing: Any) -> Finding:  # noqa: ARG001 - that it is there is the finding
    return Finding(probe="open", ok=True, what="opens")


def _home(entity: EntityConfig) -> Callable[[Home], Finding]:
    """Open one reading and close it again before the first row."""

    def read(home: Home) -> Finding:
        request = ReadRequest(entity=entity.name, flow=entity.flow)
        reading = home.read(request)
        try:
            number = len(reading.schema)
        finally:
            reading.close()
        return Finding(probe="read", ok=True, what=f"{home.locate(request)} has {number:,} columns")

    return read


def _store(entity: EntityConfig) -> Callable[[Store], Finding]:
    def locate(store: Store) -> Finding:
        return Finding(probe="locate", ok=True, what=store.locate(Table(name=entity.name, flow=entity.flow)))

    return locate
