"""A project as the rest of hygge sees it: complete, typed, frozen, nothing left to look up."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - cattrs resolves the annotations at run time
from typing import TYPE_CHECKING, Any, Literal

from attrs import Factory, field, frozen

from hygge_core.polish.config import PolishConfig  # noqa: TC001 - cattrs resolves the annotations at run time


if TYPE_CHECKING:
    from hygge_core.plugin import ConnectionType, HomeType, StoreType


RunType = Literal["full_drop", "append", "incremental"]
"""``full_drop`` replaces the table, ``append`` adds all that the home holds, ``incremental`` what is new in it."""

OnDrift = Literal["evolve", "freeze", "warn"]
OnEmpty = Literal["publish", "keep", "fail"]


@frozen(kw_only=True)
class Options:
    """The ``[options]`` table: settings of the whole project.

    ``concurrency`` entities move at once.  ``max_memory`` is in bytes for all of them
    together; None means a fraction of what is free.  ``attempts`` counts the first try.
    ``runs`` is the folder of run reports, beside ``hygge.toml``.
    """

    concurrency: int = 8
    max_memory: int | None = None
    continue_on_error: bool = True
    attempts: int = 3
    runs: str = "runs"
    disable_plugins: tuple[str, ...] = ()


@frozen(kw_only=True)
class HomeConfig:
    """A home type with its settings: ``value`` is an instance of ``type.config``."""

    type: HomeType
    value: Any


@frozen(kw_only=True)
class StoreConfig:
    """A store type with its settings: ``value`` is an instance of ``type.config``."""

    type: StoreType
    value: Any


@frozen(kw_only=True)
class ConnectionConfig:
    """A named connection: its type and settings."""

    name: str
    type: ConnectionType
    value: Any


@frozen(kw_only=True)
class EntityConfig:
    """One table of a flow with everything that the flow and the entity say of it, merged.

    ``{entity}`` and ``{flow}`` in strings of ``home`` and ``store`` are still there: homes
    and stores fill them in, so that entities with equal settings share one of each.
    ``file`` and ``line`` say where the entity is written.
    """

    flow: str
    name: str
    home: HomeConfig
    store: StoreConfig
    run_type: RunType = "full_drop"
    polish: PolishConfig | None = None
    on_drift: OnDrift = "evolve"
    on_empty: OnEmpty = "keep"
    file: str = ""
    line: int = 0

    @property
    def path(self) -> str:
        """The entity's name in messages and selections: ``flow.entity``."""
        return f"{self.flow}.{self.name}"


@frozen(kw_only=True)
class FlowConfig:
    """One flow and its entities, in the order they are written."""

    name: str
    file: str
    entities: tuple[EntityConfig, ...]


@frozen(kw_only=True)
class Project:
    """A whole project: ``root`` is the folder of ``hygge.toml``.

    ``environment`` names the variables that were expanded; ``sensitive`` holds the texts
    that came from them or from secrets, for the output to hide, and never shows itself.
    """

    name: str
    root: Path
    options: Options = Factory(Options)
    connections: tuple[ConnectionConfig, ...] = ()
    flows: tuple[FlowConfig, ...] = ()
    environment: frozenset[str] = frozenset()
    sensitive: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def entities(self) -> tuple[EntityConfig, ...]:
        """All entities of all flows."""
        return tuple(entity for flow in self.flows for entity in flow.entities)
