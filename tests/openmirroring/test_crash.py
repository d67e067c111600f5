"""Killed at any operation, with the service looking at every one of them: the mirrored table is always some commit's.

The publisher works on a lake whose every operation lets the replicator poll first, and from a chosen
operation on none is carried out any more, which is all that a killed process leaves behind.  The next run then
recovers and publishes again, under the same eyes.
"""

from __future__ import annotations

from random import Random

import polars as pl
import pytest

from hygge_core.errors import HyggeError
from hygge_core.lakes.local import LocalLake
from openmirroring.publisher import Publisher, Service


FIRST = pl.DataFrame({"Id": range(9), "V": [f"first {number}" for number in range(9)]})
CHANGED = pl.DataFrame({"Id": [1, 4, 20, 21, 22], "V": ["changed"] * 4 + [None]})
DELETED = pl.DataFrame({"Id": [0, 8]})
SECOND = pl.DataFrame({"Id": [3, 30], "V": ["second", "new"]})


def thirds(frame):
    return [frame[:3], frame[3:6], frame[6:]] if frame.height > 6 else [frame[:1], frame[1:]]


BEFORE = sorted(FIRST.rows())
CHANGES = {row[0]: row for row in CHANGED.rows()}
UPSERTED = sorted([row for row in FIRST.rows() if row[0] not in {*CHANGES, 0, 8}] + list(CHANGES.values()))
JOBS = {
    "first load": (None, ("replace", thirds(FIRST)), BEFORE),
    "upsert": (BEFORE, ("upsert", thirds(CHANGED), DELETED), UPSERTED),
    "rebuild": (BEFORE, ("replace", thirds(SECOND)), sorted(SECOND.rows())),
}


def begun(path, old):
    zone = LocalLake(path)
    service = Service(zone)
    if old is not None:
        Publisher(zone, service).run(0, "replace", thirds(FIRST))
        service.poll()
        assert service.seen[-1] == old
    service.seen.clear()
    return zone, service


def operations_of(path, old, job):
    zone, service = begun(path, old)
    publisher = Publisher(zone, service)
    publisher.run(1, *job)
    service.poll()
    return publisher.operations, service


def each(operations):
    return range(1, operations + 1)


def some(operations):
    """A dozen points, and those around the record and the renames, which come last."""
    chosen = Random(operations)  # noqa: S311 - the same ones each time
    return sorted({*chosen.sample(range(1, operations + 1), 6), *range(operations - 7, operations + 1)})


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the dead close nothing
@pytest.mark.parametrize("points", [some, pytest.param(each, marks=pytest.mark.slow)], ids=["some", "each"])
@pytest.mark.parametrize("name", JOBS)
def test_a_publish_that_is_killed_anywhere_is_finished_or_done_again(tmp_path, name, points):
    old, job, new = JOBS[name]
    operations, service = operations_of(tmp_path / "whole", old, job)
    assert service.seen[-1] == new
    assert operations > 20, "the matrix sees what it kills"
    print(f"\n{name}: killed at {len(points(operations))} of {operations} operations")  # noqa: T201 - the figures that docs/guarantees.md gives
    for point in points(operations):
        zone, service = begun(tmp_path / f"{point}", old)
        with pytest.raises((HyggeError, OSError, pl.exceptions.PolarsError)):
            Publisher(zone, service, dies_at=point).run(1, *job)
        service.poll()
        Publisher(zone, service).run(2, *job)
        service.poll()
        assert service.seen[-1] == new
        shown = [rows for rows in service.seen if rows not in (old, new)]
        assert all(rows is None for rows in shown), "never anything else than the old table, none, or the new one"
        if name != "rebuild" and old is not None:
            assert None not in service.seen, "an upsert never takes the table away"
