"""Each rule finds a zone that was made wrong in its way, and finds nothing in a zone that is right."""

from __future__ import annotations

import os

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hygge_store_openmirroring.lint.rules import RULES
from hygge_store_openmirroring.lint.zone import lint, see
from hygge_store_openmirroring.replicator.replicator import Replicator
from openmirroring.zones import Unversioned, parquet, publish, zone_at


FOLDER = "dbo.schema/Order"
FIRST = f"{FOLDER}/{1:020d}.parquet"
PARTNER = b'{"partnerName": "hygge", "sourceInfo": {"sourceType": "SQL"}}'


def right(path, **metadata):
    lake = zone_at(path, **metadata)
    lake.put("_partnerEvents.json", PARTNER)
    return lake


def marked(*rows):
    return pl.DataFrame(rows, schema={"Id": pl.Int64, "V": pl.String, "__rowMarker__": pl.Int32}, orient="row")


def arrow(kind, nullable=True, name="V"):  # noqa: FBT002 - reads well where it is called
    schema = pa.schema([pa.field("Id", pa.int64()), pa.field(name, kind, nullable)])
    values = pa.nulls(1, kind) if nullable else pa.array([1], kind)
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table([pa.array([2]), values], schema=schema), sink)
    return sink.getvalue().to_pybytes()


def test_a_zone_that_is_right_breaks_nothing(tmp_path):
    lake = right(tmp_path)
    publish(lake, 1, {"Id": [1, 2], "V": ["a", "b"]})
    publish(lake, 2, marked((1, "c", 4), (2, None, 2), (3, "d", 4)))
    lake.put(f"{FOLDER}/_00000000000000000003.parquet", b"not finished")
    assert lint(lake) == []


def test_files_that_were_put_aside_count_as_written(tmp_path):
    lake = right(tmp_path)
    for number in (1, 2, 3):
        publish(lake, number, {"Id": [number]})
    Replicator(lake).poll()
    publish(lake, 4, {"Id": [4]})
    assert lint(lake) == []
    publish(lake, 6, {"Id": [6]})
    assert [finding.code for finding in lint(lake)] == ["E06"]


WRONG = {
    "E01": lambda lake: lake.put("stray.parquet", parquet({"Id": [1]})),
    "E02": lambda lake: lake.put(f"{FOLDER}/_metadata.json", b'{"keyColumns": ["Id"],}'),
    "E03": lambda lake: publish(lake, 2, {"V": ["a"]}),
    "E04": lambda lake: publish(lake, "2.parquet", {"Id": [2]}),
    "E05": lambda lake: (lake.delete(FIRST), publish(lake, 2, {"Id": [2]})),
    "E06": lambda lake: publish(lake, 3, {"Id": [3]}),
    "E07": lambda lake: publish(lake, 2, parquet({"Id": [2]})[:-5]),
    "E08": lambda lake: publish(lake, 2, marked((2, "b", 4)).select("Id", "__rowMarker__", "V")),
    "E09": lambda lake: publish(lake, 2, marked((2, "b", 3), (3, "c", 4))),
    "E10": lambda lake: (lake.put(f"{FOLDER}/_metadata.json", b"{}"), publish(lake, 2, marked((2, "b", 4)))),
    "E11": lambda lake: publish(lake, 2, marked((None, "b", 2))),
    "E12": lambda lake: publish(lake, 2, pl.DataFrame({"Id": [2], "V": [1]})),
    "E13": lambda lake: publish(
        lake, 2, pl.DataFrame({"Id": [2]}).to_arrow().cast(pa.schema([pa.field("Id", pa.int64(), nullable=False)]))
    ),
    "E14": lambda lake: (publish(lake, 2, arrow(pa.int32(), nullable=False, name="R")), publish(lake, 3, {"Id": [3]})),
    "E15": lambda lake: publish(lake, 2, {"Id": [2], "N": [None]}),
    "E18": lambda lake: publish(lake, f"{2:020d}.csv", b"Id,V\n1\n"),
    "E20": lambda lake: publish(lake, 2, {"Id": [2], "id": [2]}),
    "W01": lambda lake: publish(lake, 2, arrow(pa.timestamp("ns"), name="T")),
    "W02": lambda lake: publish(lake, 2, arrow(pa.int32(), nullable=False, name="R")),
    "W03": lambda lake: publish(lake, 2, marked((2, "b", 0))),
    "W04": lambda lake: publish(lake, 2, {"Id": [1], "V": ["again"]}),
    "W05": lambda lake: (
        lake.put(f"{FOLDER}/_metadata.json", b'{"keyColumns": ["A", "B", "C", "D", "E"]}'),
        publish(lake, 1, {name: [1] for name in "ABCDE"}),
    ),
    "W06": lambda lake: lake.put(f"{FOLDER}/_partnerEvents.json", PARTNER),
    "W07": lambda lake: lake.put(f"{FOLDER}/00000000000000000002.parquet.tmp", b"half"),
    "W09": lambda lake: publish(lake, 2, marked((2, None, 4))),
    "W10": lambda lake: lake.put(f"{FOLDER}/_metadata.json", b'{"KeyColumns": ["Id"]}'),
    "W11": lambda lake: lake.delete(FIRST),
    "W13": lambda lake: publish(lake, 2, {"Id": [2], "V": ["b"], "__rowMarker__": ["4"]}),
}


@pytest.mark.parametrize("code", WRONG)
def test_a_rule_finds_what_breaks_it_and_nothing_else_does(tmp_path, code):
    lake = right(tmp_path)
    publish(lake, 1, {"Id": [1], "V": ["a"]})
    WRONG[code](lake)
    found = {finding.code for finding in lint(lake)}
    assert code in found
    known_together = {"E14": {"W02"}, "E13": {"W02"}, "E18": set(), "W05": set()}
    assert found - {code} <= known_together.get(code, set())


def test_two_partner_files_and_none_are_found(tmp_path):
    assert ("_partnerEvents.json", "W06") in {(found.path, found.code) for found in lint(zone_at(tmp_path))}


def test_files_by_time_need_no_numbers_but_different_times(tmp_path):
    lake = right(tmp_path, fileDetectionStrategy="LastUpdateTimeFileDetection")
    publish(lake, "a.parquet", {"Id": [1]})
    publish(lake, "b.parquet", {"Id": [2]})
    for name in ("a", "b"):
        os.utime(tmp_path / FOLDER / f"{name}.parquet", ns=(7, 7))
    assert [finding.code for finding in lint(lake)] == ["W08"]


def test_upserts_by_default_make_no_duplicates(tmp_path):
    lake = right(tmp_path, isUpsertDefaultRowMarker=True)
    publish(lake, 1, {"Id": [1]})
    publish(lake, 2, {"Id": [1]})
    assert lint(lake) == []


def test_a_deleted_key_may_be_inserted_again(tmp_path):
    lake = right(tmp_path)
    publish(lake, 1, {"Id": [1], "V": ["a"]})
    publish(lake, 2, marked((1, None, 2)))
    publish(lake, 3, marked((1, "b", 0), (2, "c", 4)))
    assert lint(lake) == []


def test_what_must_not_change_is_held_against_what_was_seen(tmp_path):
    lake = right(tmp_path)
    publish(lake, 1, {"Id": [1], "V": ["a"]})
    before = see(lake)
    assert lint(lake, before) == []
    publish(lake, 1, {"Id": [9], "V": ["z"]})
    lake.put(f"{FOLDER}/_metadata.json", b'{"keyColumns": ["V"]}')
    assert [finding.code for finding in lint(lake, before)] == ["E17", "E16"]


def test_a_folder_that_was_made_again_may_be_different(tmp_path):
    lake = right(tmp_path)
    publish(lake, 1, {"Id": [1]})
    before = see(lake)
    lake.delete_directory(FOLDER)
    right(tmp_path)
    lake.put(f"{FOLDER}/_metadata.json", b'{"keyColumns": ["V"]}')
    publish(lake, 1, {"V": [1]})
    assert lint(lake, before) == []


def test_every_rule_that_one_look_can_find_is_tried():
    by_other_tests = {"E16", "E17", "E19", "W08", "W12"}
    assert set(WRONG) | by_other_tests == set(RULES)


def test_more_tables_than_a_database_takes_are_found(tmp_path):
    lake = right(tmp_path)
    publish(lake, 1, {"Id": [1]})
    for number in range(1000):
        (tmp_path / f"T{number}").mkdir()
    assert "W12" in {finding.code for finding in lint(lake)}


def test_a_lake_that_cannot_tell_files_apart_cannot_be_held_against_the_past(tmp_path):
    lake = right(tmp_path)
    with pytest.raises(TypeError, match=r"Unversioned cannot tell dbo\.schema/Order from its successor"):
        see(Unversioned(lake))
    publish(lake, 1, {"Id": [1]})
    with pytest.raises(TypeError, match=r"cannot tell dbo\.schema/Order/0+1\.parquet from its successor"):
        see(Unversioned(lake, folders=False))
