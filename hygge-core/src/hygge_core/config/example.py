"""Settings that stand in no file, read as those of a project are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hygge_core.config.model import ConnectionConfig, HomeConfig, StoreConfig
from hygge_core.config.node import Invalid, Place, build, dotted
from hygge_core.config.typed import project_structure
from hygge_core.errors import ConfigError


if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygge_core.plugins import Plugins


_KINDS: Mapping[str, Any] = {"home": HomeConfig, "store": StoreConfig, "connection": ConnectionConfig}


def read_example(plugins: Plugins, title: str, settings: Mapping[str, Any]) -> Any:
    """Read the settings of a home, store or connection into its configuration class; ``title`` is like ``store acme``.

    Nothing in them is taken for a variable.  Raises `ConfigError` with every problem, placed at ``kind.key``, and
    `LookupError` for a title of any other kind.
    """
    kind, name = title.split(" ", 1)

    def place_of(path: tuple[str | int, ...]) -> Place:
        return Place(file="the example", key=dotted((kind, *path)))

    node = build({"type": name, **settings}, place_of)
    try:
        return project_structure(plugins).read(node, _KINDS[kind]).value
    except Invalid as error:
        raise ConfigError(error.problems) from error
