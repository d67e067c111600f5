"""What `lint` says of landing zones as other publishers are described to write them, and of ours: nothing."""

from __future__ import annotations

import json
from datetime import datetime

import polars as pl
import pytest

from hygge_core.lakes.local import LocalLake
from hygge_store_openmirroring.lint.zone import lint, see
from hygge_store_openmirroring.publishing.strategies import ByTime
from openmirroring.publisher import Publisher, Service
from openmirroring.zones import only, parquet, replay


FOLDER = "dbo.schema/Order"
PARTNER = b'{"partnerName": "someone", "sourceInfo": {"sourceType": "SQL"}}'


def metadata(lake, said, folder=FOLDER):
    lake.put(f"{folder}/_metadata.json", json.dumps(said).encode())


def put(lake, name, data, folder=FOLDER):
    lake.put(f"{folder}/{name}", data)


def codes(lake, **before):
    return {finding.code for finding in lint(lake, **before)}


def microsofts_sdk(lake):
    """Microsoft's Python SDK: a name with ``_``, then a rename; keys only, and the caller's own Parquet."""
    metadata(lake, {"keyColumns": ["Id"]})
    put(lake, f"{1:020d}.parquet", parquet({"Id": [1, 2], "V": ["a", "b"]}))
    changes = pl.DataFrame({"Id": [2, 3], "V": [None, "c"], "__rowMarker__": [2, 4]})
    put(lake, f"{2:020d}.parquet", parquet(changes))
    put(lake, f"_{3:020d}.parquet", b"half of it")


def bc2adls_at_first(lake):
    """bc2adls before its files had names of their own: CSV by number, unfinished ones beside the others."""
    columns = [
        {"Name": name, "DataType": kind, "IsNullable": True} for name, kind in (("Id", "Int32"), ("V", "String"))
    ]
    metadata(lake, {"keyColumns": ["Id"], "SchemaDefinition": {"Columns": columns}})
    put(lake, f"{1:020d}.csv", b"Id,V,__rowMarker__\r\n1,a,4\r\n")
    put(lake, f"{2:020d}.csv", b"")
    put(lake, f"{4:020d}.csv", b"Id,V,__rowMarker__\r\n2,b,4\r\n")
    put(lake, f"{5:020d}.csv.tmp", b"Id,V,__rowMarker__\r\n")
    metadata(lake, {"keyColumns": ["Id"]}, "dbo.schema/Empty")


def bc2adls_now(lake):
    """The same since: names of their own, found by their times, and a file of only a header for an empty table."""
    columns = [
        {"Name": name, "DataType": kind, "IsNullable": True} for name, kind in (("Id", "Int32"), ("V", "String"))
    ]
    said = {"keyColumns": ["Id"], "fileDetectionStrategy": "LastUpdateTimeFileDetection"}
    metadata(lake, {**said, "SchemaDefinition": {"Columns": columns}, "isUpsertDefaultRowMarker": True})
    put(lake, "0b6c2c1e-8f4f-4f5e-9d53-0a2a1f6f7f10.csv", b"Id,V,__rowMarker__\r\n1,a,4\r\n")
    metadata(lake, {**said, "SchemaDefinition": {"Columns": columns}}, "dbo.schema/Empty")
    put(lake, "7a1d3c92-1f0b-4c57-8a77-3c5f2f1f9d2e.csv", b"Id,V,__rowMarker__\r\n", "dbo.schema/Empty")
    lake.put("_partnerEvents.json", PARTNER)


def the_original(lake):
    """hygge 0.6.5: keys by their names before the polish, the marker of every row, and the partner's file elsewhere."""
    metadata(
        lake,
        {
            "keyColumns": ["OrderId"],
            "fileDetectionStrategy": "SequentialFileName",
            "isUpsertDefaultRowMarker": False,
        },
    )
    put(lake, "_schema.json", b"{}")
    rows = {"order_id": [1, 2], "At": [datetime(2026, 1, 1)] * 2, "__rowMarker__": [0, 0]}  # noqa: DTZ001 - as it wrote
    put(lake, f"{1:020d}.parquet", parquet(pl.DataFrame(rows).cast({"__rowMarker__": pl.Int32})))
    put(lake, f"{2:020d}.parquet", b"")


def test_microsofts_sdk_leaves_out_who_publishes(tmp_path):
    lake = LocalLake(tmp_path)
    microsofts_sdk(lake)
    assert codes(lake) == {"W06"}
    assert only(replay(lake)).rows.rows() == [(1, "a"), (3, "c")]


def test_bc2adls_at_first_left_gaps_empty_files_unfinished_names_and_tables_of_nothing(tmp_path):
    lake = LocalLake(tmp_path)
    bc2adls_at_first(lake)
    assert codes(lake) == {"E06", "E07", "W06", "W07", "W11"}


def test_bc2adls_now_is_right(tmp_path):
    lake = LocalLake(tmp_path)
    bc2adls_now(lake)
    assert codes(lake) == set()


def test_the_original_named_keys_that_are_not_there_and_showed_empty_files(tmp_path):
    lake = LocalLake(tmp_path)
    the_original(lake)
    assert codes(lake) == {"E03", "E07", "W01", "W03", "W06"}
    assert only(replay(lake)).failure is not None


def test_the_original_began_again_at_1_when_it_could_not_list_what_is_there(tmp_path):
    lake = LocalLake(tmp_path)
    the_original(lake)
    before = see(lake)
    put(lake, f"{1:020d}.parquet", parquet({"order_id": [3]}))
    assert "E16" in codes(lake, before=before)


OURS = {
    "upserts": {},
    "differences": {"remembers": True, "diff": True},
    "updates": {"marker": 1},
    "inserts": {"remembers": True, "marker": 0},
    "by time": {"strategy": ByTime(sleep=lambda _: None)},
}


@pytest.mark.parametrize("name", OURS)
def test_ours_breaks_no_rule(tmp_path, name):
    lake, settings = LocalLake(tmp_path), OURS[name]
    service, first = Service(lake), pl.DataFrame({"Id": [1, 2, 3], "V": ["a", "b", "c"]})
    Publisher(lake, service, **settings).run(1, "replace", [first, first.with_columns(pl.col("Id") + 10)])
    before = see(lake)
    deleted = pl.DataFrame({"Id": [2]})
    Publisher(lake, service, **settings).run(2, "upsert", [first.with_columns(pl.col("Id") + 2)], deleted)
    # Who wants inserts gets files of them, and hears that they would be taken faster without a marker.
    assert codes(lake, before=before) == ({"W03"} if name == "inserts" else set())
    Publisher(lake, service, **settings).run(3, "replace", [first])
    assert codes(lake) == set()
