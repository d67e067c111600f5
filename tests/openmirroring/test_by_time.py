"""Files that the service finds by their time: names never come again, and commits lie a second apart."""

from __future__ import annotations

import os

import polars as pl
import pytest

from hygge_core.errors import HyggeError, StoreError
from hygge_core.lakes.local import LocalLake
from hygge_store_openmirroring.config import OpenMirroringConfig
from hygge_store_openmirroring.landing_zone import TableName
from hygge_store_openmirroring.lint.zone import lint
from hygge_store_openmirroring.metadata import read_metadata
from hygge_store_openmirroring.publishing.strategies import ByNumber, ByTime
from hygge_store_openmirroring.replicator.replicator import Replicator
from openmirroring.publisher import CHANGED, FIRST, FOLDER, UPSERTED, Killed, Publisher, Service


AGAIN = pl.DataFrame({"Id": [2], "V": ["BB"]})


class Clock:
    """The zone's time, which goes on only while somebody waits; files have it in whole seconds, as over HTTP."""

    def __init__(self, folder):
        self.now = 1_700_000_000
        self.folder = folder

    def sleep(self, seconds):
        self.stamp()
        self.now += int(seconds)

    def stamp(self):
        """Give the files that were written since the last time the time of now."""
        for path in self.folder.rglob("*.parquet"):
            if path.stat().st_mtime > self.now + 10**6:
                os.utime(path, (self.now, self.now))

    def rename(self, operation, do):
        """Rename as a service would that gives files a new time for it."""
        done = do()
        if operation.verb == "rename" and FOLDER in operation.subject:
            for path in (self.folder / FOLDER).glob(f"*{operation.subject[-20:]}"):
                os.utime(path, (self.now, self.now))
        return done


@pytest.fixture
def zone(tmp_path):
    return LocalLake(tmp_path)


@pytest.fixture
def service(zone):
    return Service(zone)


@pytest.fixture
def clock(tmp_path):
    return Clock(tmp_path)


@pytest.fixture
def publisher(zone, service, clock):
    def opened(disturb=None, **settings):
        return Publisher(zone, service, disturb=disturb, strategy=ByTime(sleep=clock.sleep), **settings)

    return opened


def names(zone):
    found = zone.list(FOLDER, recursive=True)
    return {entry.path.rpartition("/")[2] for entry in found if entry.path.endswith(".parquet")}


def test_the_words_of_the_settings_lead_to_it():
    config = OpenMirroringConfig(landing_zone="file:zone", file_detection="timestamp")
    assert config.file_detection == "timestamp"
    assert not ByTime().whole
    assert ByNumber().whole


def test_metadata_say_how_files_are_found(publisher, zone):
    publisher().run(1, "replace", [FIRST])
    assert read_metadata(zone.read(TableName("dbo", "Order").metadata)).detection == "LastUpdateTimeFileDetection"


def test_changes_of_one_key_are_applied_in_their_order_and_no_name_comes_twice(publisher, zone, service):
    publisher().run(1, "replace", [FIRST[:2], FIRST[2:]])
    publisher().run(2, "upsert", [CHANGED], deleted=pl.DataFrame({"Id": [1]}))
    publisher().run(3, "upsert", [AGAIN])
    service.poll()
    assert service.seen[-1] == [(2, "BB"), (3, "c"), (4, "d")]
    assert len(names(zone)) == 5
    assert lint(zone) == []


@pytest.mark.parametrize("refreshed", [False, True], ids=["renames keep times", "renames set times"])
def test_a_service_that_comes_late_applies_all_in_their_order(tmp_path, refreshed):
    """Nothing polls before the end, so only times tell which change is the newer one; ties are broken by chance."""
    zone, clock = LocalLake(tmp_path), Clock(tmp_path)
    nobody = Service(LocalLake(tmp_path / "elsewhere"))
    for number, frame in enumerate([FIRST, CHANGED, AGAIN], 1):
        mode = "replace" if number == 1 else "upsert"
        settings = {"disturb": clock.rename} if refreshed else {}
        Publisher(zone, nobody, strategy=ByTime(sleep=clock.sleep), **settings).run(number, mode, [frame])
        clock.stamp()
    for seed in range(9):
        late = Replicator(zone, seed=seed, clean=False)
        late.poll()
        (table,) = late.tables.values()
        assert sorted(table.rows.rows()) == [(1, "a"), (2, "BB"), (3, "c"), (4, "d")]
    assert lint(zone) == []


def test_a_replacement_makes_the_table_anew(publisher, zone, service):
    publisher().run(1, "replace", [FIRST])
    publisher().run(2, "replace", [CHANGED[:1], CHANGED[1:]])
    service.poll()
    assert service.seen[-1] == sorted(CHANGED.rows())
    assert lint(zone) == []


@pytest.mark.parametrize("mode", ["replace", "upsert"])
def test_a_publish_that_is_killed_between_its_files_is_finished(publisher, service, mode):
    publisher().run(1, "replace", [FIRST])
    renamed = []

    def kill(operation, do):
        if renamed:
            raise Killed
        done = do()
        renamed.extend([1] if operation.verb == "rename" and f"{FOLDER}/run2" in operation.subject else [])
        return done

    with pytest.raises((HyggeError, OSError)):
        publisher(disturb=kill).run(2, mode, [CHANGED[:1], CHANGED[1:]])
    assert service.seen[-1] != UPSERTED, "one file of two was seen"
    publisher().run(3, "upsert", [AGAIN])
    service.poll()
    left = UPSERTED if mode == "upsert" else sorted(CHANGED.rows())
    assert service.seen[-1] == sorted((key, "BB" if key == 2 else value) for key, value in left)


def test_a_commit_that_is_seen_file_by_file_is_declared_so(publisher):
    promise = publisher().store.capabilities.atomic_upsert
    assert not promise.kept
    assert "timestamp" in promise.reason


def test_a_table_keeps_the_way_in_which_its_files_are_found(publisher, zone, service):
    publisher().run(1, "replace", [FIRST])
    with pytest.raises(StoreError, match=r"published for LastUpdateTimeFileDetection, and now .* SequentialFileName"):
        Publisher(zone, service).run(2, "upsert", [CHANGED])
    Publisher(zone, service).run(3, "replace", [CHANGED])
    assert service.seen[-1] == sorted(CHANGED.rows())


def test_metadata_that_somebody_damaged_stop_the_next_publish(publisher, zone, tmp_path):
    publisher().run(1, "replace", [FIRST])
    zone.put(f"{FOLDER}/_metadata.json", b"{,")
    with pytest.raises(StoreError, match=r"_metadata.json is not JSON"):
        Publisher(zone, Service(LocalLake(tmp_path / "elsewhere"))).run(2, "upsert", [CHANGED])
