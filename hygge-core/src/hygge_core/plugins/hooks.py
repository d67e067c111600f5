"""The hooks of a plugin, found by pluggy; the only module that asks it to."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from attrs import frozen
from pluggy import PluginManager

from hygge_core.hookspecs import PROJECT, SPECS


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hygge_core.plugins.status import Source


def _parameters(spec: Callable[..., Any]) -> tuple[str, ...]:
    return tuple(name for name in inspect.signature(spec).parameters if name != "self")


HOOKS: Mapping[str, tuple[str, ...]] = {
    name: _parameters(function)
    for spec in SPECS
    for name, function in vars(spec).items()
    if name.startswith(f"{PROJECT}_")
}
"""Every hook, with the names of its parameters, in the order of a table's way."""


@frozen(kw_only=True)
class Implementation:
    """One plugin's function for one hook. ``parameters`` are those of the hook that it asks for."""

    source: Source
    hook: str
    function: Callable[..., Any]
    parameters: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.hook} of {self.source}"


def implementations(plugin: object, source: Source) -> tuple[Implementation, ...]:
    """Find the functions of a checked plugin, in the order of `HOOKS`.

    Each plugin gets a manager of its own, so that nothing a plugin does there, such as an
    unknown hook or the same module registered twice, reaches another.
    """
    manager = PluginManager(PROJECT)
    for spec in SPECS:
        manager.add_hookspecs(spec)
    manager.register(plugin, name=str(source))
    return tuple(
        Implementation(source=source, hook=hook, function=found.function, parameters=tuple(found.argnames))
        for hook in HOOKS
        for found in getattr(manager.hook, hook).get_hookimpls()
    )
