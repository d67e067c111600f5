"""Reaching the mirrored database of a store by REST, with whoever signs in to its OneLake."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hygge_core.errors import UsageError
from hygge_store_adls.connection import StorageConnection
from hygge_store_adls.credentials.texts import is_guid
from hygge_store_openmirroring.fabric.api import PUBLIC, FabricApi
from hygge_store_openmirroring.fabric.database import MirroredDatabase


if TYPE_CHECKING:
    from hygge_core import Context
    from hygge_store_openmirroring.config import OpenMirroringConfig


_PUBLIC_LAKES = "fabric.microsoft.com"


def api_of(connection: StorageConnection, endpoint: str | None, context: Context) -> FabricApi | None:
    """Return the interface that belongs to a OneLake; None where it is not known or nobody has a token for it.

    ``endpoint`` is its address outside of the public cloud.
    """
    credential = connection.credential
    host = urlsplit(connection.account.endpoint).hostname or ""
    address = endpoint or (PUBLIC if host.endswith(_PUBLIC_LAKES) else None)
    if address is None or not hasattr(credential, "get_token"):
        return None
    access = connection.access
    return FabricApi(credential, endpoint=address, timeout=access.timeout, ca_file=access.ca_file, pause=context.pause)


def database_of(
    config: OpenMirroringConfig, context: Context, connection: StorageConnection
) -> MirroredDatabase | None:
    """Return the mirrored database of a store, None where it cannot be asked for."""
    api = api_of(connection, config.fabric, context)
    workspace = connection.account.container or ""
    if api is None or config.mirror is None or not is_guid(workspace):
        return None
    return MirroredDatabase(api=api, workspace=workspace, id=config.mirror)


def api_behind(name: str, context: Context, endpoint: str | None) -> tuple[FabricApi, str]:
    """Return the interface that a connection of the project signs in to, and the id of its workspace.

    Raises `UsageError` for a connection that cannot be used for it.
    """
    connection = onelake_connection(name, context)
    workspace = connection.account.container or ""
    if not is_guid(workspace):
        raise UsageError(
            f"names the workspace {workspace!r}, and Fabric's REST interface knows it by its id",
            where=f"connection {name}",
            fix="write the workspace's id there; its address in a browser shows it",
        )
    api = api_of(connection, endpoint, context)
    if api is None:
        fix = "use a credential that gives tokens, and outside of the public cloud --fabric"
        raise UsageError("does not lead to Fabric's REST interface", where=f"connection {name}", fix=fix)
    return api, workspace


def onelake_connection(name: str, context: Context) -> StorageConnection:
    """Return a connection of the project that leads to OneLake. Raises `UsageError` for another."""
    connection = context.connections.get(name)
    if isinstance(connection, StorageConnection) and connection.account.kind == "onelake":
        return connection
    raise UsageError(
        "does not lead to OneLake", where=f"connection {name}", fix='name a connection with type = "onelake"'
    )
