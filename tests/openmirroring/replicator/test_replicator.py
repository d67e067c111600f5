"""A landing zone becomes tables as the published rules say, and stops where the service would stop."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hygge_store_openmirroring.landing_zone import TableName
from hygge_store_openmirroring.replicator.replicator import Replicator
from openmirroring.zones import Unversioned, only, parquet, publish, replay, rows_of, zone_at


ORDER = TableName("dbo", "Order")


def test_a_folder_without_metadata_is_no_table_until_it_has_some(tmp_path):
    lake = zone_at(tmp_path)
    publish(lake, 1, {"Id": [1]}, table="Later")
    replicator = replay(lake)
    assert set(replicator.tables) == {ORDER}
    lake.put("Later/_metadata.json", b'{"keyColumns": ["Id"]}')
    assert replicator.poll().appeared == (TableName("", "Later"),)
    assert replicator.tables[TableName("", "Later")].rows.rows() == [(1,)]


def test_hidden_names_are_neither_tables_nor_data(tmp_path):
    lake = zone_at(tmp_path)
    for hidden in ("_scratchPad/Order", "_hidden.schema/Order"):
        lake.put(f"{hidden}/_metadata.json", b"{}")
    publish(lake, "_00000000000000000001.parquet", {"Id": [1]})
    publish(lake, "_00000000000000000002.parquet", b"half a fi")
    lake.put("dbo.schema/Order/notes.txt", b"not data")
    lake.put("dbo.schema/Order/_sub/00000000000000000001.parquet", parquet({"Id": [1]}))
    replicator = replay(lake)
    assert set(replicator.tables) == {ORDER}
    assert (only(replicator).taken, only(replicator).failure) == ({}, None)


def test_files_are_taken_by_number_and_a_gap_holds_all_behind_it_without_a_word(tmp_path):
    lake = zone_at(tmp_path)
    for number in (1, 2, 4):
        publish(lake, number, {"Id": [number]})
    replicator = replay(lake)
    assert rows_of(replicator) == [(1,), (2,)]
    assert only(replicator).failure is None
    publish(lake, 3, {"Id": [3]})
    assert replicator.poll().files == 2
    assert rows_of(replicator) == [(1,), (2,), (3,), (4,)]


def test_a_table_that_begins_past_one_waits(tmp_path):
    lake = zone_at(tmp_path)
    publish(lake, 2, {"Id": [2]})
    replicator = replay(lake)
    assert (only(replicator).taken, only(replicator).failure) == ({}, None)


def test_files_by_time_come_oldest_first_and_once(tmp_path):
    lake = zone_at(tmp_path, fileDetectionStrategy="LastUpdateTimeFileDetection", isUpsertDefaultRowMarker=True)
    publish(lake, "b.parquet", {"Id": [1], "V": ["older"]})
    publish(lake, "a.parquet", {"Id": [1], "V": ["newer"]})
    replicator = replay(lake, clean=False)
    assert rows_of(replicator) == [(1, "newer")]
    assert replicator.poll().files == 0


def test_a_zero_byte_file_stops_the_table_until_it_is_another_file(tmp_path):
    lake = zone_at(tmp_path)
    publish(lake, 1, {"Id": [1]})
    publish(lake, 2, b"")
    publish(lake, 3, {"Id": [3]})
    replicator = replay(lake)
    assert "Parquet file size is 0 bytes" in only(replicator).failure.message
    assert replicator.poll().files == 0, "it stays stopped"
    lake.delete("dbo.schema/Order/00000000000000000002.parquet")
    publish(lake, 2, {"Id": [2]})
    replicator.poll()
    assert only(replicator).failure is None
    assert rows_of(replicator) == [(1,), (2,), (3,)]


@pytest.mark.parametrize("damage", [b"PAR1", b"PAR1" + b"x" * 40 + b"PAR1", parquet({"Id": [1]})[:-9]])
def test_a_torn_file_stops_the_table(tmp_path, damage):
    lake = zone_at(tmp_path)
    publish(lake, 1, damage)
    assert only(replay(lake)).failure.code == "ParquetError"


@pytest.mark.parametrize("codec", ["brotli", "lz4"])
def test_a_codec_that_is_not_listed_stops_the_table(tmp_path, codec):
    lake = zone_at(tmp_path)
    publish(lake, 1, {"Id": [1]}, compression=codec)
    assert codec in only(replay(lake)).failure.message


@pytest.mark.parametrize("codec", ["snappy", "gzip", "zstd", "uncompressed"])
def test_a_codec_that_is_listed_is_read(tmp_path, codec):
    lake = zone_at(tmp_path)
    publish(lake, 1, {"Id": [1]}, compression=codec)
    assert rows_of(replay(lake)) == [(1,)]


def test_the_columns_of_all_files_are_united(tmp_path):
    lake = zone_at(tmp_path)
    publish(lake, 1, {"Id": [1], "A": ["a"]})
    publish(lake, 2, {"Id": [2], "B": [2.5]})
    replicator = replay(lake)
    assert only(replicator).rows.columns == ["Id", "A", "B"]
    assert rows_of(replicator) == [(1, "a", None), (2, None, 2.5)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (pl.Int32, pl.Int64),
        (pl.Int64, pl.Int32),
        (pl.Int64, pl.String),
        (pl.Decimal(10, 2), pl.Decimal(12, 2)),
        (pl.Datetime("us", "UTC"), pl.Datetime("us")),
        (pl.Null, pl.String),
    ],
)
def test_no_type_may_change_not_even_to_a_wider_one(tmp_path, first, second):
    lake = zone_at(tmp_path)
    publish(lake, 1, pl.DataFrame({"Id": [1], "V": [None]}, schema_overrides={"V": first}))
    publish(lake, 2, pl.DataFrame({"Id": [2], "V": [None]}, schema_overrides={"V": second}))
    table = only(replay(lake))
    assert table.failure.code == "SchemaMergeFailure"
    assert table.rows["Id"].to_list() == [1], "the first file stays"


def arrow(path, fields, columns):
    pq.write_table(pa.table(columns, schema=pa.schema(fields)), path)


@pytest.mark.parametrize("first", [True, False])
def test_no_nullability_may_change(tmp_path, first):
    lake = zone_at(tmp_path)
    for number, nullable in ((1, first), (2, not first)):
        file = tmp_path / "dbo.schema" / "Order" / f"{number:020d}.parquet"
        arrow(file, [pa.field("Id", pa.int64()), pa.field("V", pa.int64(), nullable)], {"Id": [number], "V": [1]})
    assert only(replay(lake)).failure.code == "SchemaMergeFailure"


def test_a_column_that_is_not_nullable_may_not_be_left_out_and_not_come_late(tmp_path):
    for name, order in (("out", (True, False)), ("late", (False, True))):
        lake = zone_at(tmp_path / name)
        for number, with_it in enumerate(order, 1):
            fields = [pa.field("Id", pa.int64()), *([pa.field("V", pa.int64(), nullable=False)] if with_it else [])]
            file = tmp_path / name / "dbo.schema" / "Order" / f"{number:020d}.parquet"
            arrow(file, fields, {"Id": [number], **({"V": [1]} if with_it else {})})
        assert only(replay(lake)).failure.code == "SchemaMergeFailure"


@pytest.mark.parametrize(
    "kind",
    [
        pa.uint8(),
        pa.uint64(),
        pa.time64("us"),
        pa.timestamp("ns"),
        pa.float16(),
        pa.binary(4),
        pa.list_(pa.int64()),
        pa.struct([("x", pa.int64())]),
        pa.decimal256(39, 2),
    ],
    ids=str,
)
def test_what_no_document_knows_stops_the_table(tmp_path, kind):
    lake = zone_at(tmp_path)
    arrow(tmp_path / "dbo.schema" / "Order" / f"{1:020d}.parquet", [("Id", kind)], {"Id": pa.nulls(1, kind)})
    assert only(replay(lake)).failure.code == "UnsupportedType"


def test_every_type_that_fabric_takes_arrives_as_it_was(tmp_path):
    frame = pl.DataFrame(
        {
            "Id": [1],
            "byte": pl.Series([-1], dtype=pl.Int8),
            "short": pl.Series([-2], dtype=pl.Int16),
            "integer": pl.Series([-3], dtype=pl.Int32),
            "float": pl.Series([0.5], dtype=pl.Float32),
            "double": [0.1],
            "decimal": pl.Series(["12345678901234567890.12"]).cast(pl.Decimal(38, 2)),
            "text": ["blåbær 🫐"],
            "binary": [b"\x00\xff"],
            "boolean": [True],
            "date": [datetime(2024, 2, 29, tzinfo=UTC).date()],
            "moment": pl.Series([datetime(2024, 2, 29, 1, 2, 3, 456789, UTC)], dtype=pl.Datetime("us", "UTC")),
        }
    )
    lake = zone_at(tmp_path)
    publish(lake, 1, frame)
    assert only(replay(lake)).rows.equals(frame)


def test_names_that_differ_in_case_only_stop_the_table(tmp_path):
    lake = zone_at(tmp_path)
    publish(lake, 1, {"Id": [1], "id": [1]})
    assert "case only" in only(replay(lake)).failure.message


BAD_METADATA = [
    b"",
    b"{",
    b"[]",
    b'{"keyColumns": "Id"}',
    b'{"keyColumns": ["Id", "ID"]}',
    b'{"keyColumns": [], "KeyColumns": []}',
    b'{"fileDetectionStrategy": "Newest"}',
    b'{"fileDetectionStrategy": LastUpdateTimeFileDetection}',
    b'{"isUpsertDefaultRowMarker": "true"}',
    b'{"FileFormat": "DelimitedText"}',
    b'{"FileFormat": "Avro"}',
]


@pytest.mark.parametrize("metadata", BAD_METADATA)
def test_metadata_that_cannot_be_read_stop_the_table_until_they_can(tmp_path, metadata):
    lake = zone_at(tmp_path)
    lake.put("dbo.schema/Order/_metadata.json", metadata)
    publish(lake, 1, {"Id": [1]})
    replicator = replay(lake)
    assert "Exception reading the metadata file" in only(replicator).failure.message
    lake.put("dbo.schema/Order/_metadata.json", b'{"keyColumns": ["Id"]}')
    replicator.poll()
    assert rows_of(replicator) == [(1,)]


def test_keys_may_not_change_while_there_is_a_table(tmp_path):
    lake = zone_at(tmp_path)
    publish(lake, 1, {"Id": [1]})
    replicator = replay(lake)
    lake.put("dbo.schema/Order/_metadata.json", b'{"keyColumns": ["Other"]}')
    publish(lake, 2, {"Id": [2]})
    replicator.poll()
    assert "changed after the table was made" in only(replicator).failure.message
    assert rows_of(replicator) == [(1,)]


def test_a_processed_file_may_not_change(tmp_path):
    lake = zone_at(tmp_path)
    publish(lake, 1, {"Id": [1]})
    replicator = replay(lake)
    publish(lake, 1, {"Id": [2]})
    replicator.poll()
    assert "changed after it was processed" in only(replicator).failure.message


def test_a_deleted_folder_drops_the_table(tmp_path):
    lake = zone_at(tmp_path)
    replicator = replay(lake)
    shutil.rmtree(tmp_path / "dbo.schema")
    assert replicator.poll().dropped == (ORDER,)
    assert replicator.tables == {}


def test_a_folder_that_was_made_again_between_two_polls_is_another_table(tmp_path):
    lake = zone_at(tmp_path)
    publish(lake, 1, {"Id": [1]})
    replicator = replay(lake)
    shutil.rmtree(tmp_path / "dbo.schema")
    zone_at(tmp_path)
    publish(lake, 1, {"Id": [7]})
    poll = replicator.poll()
    assert (poll.dropped, poll.appeared, poll.recreated) == ((ORDER,), (ORDER,), (ORDER,))
    assert rows_of(replicator) == [(7,)]


def test_files_that_come_into_a_folder_do_not_make_it_another(tmp_path):
    lake = zone_at(tmp_path)
    replicator = replay(lake)
    publish(lake, 1, {"Id": [1]})
    assert replicator.poll().dropped == ()


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_all_but_the_last_processed_file_are_put_aside(tmp_path, seed):
    lake = zone_at(tmp_path)
    for number in (1, 2, 3):
        publish(lake, number, {"Id": [number]})
    replicator = replay(lake, seed=seed)
    assert sorted(file.name for file in (tmp_path / "dbo.schema" / "Order").glob("*.parquet")) == [f"{3:020d}.parquet"]
    publish(lake, 4, {"Id": [4]})
    replicator.poll()
    assert rows_of(replicator) == [(1,), (2,), (3,), (4,)]


def test_a_restart_makes_tables_of_the_files_that_are_left(tmp_path):
    lake = zone_at(tmp_path)
    for number in (1, 2, 3):
        publish(lake, number, {"Id": [number]})
    replicator = replay(lake)
    replicator.restart()
    assert only(replicator).rows.is_empty()
    publish(lake, 4, {"Id": [4]})
    replicator.poll()
    assert rows_of(replicator) == [(3,), (4,)], "what was put aside is lost, which is why nobody should restart"


def test_delimited_text_is_read_by_its_own_rules(tmp_path):
    lake = zone_at(
        tmp_path,
        FileFormatTypeProperties={"NullValue": "N/A", "ColumnSeparator": ";", "RowSeparator": "\n"},
        SchemaDefinition={
            "Columns": [
                {"Name": "Id", "DataType": "Int32", "IsNullable": False},
                {"Name": "Name", "DataType": "String"},
                {"Name": "On", "DataType": "IDate"},
                {"Name": "At", "DataType": "DateTime"},
                {"Name": "Yes", "DataType": "Boolean"},
            ]
        },
    )
    text = 'Id;Name;On;At;Yes;__rowMarker__\n1;"a\\";b";2024-02-29;2024-02-29T01:02:03;true;4\n2;N/A;N/A;N/A;false;4\n'
    publish(lake, f"{1:020d}.csv", text.encode())
    table = only(replay(lake))
    assert table.failure is None
    assert table.rows.rows()[0] == (1, 'a";b', datetime(2024, 2, 29).date(), datetime(2024, 2, 29, 1, 2, 3), True)  # noqa: DTZ001 - the service reads no zone
    assert table.rows.rows()[1] == (2, None, None, None, False)


@pytest.mark.parametrize(
    ("text", "settings", "what"),
    [
        ("", {}, "No data rows available"),
        ("Id\n1\n", {"FileFormatTypeProperties": {"FirstRowAsHeader": False}}, "FirstRowAsHeader"),
        ("Id\nx\n", {"SchemaDefinition": {"Columns": [{"Name": "Id", "DataType": "Int16"}]}}, "parsing data file"),
        ("Id,V\n1,2\n", {"SchemaDefinition": {"Columns": [{"Name": "Id", "DataType": "Int16"}]}}, "not in the Schema"),
        ("Id,V\n1\n", {}, "parsing data file"),
    ],
)
def test_delimited_text_that_cannot_be_read_stops_the_table(tmp_path, text, settings, what):
    lake = zone_at(tmp_path, **settings)
    publish(lake, f"{1:020d}.csv", text.encode())
    assert what in only(replay(lake)).failure.message


def test_a_lake_that_cannot_tell_folders_apart_is_refused(tmp_path):
    with pytest.raises(TypeError, match=r"Unversioned cannot tell dbo\.schema/Order from its successor"):
        Replicator(Unversioned(zone_at(tmp_path))).poll()


def test_a_lake_that_cannot_tell_files_apart_is_refused(tmp_path):
    lake = zone_at(tmp_path)
    publish(lake, 1, {"Id": [1]})
    with pytest.raises(TypeError, match=r"cannot tell dbo\.schema/Order/0+1\.parquet from its successor"):
        Replicator(Unversioned(lake, folders=False)).poll()
