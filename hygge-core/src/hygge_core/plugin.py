"""What a plugin yields from its hooks: small frozen objects that name a thing and how to open it.

A plugin module imports this and its own configuration, nothing heavy; ``open`` does the
heavy imports when a run needs them.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any, Protocol

from attrs import field, frozen, has


if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import click
    from attrs import Attribute

    from hygge_core.home import Connection, Connections, Home
    from hygge_core.store import Store


_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_WORD = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def _valid_name(_: object, attribute: Attribute[str], value: str) -> None:
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        message = f"{attribute.name} must be lower case words joined by '_', like 'open_mirroring', not {value!r}"
        raise ValueError(message)


def _attrs_class(_: object, attribute: Attribute[type], value: type) -> None:
    if not (isinstance(value, type) and has(value)):
        message = f"{attribute.name} must be a class made with attrs, not {value!r}"
        raise TypeError(message)


def _valid_command(_: object, attribute: Attribute[str], value: str) -> None:
    if not isinstance(value, str) or not _WORD.fullmatch(value):
        message = f"{attribute.name} must be lower case words joined by '-', like 'dust' or 'dust-off', not {value!r}"
        raise ValueError(message)


def _callable(_: object, attribute: Attribute[Any], value: Any) -> None:
    if not callable(value):
        message = f"{attribute.name} must be a function, not {value!r}"
        raise TypeError(message)


def _one_line(_: object, attribute: Attribute[str], value: str) -> None:
    if not isinstance(value, str) or len(value.splitlines()) > 1:
        message = f"{attribute.name} must be one line of text, not {value!r}"
        raise ValueError(message)


class Retried(Protocol):
    """Is told of each request that is made again by itself, so that the run can report it. Never raises."""

    def __call__(self, where: str, why: str, seconds: float) -> None:
        """Take note of one repetition: of what, after which fault, and after waiting how long."""
        ...


def ignore_retry(where: str, why: str, seconds: float) -> None:
    """Take no note of a repetition, where there is no run to report it."""


@frozen(kw_only=True)
class Context:
    """What a home, store or connection may share when it is opened.

    ``project`` is the folder that relative paths start from, ``connections`` gives named
    connections, ``memory`` is the budget in bytes for everything one table run buffers,
    ``log`` takes structured events (a structlog logger), ``retried`` is told of requests that are made again.
    ``pause`` lets seconds pass while other tables work in this one's slot; it raises `Interrupted` when the
    run is to stop.  Call it, on the thread that the engine called on, wherever there is nothing to do but wait.
    """

    project: Path
    connections: Connections
    memory: int
    log: Any
    retried: Retried = ignore_retry
    pause: Callable[[float], None] = time.sleep


@frozen(kw_only=True)
class HomeType:
    """A kind of home, as named by ``type`` in a flow.

    ``config`` is an attrs class whose attributes are the keys of the ``home`` table, and
    ``open`` turns a value of it into a `Home`.
    """

    name: str = field(validator=_valid_name)
    config: type[Any] = field(validator=_attrs_class)
    open: Callable[[Any, Context], Home] = field(validator=_callable)
    summary: str = field(default="", validator=_one_line)


@frozen(kw_only=True)
class StoreType:
    """A kind of store, as named by ``type`` in a flow.

    ``config`` is an attrs class whose attributes are the keys of the ``store`` table, and
    ``open`` turns a value of it into a `Store`.
    """

    name: str = field(validator=_valid_name)
    config: type[Any] = field(validator=_attrs_class)
    open: Callable[[Any, Context], Store] = field(validator=_callable)
    summary: str = field(default="", validator=_one_line)


@frozen(kw_only=True)
class ConnectionType:
    """A kind of connection, as named by ``type`` in a ``[connections.<name>]`` table.

    A connection is opened once per run, when a home or store first asks for it, and
    shared by all that name it; it must be safe to use from many threads.
    """

    name: str = field(validator=_valid_name)
    config: type[Any] = field(validator=_attrs_class)
    open: Callable[[Any, Context], Connection] = field(validator=_callable)
    summary: str = field(default="", validator=_one_line)


@frozen(kw_only=True)
class Command:
    """A command of ``hygge``; ``load`` imports it, and is called only when the command is."""

    name: str = field(validator=_valid_command)
    load: Callable[[], click.Command] = field(validator=_callable)
    summary: str = field(default="", validator=_one_line)
