"""A project as the rest of hygge sees it: complete, typed, frozen, nothing left to look up."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - cattrs resolves the annotations at run time
from typing import TYPE_CHECKING, Any, Literal

from attrs import Factory, field, frozen
from attrs.validators import ge, gt, optional

from hygge_core.checks.config import ChecksConfig  # noqa: TC001 - cattrs resolves the annotations at run time
from hygge_core.config.sizes import ByteSize  # noqa: TC001 - the same
from hygge_core.polish.config import PolishConfig  # noqa: TC001 - the same
from hygge_core.watermark.config import WatermarkConfig  # noqa: TC001 - the same


if TYPE_CHECKING:
    from hygge_core.plugin import ConnectionType, HomeType, StoreType


RunType = Literal["full_drop", "append", "incremental"]
"""``full_drop`` replaces the table, ``append`` adds all that the home holds, ``incremental`` what is new in it."""

Write = Literal["append", "upsert"]
"""How an incremental run writes: ``append`` adds a row for each version, ``upsert`` keeps one row for each key."""

OnDrift = Literal["evolve", "freeze", "warn"]
OnEmpty = Literal["publish", "keep", "fail"]


def _not_empty(_: object, __: object, value: str) -> None:
    if not value:
        raise ValueError("must not be empty")


def _described(text: str) -> dict[str, str]:
    return {"doc": text}


def _relative(_: object, __: object, value: str) -> None:
    if not value or "\\" in value or any(part in ("", ".", "..") for part in value.split("/")):
        raise ValueError("must be a folder below the root, such as 'hygge/journal'")


@frozen(kw_only=True)
class JournalPlace:
    """A journal in a lake: a folder of what a connection leads to."""

    connection: str = field(
        validator=_not_empty, metadata=_described("The connection, by its name in `[connections]`.")
    )
    path: str = field(
        default="hygge/journal", validator=_relative, metadata=_described("The folder, from the root of the lake.")
    )


@frozen(kw_only=True)
class Options:
    """The ``[options]`` table: settings of the whole project.

    ``concurrency`` entities move at once.  ``max_memory`` is in bytes for all of them
    together; None means a fraction of what is free.  ``attempts`` counts the first try.
    ``runs`` is the folder of run reports and ``journal`` that of the journal, beside ``hygge.toml`` or in a lake.
    """

    concurrency: int = field(default=8, validator=ge(1), metadata=_described("How many entities move at once."))
    max_memory: ByteSize | None = field(
        default=None,
        validator=optional(gt(0)),
        metadata=_described("Memory for all entities together; without it, a fraction of what is free."),
    )
    continue_on_error: bool = field(
        default=True, metadata=_described("Whether the other entities still move after one has failed.")
    )
    attempts: int = field(
        default=3,
        validator=ge(1),
        metadata=_described("How often an entity is tried when its home or store drops out; 1 never tries again."),
    )
    runs: str = field(
        default="runs", validator=_not_empty, metadata=_described("The folder of run reports, beside `hygge.toml`.")
    )
    journal: str | JournalPlace = field(
        default="journal",
        validator=_not_empty,
        metadata=_described(
            "The folder of the journal, which remembers every table run, beside `hygge.toml`; or one in a lake."
        ),
    )
    disable_plugins: tuple[str, ...] = field(
        default=(), metadata=_described("Plugins that are not even imported, by distribution or entry point.")
    )


@frozen(kw_only=True)
class HomeConfig:
    """A home type with its settings: ``value`` is an instance of ``type.config`` and does not show in ``repr``."""

    type: HomeType
    value: Any = field(repr=False)


@frozen(kw_only=True)
class StoreConfig:
    """A store type with its settings: ``value`` is an instance of ``type.config`` and does not show in ``repr``."""

    type: StoreType
    value: Any = field(repr=False)


@frozen(kw_only=True)
class ConnectionConfig:
    """A named connection: its type, and its settings, which do not show in ``repr``."""

    name: str
    type: ConnectionType
    value: Any = field(repr=False)


@frozen(kw_only=True)
class ProjectTable:
    """The top of ``hygge.toml`` as it is written; ``flows`` are read one by one."""

    name: str | None = field(
        default=None,
        validator=optional(_not_empty),
        metadata=_described("How the project is called in reports; without it, like its folder."),
    )
    options: Options = field(default=Options(), metadata=_described("Settings of the whole project."))
    connections: dict[str, ConnectionConfig] = field(
        factory=dict, metadata=_described("Ways to servers, by name, that homes and stores share.")
    )
    flows: Any = field(default=None, metadata=_described("Flows, by name."))


@frozen(kw_only=True)
class SoftDeletes:
    """Rows that the source marks as deleted instead of deleting them."""

    soft: str = field(metadata=_described("The home's column that is true, or not 0, for a deleted row."))


@frozen(kw_only=True)
class TableConfig:
    """What a flow may say of all its tables, and an entity of its own."""

    home: HomeConfig = field(metadata=_described("Where the rows come from: `type`, and the keys of that type."))
    store: StoreConfig = field(metadata=_described("Where the rows settle: `type`, and the keys of that type."))
    run_type: RunType = field(
        default="full_drop",
        metadata=_described(
            "`full_drop` replaces the table, `append` adds all that the home holds, `incremental` moves what is new."
        ),
    )
    watermark: WatermarkConfig | None = field(
        default=None, metadata=_described("What an incremental run goes by; a `full_drop` remembers it as well.")
    )
    write: Write = field(
        default="append",
        metadata=_described(
            "How an incremental run writes: `append` adds each version of a row, `upsert` keeps the last."
        ),
    )
    deletes: Literal["key_diff"] | SoftDeletes | None = field(
        default=None,
        metadata=_described("How deleted rows are found: `key_diff` compares all keys, `soft` goes by a column."),
    )
    checks: ChecksConfig | None = field(
        default=None, metadata=_described("What must hold of the staged rows before they are committed.")
    )
    polish: PolishConfig | None = field(default=None, metadata=_described("What happens to the columns on their way."))
    on_drift: OnDrift = field(
        default="evolve", metadata=_described("What to do when the columns differ from the last commit.")
    )
    on_empty: OnEmpty = field(
        default="keep",
        metadata=_described("When the home holds no rows: publish an empty table, keep the old one, or fail."),
    )

    @property
    def follows_changes(self) -> str:
        """How changes are counted that the home's source records itself, as its settings ask; empty for not at all."""
        return str(getattr(self.home.value, "follows_changes", ""))


@frozen(kw_only=True)
class EntityConfig(TableConfig):
    """One table of a flow with everything that the flow and the entity say of it, merged.

    ``{entity}`` and ``{flow}`` in strings of ``home`` and ``store`` are still there: homes
    and stores fill them in, so that entities with equal settings share one of each.
    ``file`` and ``line`` say where the entity is written.
    """

    flow: str
    name: str
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
