"""Commands that are given a flow: the landing zone of its store is looked at, cleaned, and its tables rebuilt."""

from __future__ import annotations

import os
import time

import polars as pl
import pytest
from attrs import evolve

from hygge_core.errors import StoreError, UsageError
from hygge_store_openmirroring.put_aside import processed
from openmirroring.commands.projects import data_of, flow, hygge_mirror, write
from openmirroring.zones import publish, replay, rows_of, zone_at


ZONE = 'landing_zone = "file:zone", key_columns = ["Id"], drop_wait = 0'


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project whose flow publishes into the folder ``zone``, in which the shell stands."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path, flow(ZONE), Order={"Id": [1, 2], "V": ["a", "b"]})
    return tmp_path


@pytest.fixture
def zone(project):
    lake = zone_at(project / "zone")
    lake.put("_partnerEvents.json", b"{}")
    publish(lake, 1, {"Id": [1, 2], "V": ["a", "b"]})
    return lake


@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize("name", ["sales", "sales.Order", "zone", "./zone"])
def test_a_flow_stands_for_the_landing_zone_of_its_store(name):
    assert hygge_mirror("lint", name).stdout == "Nothing found: Fabric takes this landing zone as it is.\n"
    assert "dbo.Order" in hygge_mirror("simulate", name).stdout


def test_a_flow_is_meant_before_a_folder_of_its_name(zone, project):
    (project / "sales").mkdir()
    publish(zone, 2, b"")
    assert hygge_mirror("lint", "sales").exit_code == 1
    assert hygge_mirror("lint", "./sales").exit_code == 0


def test_what_is_neither_a_flow_nor_a_folder_is_refused_with_the_nearest_flow(zone):
    assert zone
    with pytest.raises(UsageError, match=r"no flow is called 'sale'; did you mean 'sales'"):
        hygge_mirror("lint", "sale")


def test_a_flow_into_another_store_has_no_landing_zone(project):
    text = flow(ZONE).replace('type = "open_mirroring", ' + ZONE, 'type = "parquet", path = "out/{entity}"')
    write(project, text)
    with pytest.raises(UsageError, match=r"sales.Order: is not published into a landing zone"):
        hygge_mirror("lint", "sales")


def test_a_flow_with_two_landing_zones_wants_a_table_named(project):
    other = '{ name = "Other", store = { type = "open_mirroring", landing_zone = "file:elsewhere" } }'
    write(project, flow(ZONE, entities=f'["Order", {other}]'))
    (project / "elsewhere").mkdir()
    with pytest.raises(UsageError, match="has several landing zones; name one table"):
        hygge_mirror("lint", "sales")
    assert hygge_mirror("simulate", "sales.Other").stdout == "No tables yet.\n"


def test_a_rebuild_publishes_the_source_anew_whatever_the_store_says(project):
    write(project, flow(f'{ZONE}, replace = "diff"', more='run_type = "full_drop"'))
    assert hygge_mirror("rebuild", "sales.Order", "--yes").exit_code == 0
    lake = zone_at(project / "zone")
    first = lake.stat("dbo.schema/Order").version
    pl.DataFrame({"Id": [2, 3], "V": ["B", "c"]}).write_csv(project / "in" / "Order.csv")
    assert hygge_mirror("rebuild", "sales.Order", "--yes").exit_code == 0
    assert lake.stat("dbo.schema/Order").version != first
    assert rows_of(replay(lake)) == [(2, "B"), (3, "c")]


def test_after_a_rebuild_a_diff_still_publishes_only_what_differs(project):
    write(project, flow(f'{ZONE}, replace = "diff"'))
    hygge_mirror("rebuild", "sales.Order", "--yes")
    pl.DataFrame({"Id": [1, 2], "V": ["a", "B"]}).write_csv(project / "in" / "Order.csv")
    moved(project)
    lake = zone_at(project / "zone")
    assert rows_of(replay(lake)) == [(1, "a"), (2, "B")]
    assert pl.read_parquet(project / "zone/dbo.schema/Order" / f"{2:020d}.parquet").height == 1


def test_nobody_drops_a_table_without_being_asked(project):
    with pytest.raises(UsageError, match="nobody can be asked here whether to drop the table; add --yes"):
        hygge_mirror("rebuild", "sales.Order")
    assert not (project / "zone" / "dbo.schema").exists()


def test_a_whole_flow_is_not_rebuilt_by_a_slip(project):
    assert project
    with pytest.raises(UsageError, match=r"sales: is a whole flow; name tables, as sales.Order or sales.\*"):
        hygge_mirror("rebuild", "sales", "--yes")


def aged(zone, *numbers, days, folder="_ProcessedFiles"):
    """Put files aside as the service does, so many days ago."""
    for number in numbers:
        path = f"dbo.schema/Order/{folder}/{number:020d}.parquet"
        zone.put(path, b"PAR1")
        moment = time.time() - days * 24 * 3600
        os.utime(zone.local_path(path), (moment, moment))


def left(zone, folder="_ProcessedFiles"):
    return [int(entry.path[-28:-8]) for entry in zone.list(f"dbo.schema/Order/{folder}")]


def test_cleaning_shows_first_and_deletes_when_told(zone):
    aged(zone, 1, 2, days=8)
    aged(zone, 3, days=6)
    publish(zone, 4, {"Id": [1]})
    shown = hygge_mirror("clean", "sales")
    assert shown.stdout.endswith("2 files, 8 bytes; add --yes to delete them.\n")
    assert left(zone) == [1, 2, 3]
    done = hygge_mirror("clean", "zone", "--yes", "--output", "json")
    assert [data["deleted"] for _, data in data_of(done)] == [True, True]
    assert left(zone) == [3]
    assert hygge_mirror("clean", "zone", "--yes").stdout == "Nothing to clean.\n"
    assert (zone.root / "dbo.schema/Order" / f"{4:020d}.parquet").exists()


def test_the_last_file_stays_however_old_it_is(zone):
    zone.delete(f"dbo.schema/Order/{1:020d}.parquet")
    aged(zone, 10, 9, days=99)
    aged(zone, 11, days=99, folder="_FilesReadyToDelete")
    said = hygge_mirror("clean", "zone", "--older-than", 0, "--yes").stdout
    assert said.endswith("2 files, 8 bytes, deleted.\n")
    assert (left(zone), left(zone, "_FilesReadyToDelete")) == ([], [11])


def test_only_files_that_were_put_aside_are_cleaned(zone):
    aged(zone, 1, days=99, folder="_mine")
    publish(zone, 2, {"Id": [1]})
    assert hygge_mirror("clean", "zone", "--older-than", 0, "--yes").stdout == "Nothing to clean.\n"


def test_files_without_a_time_are_not_guessed_to_be_old(zone):
    aged(zone, 1, days=99)
    publish(zone, 2, {"Id": [1]})
    with pytest.raises(StoreError, match=r"nobody knows how old files are here; delete them by hand"):
        list(processed(Timeless(zone), before=time.time()))


class Timeless:
    """A lake that keeps no times."""

    def __init__(self, lake):
        self.lake, self.url = lake, lake.url

    def list(self, path):
        return (evolve(entry, modified=0) for entry in self.lake.list(path))


@pytest.mark.parametrize("words", [("status", "sales"), ("start", "sales")])
def test_a_folder_here_has_no_fabric_behind_it(project, words):
    assert project
    with pytest.raises(UsageError, match=r"sales: Fabric cannot be asked .* see `hygge mirror simulate`"):
        hygge_mirror(*words)


def moved(project):
    """Run the project in this process."""
    from hygge_core.config import load_project
    from hygge_core.engine import Stop, run
    from hygge_core.plugins import Plugins

    plugins = Plugins.load()
    config = load_project(project / "hygge.toml", plugins=plugins, environ={})
    return run(config, plugins, config.entities, emit=lambda _: None, stop=Stop())
