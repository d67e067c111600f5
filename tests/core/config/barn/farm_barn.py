# ruff: noqa: TC001, TC003 - the annotations are resolved at run time
"""A plugin whose settings use every type that a configuration class may."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from enum import Enum, IntEnum, StrEnum
from pathlib import Path
from typing import Any, Literal, NewType

from attrs import field, frozen, validators

from hygge_core import ConnectionType, HomeType, Secret, StoreType, hookimpl
from hygge_core.config import ByteSize, Duration


Shelf = NewType("Shelf", str)


class Season(Enum):
    WINTER = "winter"
    SUMMER = "summer"


class Floor(IntEnum):
    GROUND = 0
    FIRST = 1


class Wood(StrEnum):
    OAK = "oak"
    PINE = "pine"


@frozen(kw_only=True)
class Bar:
    """One bar of a gate."""

    width: int = field(validator=validators.ge(1))
    label: str = ""


@frozen(kw_only=True)
class Gate:
    latch: str
    bars: tuple[Bar, ...] = ()


def _lower(_, attribute, value):
    if value != value.lower():
        message = f"{attribute.name} must be lower case, not {value!r}"
        raise ValueError(message)


@frozen(kw_only=True)
class BarnConfig:
    """The keys of a home of type ``barn``.

    Nobody needs all of them.
    """

    path: str = field(validator=validators.min_len(1), metadata={"doc": "Where the barn stands"})
    rows: int = field(default=100, validator=[validators.ge(1), validators.le(1000)])
    ratio: float = 0.5
    scale: float = float("inf")
    header: bool = True
    mode: Literal["fast", "slow"] = "fast"
    level: Literal[1, 2, True] | None = None
    season: Season = Season.WINTER
    floor: Floor = Floor.GROUND
    wood: Wood = Wood.OAK
    shelf: Shelf = Shelf("top")
    sheets: tuple[str, ...] = ()
    names: list[str] = field(factory=list)
    tags: frozenset[str] = frozenset()
    order: Sequence[int] = ()
    window: tuple[int, int] | None = None
    columns: dict[str, str] = field(factory=dict)
    weights: Mapping[str, float] = field(factory=dict)
    anything: Any = None
    scratch: Path | None = None
    since: date | None = None
    at: datetime | None = None
    daily: time | None = None
    wait: Duration | None = None
    buffer: ByteSize | None = field(default=None, validator=validators.optional(validators.ge(1024)))
    key: Secret | None = None
    keys: tuple[Secret, ...] = ()
    gate: Gate | None = None
    either: int | tuple[str, ...] = 0
    word: str = field(default="", validator=_lower)
    low: int = 0
    high: int = field(default=10)
    _hidden: int = 0
    shout: str = field(default="", converter=str.upper, validator=validators.max_len(5))

    @high.validator
    def _above_low(self, _, value):
        if value <= self.low:
            message = f"high must be above low, but {value} is not above {self.low}"
            raise ValueError(message)

    def __attrs_post_init__(self):
        if self.word and self.word == self.path:
            message = f"word and path are both {self.path!r}"
            raise ValueError(message)


@frozen(kw_only=True)
class LoftConfig:
    path: str
    labels: tuple[str, ...] = ()
    file_size: ByteSize = 128 << 20
    compression: Literal["snappy", "zstd"] = "snappy"


@frozen(kw_only=True)
class CloudConfig:
    account: str
    table: str = "{entity}"
    key: Secret = field(validator=validators.instance_of(Secret))

    @key.validator
    def _not_short(self, attribute, value):
        if len(value.reveal()) < 3:
            message = f"{attribute.name} {value.reveal()} is too short"
            raise ValueError(message)


@frozen(kw_only=True)
class PlainConfig:
    """A store that needs no settings."""


@frozen(kw_only=True)
class RopeConfig:
    server: str
    port: int = field(default=1433, validator=validators.in_(range(1, 65536)))
    password: Secret | None = None


@frozen(kw_only=True)
class UntypedConfig:
    path = field()
    rows = field(default=1, validator=validators.ge(1))


@frozen(kw_only=True)
class UnreadableConfig:
    callback: complex


@frozen(kw_only=True)
class UnresolvableConfig:
    path: Missing  # noqa: F821


def open_it(config, context):
    raise NotImplementedError


@hookimpl
def hygge_homes():
    yield HomeType(name="barn", config=BarnConfig, open=open_it, summary="Sheaves and hay")
    yield HomeType(name="pond", config=PlainConfig, open=open_it)
    yield HomeType(name="untyped", config=UntypedConfig, open=open_it)
    yield HomeType(name="unreadable", config=UnreadableConfig, open=open_it)
    yield HomeType(name="unresolvable", config=UnresolvableConfig, open=open_it)


@hookimpl
def hygge_stores():
    yield StoreType(name="loft", config=LoftConfig, open=open_it, summary="Under the roof")
    yield StoreType(name="cloud", config=CloudConfig, open=open_it)
    yield StoreType(name="plain", config=PlainConfig, open=open_it)


@hookimpl
def hygge_connections():
    yield ConnectionType(name="rope", config=RopeConfig, open=open_it)
