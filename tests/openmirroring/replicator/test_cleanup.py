"""What was put aside is purged after a week, and nothing else is."""

from __future__ import annotations

import os

from hygge_store_openmirroring.landing_zone import TableName
from hygge_store_openmirroring.replicator.cleanup import RETENTION_NS, purge
from openmirroring.zones import publish, replay, zone_at


NOW = 10 * RETENTION_NS


def test_only_files_past_their_week_are_purged(tmp_path):
    lake = zone_at(tmp_path)
    for number in (1, 2, 3):
        publish(lake, number, {"Id": [number]})
    replay(lake)
    first, second = sorted(tmp_path.rglob("_*/*.parquet"))
    os.utime(first, ns=(0, NOW - RETENTION_NS - 1))
    os.utime(second, ns=(0, NOW - RETENTION_NS))
    assert purge(lake, TableName("dbo", "Order"), NOW) == 1
    assert sorted(file.name for file in tmp_path.rglob("*.parquet")) == [second.name, f"{3:020d}.parquet"]
