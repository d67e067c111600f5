"""A table in Azure costs few requests and few bytes: only what is asked for is fetched."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from adls.lake.conftest import asked
from hygge_core import Table, TableRun
from hygge_core.schema import columns_of
from hygge_core.staging.layout import FolderLayout
from hygge_core.staging.options import FileOptions
from hygge_core.staging.store import FileStore
from hygge_core.testing.publish import publish


TABLE = Table(name="teas", flow="shop")


def moved(lake, number=1, mode="replace", rows=400_000):
    store = FileStore(lake, path="{entity}", layout=FolderLayout(), options=FileOptions(compression="uncompressed"))
    frame = pl.DataFrame({"id": range(rows), "text": ["tea"] * rows})
    table = Table(name="teas", flow="shop", mode=mode, columns=columns_of(frame.schema))
    run = TableRun(id=f"run-{number}", flow="shop", entity="teas", started=datetime(2026, 11, 20, tzinfo=UTC))
    publish(store, table, run, [[frame]])
    return store


def test_the_columns_and_the_number_of_rows_come_from_the_footer(tree, tree_server):
    store = moved(tree)
    with asked(tree_server, tree) as requests:
        assert store.count(TABLE) == 400_000
        assert store.rows(TABLE).collect_schema() == {"id": pl.Int64, "text": pl.String}
    assert sum(seen.sent for seen in requests if seen.operation == "read") <= 2 << 16
    store.close()


def test_the_rows_come_whole_when_they_are_asked_for(tree):
    store = moved(tree, rows=1000)
    assert store.rows(TABLE).filter(pl.col("id") > 990).collect().height == 9
    store.close()


@pytest.mark.parametrize(("mode", "most"), [("replace", 36), ("append", 34)])
def test_a_small_table_moves_in_few_requests(mode, most, tree, tree_server):
    """A bound on round trips: each costs as long as the way to the service and back."""
    moved(tree, 1, rows=10).close()
    with asked(tree_server, tree) as requests:
        moved(tree, 2, mode, rows=10).close()
    told = "\n".join(f"{seen.operation} {seen.path} {seen.status}" for seen in requests)
    assert len(requests) <= most, told
