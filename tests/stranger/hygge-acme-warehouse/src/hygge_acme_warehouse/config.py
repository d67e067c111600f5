"""The settings of the warehouse, as they stand in hygge.toml."""

from __future__ import annotations

from attrs import field, frozen, validators

from hygge_core import Secret  # noqa: TC001 - the settings are read by their types


_SHELF = validators.matches_re(r"[a-z][a-z0-9_]*")


@frozen(kw_only=True)
class ConnectionConfig:
    """Where the server listens, as ``host:port``, and the password that it asks for."""

    address: str = field(validator=validators.matches_re(r".+:\d+"))
    password: Secret


@frozen(kw_only=True)
class ShelfConfig:
    """A shelf of tables, reached by a connection of the project; ``table`` may hold ``{entity}`` and ``{flow}``."""

    connection: str
    shelf: str = field(default="main", validator=_SHELF)
    table: str = "{entity}"
