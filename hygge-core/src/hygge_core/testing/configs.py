"""The configuration classes of a plugin, those inside of others too."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, get_args

import attrs

from hygge_core.config.example import read_example
from hygge_core.config.fields import attributes_of
from hygge_core.errors import ConfigError, PluginError
from hygge_core.plugin import ConnectionType, HomeType, StoreType
from hygge_core.secret import Secret


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hygge_core.plugins import Plugins


Kind = HomeType | StoreType | ConnectionType
"""What has settings."""


def kinds_of(plugins: Plugins) -> Mapping[str, Kind]:
    """Name everything with settings that plugins bring: ``store acme``, ``connection acme``."""
    brought: dict[str, Mapping[str, Any]] = {
        "home": plugins.homes,
        "store": plugins.stores,
        "connection": plugins.connections,
    }
    return {f"{kind} {name}": each for kind, found in brought.items() for name, each in found.items()}


def readable(plugins: Plugins, settings: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    """Read example settings by title, leaving out those that cannot be read, which a case of its own tells."""
    read = {}
    for title, each in settings.items():
        with suppress(ConfigError):
            read[title] = read_example(plugins, title, each)
    return read


def classes_within(config: type) -> tuple[type, ...]:
    """Return a configuration class and all that its keys hold, each once."""
    found: dict[type, None] = {}
    waiting = [config]
    while waiting:
        each = waiting.pop()
        if each not in found:
            found[each] = None
            waiting.extend(inner for attribute in fields_of(each) for inner in _classes_in(attribute.type))
    return tuple(found)


def fields_of(config: type) -> tuple[attrs.Attribute[Any], ...]:
    """Return the keys of a configuration class; none when its types cannot be read."""
    try:
        return attributes_of(config)
    except PluginError:
        return ()


def members(wanted: Any) -> Iterator[Any]:
    """Yield a type and every type inside of it: of ``list[Secret] | None`` also ``Secret``."""
    yield wanted
    for each in get_args(wanted):
        yield from members(each)


def _classes_in(wanted: Any) -> Iterator[type]:
    yield from (each for each in members(wanted) if isinstance(each, type) and attrs.has(each) and each is not Secret)
