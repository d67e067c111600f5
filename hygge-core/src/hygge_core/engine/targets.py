"""Making sure that no two entities settle in the same place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hygge_core.commit import Table
from hygge_core.errors import ConfigError, HyggeError, Problem


if TYPE_CHECKING:
    from collections.abc import Iterable

    from hygge_core.config.model import EntityConfig
    from hygge_core.engine.opened import Opened


def refuse_shared_targets(opened: Opened, entities: Iterable[EntityConfig]) -> None:
    """Raise `ConfigError` naming every pair of entities whose tables are one place.

    Upper and lower case count as one, because they are on the disks of Windows and macOS.
    An entity whose store cannot be opened is left for its own table run to report.
    """
    seen: dict[tuple[str, str], EntityConfig] = {}
    problems = []
    for entity in entities:
        target = _target(opened, entity)
        if target is None:
            continue
        other = seen.setdefault((entity.store.type.name, target.casefold()), entity)
        if other is not entity:
            problems.append(
                Problem(
                    file=entity.file,
                    line=entity.line,
                    key=entity.path,
                    what=f"would settle in the same place as {other.path}: {target}",
                    fix="put {entity} or {flow} into the store's path, or give one of them a path of its own",
                )
            )
    if problems:
        raise ConfigError(problems)


def refuse_targets_at_journal(opened: Opened, entities: Iterable[EntityConfig], journal: str) -> None:
    """Raise `ConfigError` naming every entity whose readers would come upon the journal, or that lies within it."""
    problems = [
        Problem(
            file=entity.file,
            line=entity.line,
            key=entity.path,
            what=f"would settle where the project's journal is: {target}",
            fix="give the table, or [options] journal, a folder of its own",
        )
        for entity in entities
        if (target := _target(opened, entity)) and _overlap(journal, target)
    ]
    if problems:
        raise ConfigError(problems)


def _overlap(journal: str, target: str) -> bool:
    """Tell whether one place lies within the other, both as their lakes write them."""
    one, other = _steps(journal), _steps(target)
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def _steps(place: str) -> tuple[str, ...]:
    """Take a place apart: the path of this machine that is meant, or the address of a lake."""
    return Path(place).resolve().parts if Path(place).is_absolute() else tuple(place.rstrip("/").split("/"))


def _target(opened: Opened, entity: EntityConfig) -> str | None:
    try:
        return opened.store(entity.store).locate(Table(name=entity.name, flow=entity.flow))
    except HyggeError:
        return None
