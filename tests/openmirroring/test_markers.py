"""What becomes of rows in the mirrored table: as the flow says, or as each row says itself."""

from __future__ import annotations

import polars as pl
import pytest

from hygge_core.errors import StoreError
from hygge_core.lakes.local import LocalLake
from hygge_store_openmirroring.config import OpenMirroringConfig
from hygge_store_openmirroring.lint.zone import lint
from hygge_store_openmirroring.row_markers import ROW_MARKER
from openmirroring.publisher import CHANGED, FIRST, UPSERTED, Publisher, Service


@pytest.fixture
def zone(tmp_path):
    return LocalLake(tmp_path)


@pytest.fixture
def service(zone):
    return Service(zone)


def markers(zone, number):
    """The keys and markers of a file, wherever it lies by now."""
    (path,) = {
        entry.path for entry in zone.list("dbo.schema", recursive=True) if entry.path.endswith(f"{number:020d}.parquet")
    }
    frame = pl.read_parquet(zone.local_path(path))
    assert frame.columns[-1] == ROW_MARKER
    assert frame.schema[ROW_MARKER] == pl.Int32()
    return list(frame.select("Id", ROW_MARKER).rows())


def config(**keys):
    return OpenMirroringConfig(landing_zone="file:zone", **keys)


@pytest.mark.parametrize(
    ("said", "number"), [("upsert", 4), (4, 4), ("update", 1), (1, 1), ("insert", 0), (0, 0)], ids=str
)
def test_words_and_numbers_mean_the_same(said, number):
    assert config(row_marker=said).marker == number


@pytest.mark.parametrize("said", ["delete", 2])
def test_a_flow_that_would_delete_all_its_rows_is_refused(said):
    with pytest.raises(ValueError, match="would delete every row"):
        config(row_marker=said)


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        ({"row_marker": "insert"}, "rows have one marker"),
        ({"remember_keys": True}, "neither remember_keys"),
        ({"replace": "diff"}, "neither remember_keys"),
        ({"file_detection": "timestamp"}, "such rows have an order"),
    ],
)
def test_a_column_of_markers_goes_with_nothing_that_it_would_break(keys, why):
    with pytest.raises(ValueError, match=why):
        config(row_marker_column="Op", **keys)


@pytest.mark.parametrize("marker", [1, 4])
def test_incremental_rows_have_the_marker_of_their_flow(zone, service, marker):
    Publisher(zone, service, marker=marker).run(1, "replace", [FIRST])
    Publisher(zone, service, marker=marker).run(2, "upsert", [CHANGED])
    assert markers(zone, 2) == [(2, marker), (4, marker)]
    assert service.seen[-1] == UPSERTED
    assert lint(zone) == []


def test_only_keys_that_the_table_does_not_have_are_inserted(zone, service):
    Publisher(zone, service, marker=0, remembers=True).run(1, "replace", [FIRST])
    Publisher(zone, service, marker=0, remembers=True).run(2, "upsert", [CHANGED])
    assert markers(zone, 2) == [(2, 4)]
    assert markers(zone, 3) == [(4, 0)]
    Publisher(zone, service, marker=0, remembers=True).run(3, "upsert", [CHANGED], pl.DataFrame({"Id": [1]}))
    assert service.seen[-1] == UPSERTED[1:], "the same rows again are no new rows"
    Publisher(zone, service, marker=0, remembers=True).run(4, "upsert", [FIRST[:1]])
    assert markers(zone, 6) == [(1, 0)], "a key that was deleted is new when it comes back"


def test_rows_whose_keys_nobody_kept_are_upserted(zone, service):
    Publisher(zone, service).run(1, "replace", [FIRST])
    Publisher(zone, service, marker=0, remembers=True).run(2, "upsert", [CHANGED])
    assert markers(zone, 2) == [(2, 4), (4, 4)]
    assert service.seen[-1] == UPSERTED


@pytest.mark.parametrize("dtype", [pl.Int64(), pl.UInt8(), pl.String()], ids=str)
def test_rows_may_say_themselves_what_becomes_of_them(zone, service, dtype):
    """The column becomes the last one under the service's name, and is no column of the table."""
    first = FIRST.select(Op=pl.lit(4).cast(dtype), Id="Id", V="V")
    Publisher(zone, service, marker="Op").run(1, "replace", [first])
    changes = pl.DataFrame({"Op": [2, 1, 0], "Id": [1, 2, 4], "V": [None, "B", "d"]}).cast({"Op": dtype})
    Publisher(zone, service, marker="Op").run(2, "upsert", [changes])
    assert markers(zone, 2) == [(1, 2), (2, 1), (4, 0)]
    assert service.seen[-1] == UPSERTED[1:]
    assert lint(zone) == []


@pytest.mark.parametrize("wrong", [3, -1, None, 2**40])
def test_a_row_that_says_something_else_is_refused_and_nothing_is_published(zone, service, wrong):
    Publisher(zone, service, marker="Op").run(1, "replace", [FIRST.with_columns(Op=4)])
    odd = CHANGED.with_columns(Op=pl.Series([4, wrong], dtype=pl.Int64))
    with pytest.raises(StoreError, match=f"row_marker_column 'Op' holds {wrong}") as refused:
        Publisher(zone, service, marker="Op").run(2, "upsert", [odd])
    assert "\n" not in str(refused.value)
    assert service.seen[-1] == sorted(FIRST.rows())


@pytest.mark.parametrize(
    ("frame", "settings", "why"),
    [
        (FIRST, {}, "there is no column 'Op', which is the row_marker_column; there are Id, V"),
        (FIRST.with_columns(Op=1.0), {}, "'Op' is of dtype Float64"),
        (FIRST.with_columns(Op=4), {"key_columns": ()}, "there is no key to find them by"),
        (FIRST.with_columns(Op=4), {"key_columns": ("Op",)}, "no column 'Op', which is in key_columns"),
    ],
)
def test_a_column_that_cannot_say_it_is_refused_before_anything_is_staged(zone, service, frame, settings, why):
    with pytest.raises(StoreError, match=why):
        Publisher(zone, service, marker="Op", **settings).run(1, "replace", [frame])
    assert service.seen[-1] is None


def test_a_key_that_came_is_not_deleted_in_the_same_run(zone, service):
    Publisher(zone, service).run(1, "replace", [FIRST])
    Publisher(zone, service).run(2, "upsert", [CHANGED], deleted=pl.DataFrame({"Id": [1, 2]}))
    assert markers(zone, 2) == [(1, 2)]
    assert service.seen[-1] == UPSERTED[1:]
