"""A mirrored database kept in a folder goes on where it was."""

from __future__ import annotations

from hygge_store_openmirroring.landing_zone import TableName
from hygge_store_openmirroring.replicator.replicator import Replicator
from hygge_store_openmirroring.replicator.state import folder_of, forget, load, save
from openmirroring.zones import only, publish, replay, rows_of, zone_at


def test_what_was_saved_goes_on_where_it_was(tmp_path):
    lake = zone_at(tmp_path / "zone")
    publish(lake, 1, {"Id": [1], "V": ["a"]})
    publish(lake, 2, b"")
    before = only(replay(lake))
    save(tmp_path / "tables", before)
    (after,) = load(tmp_path / "tables")
    assert after.rows.equals(before.rows)
    assert (after.failure, after.columns, after.taken) == (before.failure, before.columns, before.taken)
    lake.delete(f"dbo.schema/Order/{2:020d}.parquet")
    publish(lake, 2, {"Id": [2], "V": ["b"]})
    replicator = Replicator(lake, tables=[after])
    replicator.poll()
    assert rows_of(replicator) == [(1, "a"), (2, "b")]


def test_a_table_without_a_schema_lies_in_the_default_one_and_can_be_forgotten(tmp_path):
    lake = zone_at(tmp_path / "zone", table="Order")
    publish(lake, 1, {"Id": [1]}, table="Order")
    save(tmp_path / "tables", only(replay(lake)))
    folder = folder_of(tmp_path / "tables", TableName("", "Order"))
    assert folder == tmp_path / "tables" / "dbo" / "Order"
    forget(tmp_path / "tables", TableName("", "Order"))
    assert not folder.exists()
    assert list(load(tmp_path / "tables")) == []
