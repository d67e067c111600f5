"""What hygge learns of the warehouse when it starts."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hygge_acme_warehouse.config import ConnectionConfig, ShelfConfig
from hygge_core import Command, CommitRefused, ConnectionType, HomeType, StoreType, hookimpl


if TYPE_CHECKING:
    from collections.abc import Iterator

    import click

    from hygge_acme_warehouse.connection import Warehouse
    from hygge_acme_warehouse.home import WarehouseHome
    from hygge_acme_warehouse.store import WarehouseStore
    from hygge_core import CommitRecord, Context, Receipt, Staged, TableRun


def _connect(config: ConnectionConfig, _: Context) -> Warehouse:
    from hygge_acme_warehouse.connection import Warehouse

    return Warehouse(config.address, config.password)


def _home(config: ShelfConfig, context: Context) -> WarehouseHome:
    from hygge_acme_warehouse.connection import warehouse_of
    from hygge_acme_warehouse.home import WarehouseHome

    return WarehouseHome(warehouse_of(context, config.connection), f"{config.shelf}/{config.table}")


def _store(config: ShelfConfig, context: Context) -> WarehouseStore:
    from hygge_acme_warehouse.connection import warehouse_of
    from hygge_acme_warehouse.store import WarehouseStore

    return WarehouseStore(warehouse_of(context, config.connection), f"{config.shelf}/{config.table}")


def _command() -> click.Command:
    from hygge_acme_warehouse.commands import warehouse

    return warehouse


@hookimpl
def hygge_connections() -> Iterator[ConnectionType]:
    yield ConnectionType(
        name="acme_warehouse", config=ConnectionConfig, open=_connect, summary="A warehouse of Acme, by its password"
    )


@hookimpl
def hygge_homes() -> Iterator[HomeType]:
    yield HomeType(name="acme_warehouse", config=ShelfConfig, open=_home, summary="Tables on a shelf of the warehouse")


@hookimpl
def hygge_stores() -> Iterator[StoreType]:
    yield StoreType(
        name="acme_warehouse", config=ShelfConfig, open=_store, summary="Tables on a shelf of the warehouse"
    )


@hookimpl
def hygge_commands() -> Iterator[Command]:
    yield Command(name="warehouse", load=_command, summary="List what is in a warehouse")


@hookimpl
def hygge_before_commit(run: TableRun, staged: Staged, last: CommitRecord | None) -> None:
    """Refuse a table that lost more than half of its rows, whatever store it settles in."""
    if staged.table.mode == "replace" and last is not None and staged.rows * 2 < last.rows:
        what = f"{staged.rows} rows are less than half of the {last.rows} before"
        raise CommitRefused(what, where=f"{run.flow}.{run.entity}", fix="look at the source, or delete the table first")


@hookimpl
def hygge_after_commit(run: TableRun, receipt: Receipt) -> None:
    _note(event="commit", entity=run.entity, rows=receipt.rows, location=receipt.location)


@hookimpl
def hygge_after_abort(run: TableRun, error: BaseException) -> None:
    _note(event="abort", entity=run.entity, error=str(error))


def _note(**said: Any) -> None:
    """Write a line into the ledger, where there is one."""
    if ledger := os.environ.get("ACME_LEDGER"):
        with Path(ledger).open("a", encoding="utf-8") as file:
            file.write(json.dumps(said) + "\n")
