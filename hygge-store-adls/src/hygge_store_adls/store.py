"""Tables as Parquet in a storage account or in OneLake: a file store over a lake in Azure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core.errors import UsageError
from hygge_core.staging.store import FileStore
from hygge_store_adls.account import adls_account, onelake_account
from hygge_store_adls.connection import StorageConnection
from hygge_store_adls.onelake import fault_in_pair, item_of
from hygge_store_adls.paths import split_at_places


if TYPE_CHECKING:
    from hygge_core.lake import Lake
    from hygge_core.plugin import Context
    from hygge_store_adls.account import Account, Kind
    from hygge_store_adls.config import AdlsStore, OneLakeStore


def open_adls_store(config: AdlsStore, context: Context) -> FileStore:
    """Open a store of type ``adls``. Raises `UsageError` for a connection that cannot be used here."""
    root, table = split_at_places(config.path)
    if config.connection is not None:
        shared = _shared(context, config.connection, "adls")
        return _store(shared.lake(root, container=config.container), table, config)
    own = _own(adls_account(config), config, context, root)
    return _store(own.lake(root), table, config, own)


def open_onelake_store(config: OneLakeStore, context: Context) -> FileStore:
    """Open a store of type ``onelake``. Raises `UsageError` for a connection that cannot be used here."""
    root, table = split_at_places(config.table_path)
    if config.connection is not None:
        shared = _shared(context, config.connection, "onelake")
        return _store(shared.lake(root, item=_item(config, shared.account)), table, config)
    own = _own(onelake_account(config), config, context, root)
    return _store(own.lake(root), table, config, own)


def _store(lake: Lake, table: str, config: AdlsStore | OneLakeStore, own: StorageConnection | None = None) -> FileStore:
    return FileStore(lake, path=table, layout=config.shape, options=config.options, adopt=config.adopt, behind=own)


def _own(account: Account, config: AdlsStore | OneLakeStore, context: Context, root: str) -> StorageConnection:
    return StorageConnection(account, config, context, begin=root)


def _shared(context: Context, name: str, kind: Kind) -> StorageConnection:
    """Find the connection that the store names, and make sure that it leads where the store's tables can be."""
    connection = context.connections.get(name)
    if not isinstance(connection, StorageConnection) or connection.account.kind != kind:
        fix = f'name a connection with type = "{kind}"'
        raise UsageError(f'a store of type "{kind}" cannot use it', where=f"connection {name}", fix=fix)
    return connection


def _item(config: OneLakeStore, account: Account) -> str:
    """Return the lakehouse that the store names itself, or nothing."""
    if config.lakehouse is None:
        return ""
    fault = fault_in_pair(account.container or "", config.lakehouse)
    if fault:
        raise UsageError(fault, where=f"connection {config.connection}")
    return item_of(config.lakehouse)
