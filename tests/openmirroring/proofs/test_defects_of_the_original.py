"""Defects 4 to 11 of the original hygge 0.6.5, which lost or damaged tables in Fabric: none of them comes back."""

from __future__ import annotations

import json

import polars as pl
import pyarrow.parquet as pq
import pytest

from hygge_core.commit import Table
from hygge_core.errors import HyggeError
from hygge_core.schema import columns_of
from hygge_store_openmirroring.metadata import read_metadata
from openmirroring.proofs.conftest import ORDER
from openmirroring.publisher import CHANGED, FIRST, FOLDER, UPSERTED, Killed, Publisher


@pytest.mark.parametrize("settings", [{}, {"replace": "diff"}])
def test_4_a_full_drop_of_no_rows_drops_no_table(project, source, settings):
    project.write(run_type="full_drop", more="", watermark="", key_columns=["Id"], **settings)
    source.insert((1, "a", 1))
    project.go()
    assert project.mirrored() == source.rows()
    source.do('DELETE FROM "Order"')
    project.go()
    assert project.mirrored() == [(1, "a", 1)]
    project.write(run_type="full_drop", more='on_empty = "publish"', watermark="", key_columns=["Id"], **settings)
    project.go()
    assert project.mirrored() == []
    assert project.findings() == [], "a table of no rows has a file, so that it does not hang"


def test_5_a_full_drop_that_dies_between_deleting_and_moving_comes_back(zone, service):
    Publisher(zone, service).run(1, "replace", [FIRST])
    dropped = []

    def kill(operation, do):
        if dropped:
            raise Killed
        done = do()
        dropped.extend([1] if operation.verb == "delete_directory" and operation.subject == FOLDER else [])
        return done

    with pytest.raises((HyggeError, OSError)):
        Publisher(zone, service, disturb=kill).run(2, "replace", [CHANGED])
    assert dropped
    assert service.seen[-1] is None
    Publisher(zone, service).store.recover(_table(CHANGED))
    service.poll()
    assert service.seen[-1] == sorted(CHANGED.rows()), "the rows had been staged, and the next run publishes those"


def test_6_no_name_of_a_data_file_ever_leads_to_less_than_the_whole_file(zone, service):
    seen = set()

    def look(_, do):
        done = do()
        for entry in zone.list(FOLDER):
            name = entry.path.rpartition("/")[2]
            if name.startswith("000"):
                data = zone.read(entry.path)
                assert data[:4] == data[-4:] == b"PAR1", f"{name} is seen unfinished"
                seen.add(name)
        return done

    Publisher(zone, service, disturb=look).run(1, "replace", [FIRST[:2], FIRST[2:]])
    Publisher(zone, service, disturb=look).run(2, "upsert", [CHANGED])
    assert len(seen) == 3


@pytest.mark.parametrize("folder", [FOLDER, f"{FOLDER}/_ProcessedFiles", f"{FOLDER}/_FilesReadyToDelete"])
def test_7_a_folder_that_cannot_be_listed_is_no_reason_to_begin_at_1(zone, service, folder):
    Publisher(zone, service).run(1, "replace", [FIRST])

    def fail(operation, do):
        if operation.verb.startswith("list") and operation.subject == folder:
            raise OSError("the service is busy")
        return do()

    with pytest.raises((HyggeError, OSError)):
        Publisher(zone, service, disturb=fail).run(2, "upsert", [CHANGED])
    assert service.seen[-1] == sorted(FIRST.rows())
    Publisher(zone, service).run(3, "upsert", [CHANGED])
    assert service.seen[-1] == UPSERTED


def test_8_a_store_that_fails_while_rows_wait_ends_the_run(project, source):
    project.write(row_marker_column="V")
    source.insert((0, "0", 1))
    assert project.go().state == "committed"
    source.insert(*((number, "7" if number == 1 else "4", 2) for number in range(1, 100_000)))
    ended = project.hygge("go", timeout=60)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert "row_marker_column 'V' holds '7'" in ended.stdout + ended.stderr
    assert project.mirrored() == [(0, 1)]


def test_9_metadata_name_keys_as_the_polish_names_them(project, source):
    project.write(
        more='write = "upsert"\npolish = { columns = { case = "snake" } }',
        watermark='watermark = { column = "At", key = ["OrderId"] }',
    )
    source.do('ALTER TABLE "Order" RENAME COLUMN Id TO OrderId')
    source.insert((1, "a", 1))
    done = project.go()
    assert done.state == "committed", done.error
    source.do('UPDATE "Order" SET V = ?, At = 2', "b")
    assert project.go().state == "committed"
    assert project.mirrored() == [(1, "b", 2)]
    assert read_metadata(project.zone.read(ORDER.metadata)).key_columns == ("order_id",)
    assert project.findings() == []


def test_10_partner_events_lie_at_the_root_of_the_zone_and_stay(project, source):
    source.insert((1, "a", 1))
    project.write(run_type="full_drop", more="", watermark="", key_columns=["Id"])
    for _ in range(2):
        assert project.go().state == "committed"
        said = json.loads((project.folder / "LandingZone" / "_partnerEvents.json").read_text("utf-8"))
        assert said["partnerName"] == "hygge"
    assert [path.name for path in (project.folder / "LandingZone").rglob("_partnerEvents.json")] == [
        "_partnerEvents.json"
    ]


def test_11_moments_binary_and_durations_keep_a_type_that_fits_them(zone, service):
    frame = pl.DataFrame({"Id": [1], "M": [0], "B": [b"\0"], "D": [5]}).with_columns(
        pl.col("M").cast(pl.Datetime("us")), pl.col("D").cast(pl.Duration("us"))
    )
    Publisher(zone, service).run(1, "replace", [frame])
    (path,) = (entry.path for entry in zone.list(FOLDER) if entry.path.endswith(".parquet"))
    schema = pq.read_schema(zone.local_path(path))
    assert [str(schema.field(name).type).replace("large_", "") for name in "MBD"] == [
        "timestamp[us, tz=UTC]",
        "binary",
        "int64",
    ]


def _table(frame):
    return Table(name="Order", columns=columns_of(frame.schema), mode="replace")
