"""What was put aside is purged after a week, and nothing else is."""

from __future__ import annotations

import os

from hygge_store_openmirroring.replicator.replicator import RETENTION_SECONDS
from openmirroring.zones import publish, replay, zone_at


NOW = 10 * RETENTION_SECONDS


def changed(file, seconds):
    os.utime(file, (0, seconds))


def names(folder):
    return sorted(file.name for file in folder.rglob("*.parquet"))


def test_only_files_past_their_week_are_purged(tmp_path):
    lake = zone_at(tmp_path)
    for number in (1, 2, 3):
        publish(lake, number, {"Id": [number]})
    replicator = replay(lake)
    first, second = sorted(tmp_path.rglob("_*/*.parquet"))
    changed(first, NOW - RETENTION_SECONDS - 1)
    changed(second, NOW - RETENTION_SECONDS)
    assert replicator.purge(NOW) == 1
    assert names(tmp_path) == [second.name, f"{3:020d}.parquet"]


def test_the_file_that_was_taken_last_stays_however_old_it_is(tmp_path):
    lake = zone_at(tmp_path)
    publish(lake, 1, {"Id": [1]})
    publish(lake, 2, {"Id": [2]})
    replicator = replay(lake)
    for file in tmp_path.rglob("*.parquet"):
        changed(file, 1)
    assert replicator.purge(NOW) == 1
    assert replicator.purge(NOW) == 0
    assert names(tmp_path) == [f"{2:020d}.parquet"]


class Counting:
    """A lake that counts how often each folder is listed."""

    def __init__(self, lake):
        self.lake, self.listed = lake, []

    def __getattr__(self, verb):
        return getattr(self.lake, verb)

    def list(self, path):
        self.listed.append(path)
        return self.lake.list(path)


def test_a_table_is_listed_a_second_time_only_when_something_was_taken(tmp_path):
    lake = Counting(zone_at(tmp_path))
    publish(lake, 1, {"Id": [1]})
    replicator = replay(lake)
    assert lake.listed.count("dbo.schema/Order") == 2
    lake.listed.clear()
    assert replicator.poll().files == 0
    assert lake.listed.count("dbo.schema/Order") == 1
