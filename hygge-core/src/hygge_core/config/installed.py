"""What the configuration needs to know of the installed plugins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol


if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygge_core.plugin import ConnectionType, HomeType, StoreType


class Installed(Protocol):
    """The types that plugins bring, by name; satisfied by `hygge_core.plugins.Plugins`.

    The methods raise `PluginError` for a name that is unknown, claimed twice or broken.
    """

    @property
    def homes(self) -> Mapping[str, HomeType]:
        """All usable home types."""
        ...

    @property
    def stores(self) -> Mapping[str, StoreType]:
        """All usable store types."""
        ...

    @property
    def connections(self) -> Mapping[str, ConnectionType]:
        """All usable connection types."""
        ...

    def home(self, name: str) -> HomeType:
        """Find one home type."""
        ...

    def store(self, name: str) -> StoreType:
        """Find one store type."""
        ...

    def connection(self, name: str) -> ConnectionType:
        """Find one connection type."""
        ...
