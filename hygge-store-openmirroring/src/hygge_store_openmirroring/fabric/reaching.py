"""Reaching the mirrored database of a store by REST, with whoever signs in to its OneLake."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hygge_store_adls.credentials.texts import is_guid
from hygge_store_openmirroring.fabric.api import PUBLIC, FabricApi
from hygge_store_openmirroring.fabric.database import MirroredDatabase


if TYPE_CHECKING:
    from hygge_core import Context
    from hygge_store_adls.connection import StorageConnection
    from hygge_store_openmirroring.config import OpenMirroringConfig


_PUBLIC_LAKES = "fabric.microsoft.com"


def api_of(config: OpenMirroringConfig, context: Context, connection: StorageConnection) -> FabricApi | None:
    """Return the interface that belongs to the store's OneLake; None where it is not known or gives nobody a token.

    In other clouds its address is ``fabric`` in the store's settings.
    """
    credential = connection.credential
    host = urlsplit(connection.account.endpoint).hostname or ""
    endpoint = config.fabric or (PUBLIC if host.endswith(_PUBLIC_LAKES) else None)
    if endpoint is None or not hasattr(credential, "get_token"):
        return None
    access = connection.access
    return FabricApi(credential, endpoint=endpoint, timeout=access.timeout, ca_file=access.ca_file, pause=context.pause)


def database_of(
    config: OpenMirroringConfig, context: Context, connection: StorageConnection
) -> MirroredDatabase | None:
    """Return the store's mirrored database, None where it cannot be asked for."""
    api = api_of(config, context, connection)
    workspace = connection.account.container or ""
    if api is None or config.mirror is None or not is_guid(workspace):
        return None
    return MirroredDatabase(api=api, workspace=workspace, id=config.mirror)
