"""The hooks of hygge: reading this file from top to bottom is the plugin author's manual.

A plugin is a module named by an entry point in the group ``hygge``.  It implements any of
these hooks as functions marked with ``hookimpl`` and imports nothing heavy.  Hooks find
things and tell things; rows never pass through one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import polars as pl

    from hygge_core.commit import CommitRecord, Receipt, Staged, TableRun
    from hygge_core.plugin import Command, ConnectionType, HomeType, StoreType


PROJECT = "hygge"
"""The name of pluggy's project and of the entry-point group."""

API = 1
"""The number of the plugin API. Plugins made for number N > 1 register in the entry-point group ``hygge.vN``."""

CONFORMANCE = "hygge.conformance"
"""The entry-point group in which a distribution names the module with its subclasses of the kit's contracts."""

_hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
"""Marks a function of a plugin module as the implementation of the hook of that name."""


class HomeSpecs:
    """Where tables come from."""

    @_hookspec
    def hygge_homes(self) -> Iterable[HomeType]:
        """Yield the kinds of homes that this plugin brings.

        Called once in a process, when a command needs to know what is there.  What it yields is collected to
        the end first: a plugin whose hook raises, or yields anything else, is broken, brings nothing, and is
        named by whatever needs it.  Two plugins that bring one name both lose it.  An example that runs as it is:

        >>> from attrs import frozen
        >>> from hygge_core import HomeType, hookimpl
        >>>
        >>> @frozen(kw_only=True)
        ... class CellarConfig:
        ...     shelf: str
        >>>
        >>> def open_cellar(config, context):
        ...     from acme_cellar.home import Cellar  # the heavy import waits until here
        ...
        ...     return Cellar(config.shelf)
        >>>
        >>> @hookimpl
        ... def hygge_homes():
        ...     yield HomeType(name="cellar", config=CellarConfig, open=open_cellar, summary="Jars on a shelf")
        >>>
        >>> [home.name for home in hygge_homes()]
        ['cellar']
        """
        yield from ()


class StoreSpecs:
    """Where tables settle."""

    @_hookspec
    def hygge_stores(self) -> Iterable[StoreType]:
        """Yield the kinds of stores that this plugin brings.

        Called once, and failures mean the same, as for ``hygge_homes``.

        >>> from attrs import frozen
        >>> from hygge_core import StoreType, hookimpl
        >>>
        >>> @frozen(kw_only=True)
        ... class AtticConfig:
        ...     box: str
        >>>
        >>> def open_attic(config, context):
        ...     from acme_attic.store import Attic
        ...
        ...     return Attic(config.box)
        >>>
        >>> @hookimpl
        ... def hygge_stores():
        ...     yield StoreType(name="attic", config=AtticConfig, open=open_attic, summary="Boxes under the roof")
        >>>
        >>> [store.name for store in hygge_stores()]
        ['attic']
        """
        yield from ()


class ConnectionSpecs:
    """What homes and stores share to reach a server."""

    @_hookspec
    def hygge_connections(self) -> Iterable[ConnectionType]:
        """Yield the kinds of connections that this plugin brings.

        Called once, and failures mean the same, as for ``hygge_homes``.

        >>> from attrs import field, frozen
        >>> from hygge_core import ConnectionType, Secret, hookimpl
        >>>
        >>> @frozen(kw_only=True)
        ... class LadderConfig:
        ...     rungs: int = 12
        ...     key: Secret | None = field(default=None)
        >>>
        >>> def open_ladder(config, context):
        ...     from acme_attic.ladder import Ladder
        ...
        ...     return Ladder(config.rungs)
        >>>
        >>> @hookimpl
        ... def hygge_connections():
        ...     yield ConnectionType(name="ladder", config=LadderConfig, open=open_ladder)
        >>>
        >>> [connection.name for connection in hygge_connections()]
        ['ladder']
        """
        yield from ()


class CommitSpecs:
    """Being asked before a commit and told after it."""

    @_hookspec
    def hygge_before_commit(
        self,
        run: TableRun,
        staged: Staged,
        rows: Callable[[], pl.LazyFrame] | None,
        last: CommitRecord | None,
    ) -> None:
        """Look at the sealed stage and raise `CommitRefused` to keep it from being committed.

        The gate between writing and publishing: rows are durable and counted, and no reader
        sees them.  ``staged`` has the figures and ``last`` those of the commit before, None
        for the first.  ``rows()`` shows the rows that this run brings, lazily and as often
        as it is called; it is None where the stage cannot show them.

        Called for each table with something to commit, after the entity's own checks, in the thread that moves the
        table; several tables may be asked about at once.  Any other error, and any answer but None, also stops the
        commit, as a `CommitRefused` that names the plugin.

        >>> from hygge_core import CommitRefused, hookimpl
        >>>
        >>> @hookimpl
        ... def hygge_before_commit(run, staged):
        ...     if staged.rows < 10:
        ...         raise CommitRefused(f"{staged.rows} rows staged, at least 10 expected", where=run.entity)

        A gate that looks at rows lets Polars stream them, and decides what to do where it cannot:

        >>> import polars as pl
        >>>
        >>> @hookimpl
        ... def hygge_before_commit(run, rows):
        ...     if rows is None:
        ...         raise CommitRefused("this store cannot show its rows before they are visible", where=run.entity)
        ...     below = rows().filter(pl.col("price") < 0).select(pl.len()).collect(engine="streaming").item()
        ...     if below:
        ...         raise CommitRefused(f"{below} prices are negative", where=run.entity)
        >>>
        >>> from types import SimpleNamespace
        >>> frame = pl.LazyFrame({"price": [3, -1, -2]})
        >>> hygge_before_commit(SimpleNamespace(entity="teas"), lambda: frame)
        Traceback (most recent call last):
        ...
        hygge_core.errors.CommitRefused: teas: 2 prices are negative
        """

    @_hookspec
    def hygge_after_commit(self, run: TableRun, receipt: Receipt) -> None:
        """Hear of a commit that readers can see. A failure here is a warning: the rows are there.

        Called once for each commit of this run, in the thread that moved the table.  A commit that the run only
        finished for a killed one is not told.

        >>> from hygge_core import hookimpl
        >>>
        >>> @hookimpl
        ... def hygge_after_commit(run, receipt):
        ...     print(f"{receipt.rows} rows of {run.entity} at {receipt.location}")
        """

    @_hookspec
    def hygge_after_abort(self, run: TableRun, error: BaseException) -> None:
        """Hear of a table run that failed and left its table as it was. A failure here is a warning.

        Called for each attempt that fails, also for one that is then tried again (``run.attempt``), and not for one
        that somebody stopped with Ctrl-C.

        >>> from hygge_core import hookimpl
        >>>
        >>> @hookimpl
        ... def hygge_after_abort(run, error):
        ...     print(f"{run.entity} was not moved: {error}")
        """


class CommandSpecs:
    """More words for the command line."""

    @_hookspec
    def hygge_commands(self) -> Iterable[Command]:
        """Yield commands that stand beside the built-in ones; a built-in name cannot be taken.

        Called once, and failures mean the same, as for ``hygge_homes``; ``load`` only when the
        command itself is called.

        >>> from hygge_core import Command, hookimpl
        >>>
        >>> def load_dust():
        ...     from acme_attic.cli import dust
        ...
        ...     return dust
        >>>
        >>> @hookimpl
        ... def hygge_commands():
        ...     yield Command(name="dust", load=load_dust, summary="Dust the attic")
        >>>
        >>> [command.name for command in hygge_commands()]
        ['dust']
        """
        yield from ()


SPECS = (HomeSpecs, StoreSpecs, ConnectionSpecs, CommitSpecs, CommandSpecs)
"""Every spec class, in the order of a table's way."""
