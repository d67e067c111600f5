"""Registers the store type ``parquet``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core import StoreType, hookimpl
from hygge_store_parquet.config import ParquetStoreConfig


if TYPE_CHECKING:
    from collections.abc import Iterable

    from hygge_core import Context
    from hygge_core.store import Store


def open_store(config: ParquetStoreConfig, context: Context) -> Store:
    """Open the store; imports Polars."""
    from hygge_store_parquet.store import open_parquet_store

    return open_parquet_store(config, context.project)


@hookimpl
def hygge_stores() -> Iterable[StoreType]:
    """Offer the store type ``parquet``."""
    yield StoreType(
        name="parquet",
        config=ParquetStoreConfig,
        open=open_store,
        summary="Parquet files on a local disk, each table switched at once",
    )
