"""Homes, stores and connections of a run: opened when first needed, shared where settings are equal."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define, field, frozen

from hygge_core.errors import HyggeError, PluginError, UsageError
from hygge_core.plugin import Context, ignore_retry


if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

    from hygge_core.config.model import ConnectionConfig, HomeConfig, Project, StoreConfig
    from hygge_core.home import Connection, Home
    from hygge_core.plugin import Retried
    from hygge_core.plugins import Plugins
    from hygge_core.plugins.kinds import KindName
    from hygge_core.store import Store


T = TypeVar("T")
_TO_LOOK = 64 << 20  # bytes, enough for anything that is opened only to look at it


@frozen
class _Settings:
    """What makes two openings the same: the kind of thing, its type and its settings."""

    kind: KindName
    name: str
    value: Any


@define
class Opened:
    """Opens things of a project once; a context manager that closes them all, in reverse order."""

    project: Path
    connections: tuple[ConnectionConfig, ...]
    plugins: Plugins
    memory: int
    retried: Retried = ignore_retry
    pause: Callable[[float], None] = time.sleep
    _things: list[tuple[_Settings, Any]] = field(factory=list)
    _mutex: threading.RLock = field(factory=threading.RLock)
    _closing: ExitStack = field(factory=ExitStack)

    @classmethod
    def to_look(cls, project: Project, plugins: Plugins) -> Self:
        """Open what a command needs of a project that moves no rows."""
        return cls(project.root, project.connections, plugins, _TO_LOOK)

    def home(self, config: HomeConfig) -> Home:
        """Open the home, or return the one that is open. Raises `HyggeError`."""
        settings = _Settings("home", config.type.name, config.value)
        home: Home = self._once(settings, lambda: config.type.open(config.value, self.context()))
        return home

    def store(self, config: StoreConfig) -> Store:
        """Open the store, or return the one that is open. Raises `HyggeError`."""
        settings = _Settings("store", config.type.name, config.value)
        store: Store = self._once(settings, lambda: config.type.open(config.value, self.context()))
        return store

    def stores(self) -> tuple[Store, ...]:
        """Return the stores that are open."""
        with self._mutex:
            return tuple(thing for settings, thing in self._things if settings.kind == "store")

    def get(self, name: str) -> Connection:
        """Open the connection of that name, or return the one that is open."""
        config = next((known for known in self.connections if known.name == name), None)
        if config is None:
            known = ", ".join(sorted(connection.name for connection in self.connections)) or "none"
            raise UsageError(
                f"there is no connection {name!r}", fix=f"add [connections.{name}] to hygge.toml (there are: {known})"
            )
        settings = _Settings("connection", config.type.name, (name, config.value))
        connection: Connection = self._once(settings, lambda: config.type.open(config.value, self.context()))
        return connection

    def _once(self, settings: _Settings, make: Callable[[], T]) -> T:
        with self._mutex:
            for known, thing in self._things:
                if known == settings:
                    same: T = thing
                    return same
            opened = self._open(settings, make)
            self._things.append((settings, opened))
            self._closing.callback(opened.close)  # type: ignore[attr-defined] # homes, stores and connections close
            return opened

    def _open(self, settings: _Settings, make: Callable[[], T]) -> T:
        try:
            return make()
        except HyggeError:
            raise
        except Exception as error:
            raise PluginError(
                f"could not be opened: {type(error).__name__}: {error}",
                where=f"{settings.kind} {settings.name} ({self.plugins.provider(settings.kind, settings.name)})",
                fix="if a package is missing, install it; otherwise this is a fault of the plugin",
            ) from error

    def context(self) -> Context:
        """Return what everything that is opened here shares."""
        import structlog

        return Context(
            project=self.project,
            connections=self,
            memory=self.memory,
            log=structlog.get_logger("hygge"),
            retried=self.retried,
            pause=self.pause,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._closing.__exit__(kind, error, traceback)
