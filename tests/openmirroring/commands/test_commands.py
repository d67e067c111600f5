"""``hygge mirror`` says what is in a landing zone, to people and to programs."""

from __future__ import annotations

import json
import os
import time

import polars as pl
import pytest
from click.testing import CliRunner

from hygge_core.errors import UsageError
from hygge_store_openmirroring.commands.mirror import mirror
from openmirroring.zones import publish, zone_at


def hygge_mirror(*words):
    return CliRunner().invoke(mirror, [str(word) for word in words], catch_exceptions=False)


@pytest.fixture
def zone(tmp_path):
    lake = zone_at(tmp_path / "LandingZone")
    lake.put("_partnerEvents.json", b"{}")
    publish(lake, 1, {"Id": [1, 2], "V": ["a", "b"]})
    return lake


def test_a_good_zone_is_said_to_be_good(zone):
    done = hygge_mirror("lint", zone.root)
    assert (done.exit_code, done.stdout) == (0, "Nothing found: Fabric takes this landing zone as it is.\n")


def test_what_is_wrong_is_said_with_file_code_and_rule(zone):
    publish(zone, 3, b"")
    done = hygge_mirror("lint", zone.root)
    assert done.exit_code == 1
    assert f"{3:020d}.parquet: E07 has no bytes; files are whole" in done.stdout
    assert "dbo.schema/Order: E06 has no file between 1 and 3; numbers have no gap" in done.stdout
    assert done.stdout.endswith("2 errors, 0 warnings\n")


def test_a_warning_alone_is_no_failure(zone):
    publish(zone, 2, {"Id": [1], "V": ["again"]})
    done = hygge_mirror("lint", zone.root, "--output", "json")
    assert done.exit_code == 0
    (finding,) = [json.loads(line)["data"] for line in done.stdout.splitlines()]
    assert (finding["code"], finding["level"]) == ("W04", "warning")


def test_a_simulation_shows_the_tables_and_changes_nothing(zone):
    publish(zone, 2, {"Id": [3], "V": ["c"]})
    before = sorted(zone.root.rglob("*"))
    done = hygge_mirror("simulate", zone.root)
    assert done.exit_code == 0
    assert done.stdout.split() == ["table", "rows", "files", "state", "dbo.Order", "3", "2", "replicating"]
    assert sorted(zone.root.rglob("*")) == before


def test_a_stopped_table_is_told_with_the_reason(zone):
    publish(zone, 2, b"")
    done = hygge_mirror("simulate", zone.root, "--output", "json")
    assert done.exit_code == 1
    (table,) = [json.loads(line)["data"] for line in done.stdout.splitlines()]
    assert table["rows"] == 2
    assert "0 bytes" in table["state"]


def test_tables_that_are_kept_go_on_with_the_next_call(zone, tmp_path):
    hygge_mirror("simulate", zone.root, "--into", tmp_path / "tables", "--clean")
    publish(zone, 2, {"Id": [2], "__rowMarker__": [2]})
    done = hygge_mirror("simulate", zone.root, "--into", tmp_path / "tables", "--clean")
    assert done.exit_code == 0
    kept = pl.read_parquet(tmp_path / "tables" / "dbo" / "Order" / "rows.parquet")
    assert kept.rows() == [(1, "a")]
    assert not (zone.root / "dbo.schema" / "Order" / f"{1:020d}.parquet").exists()


def test_what_was_put_aside_a_week_ago_is_purged_with_clean_alone(zone, tmp_path):
    publish(zone, 2, {"Id": [3], "V": ["c"]})
    hygge_mirror("simulate", zone.root, "--into", tmp_path / "tables", "--clean")
    (aside,) = zone.root.rglob("_*/*.parquet")
    os.utime(aside, (time.time() - 8 * 24 * 3600,) * 2)
    hygge_mirror("simulate", zone.root, "--into", tmp_path / "tables")
    assert aside.exists()
    done = hygge_mirror("simulate", zone.root, "--into", tmp_path / "tables", "--clean")
    assert not aside.exists()
    assert done.stdout.split()[-3:] == ["3", "2", "replicating"]


def test_a_table_that_was_dropped_is_not_kept(zone, tmp_path):
    hygge_mirror("simulate", zone.root, "--into", tmp_path / "tables")
    zone.delete_directory("dbo.schema/Order")
    assert hygge_mirror("simulate", zone.root, "--into", tmp_path / "tables").stdout == "No tables yet.\n"
    assert not list((tmp_path / "tables").rglob("*.parquet"))


@pytest.mark.parametrize("command", ["lint", "simulate"])
def test_a_zone_that_is_not_there_is_named(tmp_path, command):

    with pytest.raises(UsageError, match="nowhere: is not a folder"):
        hygge_mirror(command, tmp_path / "nowhere")
