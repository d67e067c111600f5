"""Registers the stores ``adls`` and ``onelake`` and the connections of the same names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core import ConnectionType, StoreType, hookimpl
from hygge_store_adls.config import AdlsConnection, AdlsStore, OneLakeConnection, OneLakeStore


if TYPE_CHECKING:
    from collections.abc import Iterable

    from hygge_core import Context
    from hygge_core.home import Connection
    from hygge_core.store import Store


def open_adls_store(config: AdlsStore, context: Context) -> Store:
    """Open the store; imports Polars and Azure's client."""
    from hygge_store_adls import store

    return store.open_adls_store(config, context)


def open_onelake_store(config: OneLakeStore, context: Context) -> Store:
    """Open the store; imports Polars and Azure's client."""
    from hygge_store_adls import store

    return store.open_onelake_store(config, context)


def open_adls_connection(config: AdlsConnection, context: Context) -> Connection:
    """Open the connection; imports Azure's client."""
    from hygge_store_adls.account import adls_account
    from hygge_store_adls.connection import StorageConnection

    return StorageConnection(adls_account(config), config, context)


def open_onelake_connection(config: OneLakeConnection, context: Context) -> Connection:
    """Open the connection; imports Azure's client."""
    from hygge_store_adls.account import onelake_account
    from hygge_store_adls.connection import StorageConnection

    return StorageConnection(onelake_account(config), config, context)


@hookimpl
def hygge_stores() -> Iterable[StoreType]:
    """Offer the stores."""
    yield StoreType(
        name="adls",
        config=AdlsStore,
        open=open_adls_store,
        summary="Parquet files in Azure Data Lake Storage Gen2, each table switched whole",
    )
    yield StoreType(
        name="onelake",
        config=OneLakeStore,
        open=open_onelake_store,
        summary="Parquet files of a lakehouse in OneLake, each table switched whole",
    )


@hookimpl
def hygge_connections() -> Iterable[ConnectionType]:
    """Offer the connections."""
    yield ConnectionType(
        name="adls",
        config=AdlsConnection,
        open=open_adls_connection,
        summary="A storage account with Azure Data Lake Storage Gen2",
    )
    yield ConnectionType(
        name="onelake",
        config=OneLakeConnection,
        open=open_onelake_connection,
        summary="A workspace of OneLake in Microsoft Fabric",
    )
