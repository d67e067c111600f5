"""The plugins that are installed, as the rest of hygge sees them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from hygge_core.errors import PluginError
from hygge_core.plugins.calling import Tracer
from hygge_core.plugins.catalogue import catalogue
from hygge_core.plugins.discovery import discover
from hygge_core.plugins.kinds import COMMAND, CONNECTION, HOME, STORE
from hygge_core.plugins.loading import load_plugin
from hygge_core.plugins.observers import ask, tell
from hygge_core.plugins.remarks import remarks
from hygge_core.plugins.screening import screen
from hygge_core.plugins.switches import STRICT, TRACE, disabled_names, is_on


if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from importlib.metadata import EntryPoint

    import polars as pl

    from hygge_core.commit import CommitRecord, Receipt, Staged, TableRun
    from hygge_core.plugin import Command, ConnectionType, HomeType, StoreType
    from hygge_core.plugins.catalogue import Catalogue
    from hygge_core.plugins.hooks import Implementation
    from hygge_core.plugins.kinds import KindName
    from hygge_core.plugins.loading import Loaded
    from hygge_core.plugins.status import PluginStatus, Source


@frozen(kw_only=True)
class Plugins:
    """All installed plugins: what they bring by name, and how each fares.

    Made by `load` once per process.  Nothing here is imported by type; a broken plugin
    is a line in ``statuses`` and an error only where something it brings is asked for.
    ``warnings`` are about disabled names: one that does not exist, or that disables more than one distribution.
    """

    statuses: tuple[PluginStatus, ...]
    warnings: tuple[str, ...] = ()
    _homes: Catalogue[HomeType]
    _stores: Catalogue[StoreType]
    _connections: Catalogue[ConnectionType]
    _commands: Catalogue[Command]
    _observers: tuple[Implementation, ...] = field(repr=False)
    _tracer: Tracer

    @classmethod
    def load(
        cls,
        *,
        disabled: Collection[str] = (),
        environ: Mapping[str, str] = os.environ,
        entry_points: Iterable[EntryPoint] | None = None,
    ) -> Plugins:
        """Find, screen and import the plugins, in a fixed order whatever the order of installation.

        ``disabled`` is ``[options] disable_plugins``; see `hygge_core.plugins.switches` for
        the environment.  Pass ``entry_points`` to look at these and not at what is installed.
        Raises `PluginError` only with ``HYGGE_STRICT_PLUGINS``, when any plugin is faulty.
        """
        tracer = Tracer(on=is_on(environ, TRACE))
        off = disabled_names(disabled, environ)
        screened = screen(discover(entry_points), off)
        loaded = tuple(load_plugin(candidate, tracer=tracer) for candidate in screened.admitted)
        plugins = _assemble(loaded, screened.turned_away, off, tracer)
        if is_on(environ, STRICT):
            plugins.require_sound()
        return plugins

    @property
    def homes(self) -> Mapping[str, HomeType]:
        """The kinds of homes that can be used, by name."""
        return self._homes.usable

    @property
    def stores(self) -> Mapping[str, StoreType]:
        """The kinds of stores that can be used, by name."""
        return self._stores.usable

    @property
    def connections(self) -> Mapping[str, ConnectionType]:
        """The kinds of connections that can be used, by name."""
        return self._connections.usable

    @property
    def commands(self) -> Mapping[str, Command]:
        """The commands that stand beside the built-in ones, by name."""
        return self._commands.usable

    def home(self, name: str) -> HomeType:
        """Return the kind of home. Raises `PluginError` that says why there is none, or who disputes the name."""
        return self._homes.find(name, self.statuses)

    def store(self, name: str) -> StoreType:
        """Return the kind of store. Raises `PluginError` like `home`."""
        return self._stores.find(name, self.statuses)

    def connection(self, name: str) -> ConnectionType:
        """Return the kind of connection. Raises `PluginError` like `home`."""
        return self._connections.find(name, self.statuses)

    def command(self, name: str) -> Command:
        """Return the command. Raises `PluginError` like `home`."""
        return self._commands.find(name, self.statuses)

    def provider(self, kind: KindName, name: str) -> Source:
        """Return who brings a thing that can be used. Raises `PluginError` like `home`."""
        kinds: Mapping[KindName, Catalogue[Any]] = {
            "home": self._homes,
            "store": self._stores,
            "connection": self._connections,
            "command": self._commands,
        }
        return kinds[kind].provider(name, self.statuses)

    def before_commit(
        self,
        run: TableRun,
        staged: Staged,
        *,
        rows: Callable[[], pl.LazyFrame] | None = None,
        last: CommitRecord | None = None,
    ) -> None:
        """Ask every gate, in the order of their sources. Raises `CommitRefused` of the first that refuses or fails.

        ``rows`` shows the rows that the run brings, ``last`` is the table's commit before this one.
        """
        values = {"run": run, "staged": staged, "rows": rows, "last": last}
        ask(self._of("hygge_before_commit"), run, values, tracer=self._tracer)

    def after_commit(self, run: TableRun, receipt: Receipt) -> tuple[str, ...]:
        """Tell every listener of a commit, and return one warning for each that fails."""
        return tuple(tell(self._of("hygge_after_commit"), {"run": run, "receipt": receipt}, tracer=self._tracer))

    def after_abort(self, run: TableRun, error: BaseException) -> tuple[str, ...]:
        """Tell every listener of a table run that failed, and return one warning for each that fails."""
        return tuple(tell(self._of("hygge_after_abort"), {"run": run, "error": error}, tracer=self._tracer))

    def require_sound(self) -> None:
        """Raise `PluginError` that names every faulty plugin, if there is any."""
        faulty = [status for status in self.statuses if status.faulty]
        if faulty:
            listed = "; ".join(f"{status.source}: {status.problem}" for status in faulty)
            fixes = dict.fromkeys(status.fix for status in faulty)
            raise PluginError(f"faulty plugins, and {STRICT} is set: {listed}", fix="; ".join(fixes))

    def _of(self, hook: str) -> tuple[Implementation, ...]:
        return tuple(observer for observer in self._observers if observer.hook == hook)


def _assemble(
    loaded: tuple[Loaded, ...], turned_away: tuple[PluginStatus, ...], disabled: Mapping[str, str], tracer: Tracer
) -> Plugins:
    homes, stores = catalogue(HOME, loaded), catalogue(STORE, loaded)
    connections, commands = catalogue(CONNECTION, loaded), catalogue(COMMAND, loaded)
    named = (homes, stores, connections, commands)
    statuses = (*(_with_clashes(plugin.status, named) for plugin in loaded), *turned_away)
    by_source = tuple(sorted(statuses, key=lambda status: status.source))
    return Plugins(
        statuses=by_source,
        warnings=tuple(remarks(disabled, by_source)),
        homes=homes,
        stores=stores,
        connections=connections,
        commands=commands,
        observers=tuple(observer for plugin in loaded for observer in plugin.observers),
        tracer=tracer,
    )


def _with_clashes(status: PluginStatus, named: Iterable[Catalogue[Any]]) -> PluginStatus:
    clashes = (fault for catalogue_ in named for fault in catalogue_.faults_of(status.source))
    return evolve(status, faults=(*status.faults, *clashes))
