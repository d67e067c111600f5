"""The kinds of named things that plugins bring, and the hook that each is asked for with."""

from __future__ import annotations

from typing import Generic, Literal, TypeVar

from attrs import frozen

from hygge_core.plugin import Command, ConnectionType, HomeType, StoreType


T = TypeVar("T", HomeType, StoreType, ConnectionType, Command)

KindName = Literal["home", "store", "connection", "command"]

BUILT_IN_COMMANDS = frozenset(
    {
        "completion",
        "conformance",
        "debug",
        "go",
        "init",
        "journal",
        "migrate",
        "new",
        "plan",
        "plugins",
        "schema",
        "verify",
    }
)
"""Names of commands that no plugin can take, those of design and those to come."""


@frozen(kw_only=True)
class Kind(Generic[T]):
    """A kind of thing: what it is called, what it must be, and which names are taken beforehand."""

    name: KindName
    hook: str
    type: type[T]
    reserved: frozenset[str] = frozenset()


HOME = Kind(name="home", hook="hygge_homes", type=HomeType)
STORE = Kind(name="store", hook="hygge_stores", type=StoreType)
CONNECTION = Kind(name="connection", hook="hygge_connections", type=ConnectionType)
COMMAND = Kind(name="command", hook="hygge_commands", type=Command, reserved=BUILT_IN_COMMANDS)
