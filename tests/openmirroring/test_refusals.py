"""Tables that a mirrored database cannot hold are refused before anything is staged, each with its reason."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import polars as pl
import pytest

from hygge_core.commit import Table, TableRun
from hygge_core.errors import StoreError
from hygge_core.lakes.local import LocalLake
from hygge_core.schema import columns_of
from openmirroring.publisher import Publisher, Service


FIRST = pl.DataFrame({"Id": [1, 2], "V": ["a", "b"]})
TABLE = Table(name="Order", columns=columns_of(FIRST.schema), mode="upsert")


@pytest.fixture
def zone(tmp_path):
    return LocalLake(tmp_path)


@pytest.fixture
def service(zone):
    return Service(zone)


@pytest.mark.parametrize(
    ("frame", "why"),
    [
        (FIRST.with_columns(__rowMarker__=4), "has the name of the row marker; set row_marker_column"),
        (FIRST.with_columns(v=pl.lit("x")), "'V' and 'v' differ in case only"),
        (FIRST.with_columns(N=None), "has no type, only nulls"),
        (FIRST.with_columns(N=pl.lit(1, pl.Int128())), "integers of 128 bits"),
        (FIRST.with_columns(N=pl.lit(Decimal(1)).cast(pl.Decimal(38, 0)), M=None), "column 'M'"),
    ],
)
def test_columns_that_fabric_cannot_hold_are_refused(zone, service, frame, why):
    with pytest.raises(StoreError, match=why):
        Publisher(zone, service).run(1, "replace", [frame])
    assert list(zone.list("dbo.schema")) == []


def test_a_column_that_comes_back_in_another_case_is_refused(zone, service):
    Publisher(zone, service).run(1, "replace", [FIRST])
    with pytest.raises(StoreError, match="'v' was 'V', which differs in case only"):
        Publisher(zone, service).run(2, "upsert", [FIRST.rename({"V": "v"})])


@pytest.mark.parametrize("settings", [{}, {"diff": True}])
def test_keys_cannot_be_remembered_of_a_table_that_has_none(zone, service, settings):
    store = Publisher(zone, service, key_columns=(), remembers=True, **settings).store
    run = TableRun(id="run1", flow="f", entity="Order", started=datetime.now(UTC))
    with pytest.raises(StoreError, match="tell rows apart by key_columns, and there are none"):
        store.stage(TABLE, run)
    assert list(zone.list("", recursive=True)) == [], "before anything is read"


def test_rows_that_are_followed_by_other_columns_than_the_key_are_refused(zone, service):
    Publisher(zone, service, key_columns=("V",)).run(1, "replace", [FIRST])
    with pytest.raises(StoreError, match=r"key_columns are \['V'\], and rows are followed by \['Id'\]"):
        Publisher(zone, service, key_columns=("V",)).run(2, "upsert", [FIRST])


def test_keys_that_nobody_kept_cannot_be_told(zone, service):
    publisher = Publisher(zone, service)
    assert publisher.store.keys(TABLE, ["Id"]) is None
    publisher.run(1, "replace", [FIRST])
    with pytest.raises(StoreError, match="nobody kept which keys this table has"):
        publisher.store.keys(TABLE, ["Id"])
    remembering = Publisher(zone, service, remembers=True)
    remembering.run(2, "replace", [FIRST])
    assert sorted(remembering.store.keys(TABLE, ["Id"]).collect()["Id"]) == [1, 2]
    assert len(list(remembering.store.commits(TABLE))) == 2


def test_files_that_were_lost_before_they_were_published_stop_the_next_run(zone, service):
    Publisher(zone, service).run(1, "replace", [FIRST])

    def kill(operation, do):
        if operation.verb == "rename" and operation.subject.endswith("2.parquet"):
            raise OSError("the service is busy")
        return do()

    with pytest.raises(StoreError, match="the next run finishes the commit"):
        Publisher(zone, service, disturb=kill).run(2, "upsert", [FIRST])
    for entry in list(zone.list("_hygge", recursive=True)):
        if entry.path.endswith(".parquet"):
            zone.delete(entry.path)
    with pytest.raises(StoreError, match="neither staged nor published"):
        Publisher(zone, service).run(3, "upsert", [FIRST])


def written_as_batch(stage, frame):
    stage.writer().write(frame)


def streamed(stage, frame):
    stage.sink(frame.lazy())


def streamed_with_a_sample(stage, frame):
    stage.sink(frame.lazy(), sample=frame)


@pytest.mark.parametrize("road", [written_as_batch, streamed, streamed_with_a_sample])
@pytest.mark.parametrize("row", [0, 59_999])
def test_whichever_way_rows_come_an_unfit_value_is_named_in_one_line(zone, service, road, row):
    moments = pl.Series("At", [0] * 60_000).cast(pl.Datetime("ns"))
    frame = (
        FIRST[:1]
        .join(moments.to_frame(), how="cross")
        .with_columns(At=pl.when(pl.row_index() == row).then(pl.col("At").dt.offset_by("1ns")).otherwise(pl.col("At")))
    )
    said = refused(zone, service, frame, lambda stage: road(stage, frame))
    assert said == (
        f"{zone.url('dbo.schema/Order')}: a row cannot be mirrored: column 'At' holds nanoseconds, and Fabric keeps "
        "six digits of a second; round it to microseconds in the source; the mirrored table is as it was"
    )


def test_a_deleted_key_that_is_unfit_is_named_too(zone, service):
    keys = pl.DataFrame({"Id": pl.Series([1000, 2001]).cast(pl.Datetime("ns"))})
    whole = keys.with_columns(pl.col("Id").dt.truncate("1us"))

    def merge(stage):
        writer = stage.writer()
        writer.write(whole)
        stage.merge(writer.close(), key=["Id"], deleted=keys.lazy())

    said = refused(zone, service, whole, merge)
    assert "column 'Id' holds nanoseconds" in said
    assert "\n" not in said


def refused(zone, service, frame, move):
    """Begin to stage a frame's table; return what is said of it."""
    table = Table(name="Order", columns=columns_of(frame.schema), mode="upsert")
    run = TableRun(id="run1", flow="f", entity="Order", started=datetime.now(UTC))
    stage = Publisher(zone, service).store.stage(table, run)
    with pytest.raises(StoreError) as error:
        move(stage)
    stage.abort()
    return str(error.value)
