"""Whatever is published, in whatever order and with whatever keys: the mirrored table is the source."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygge_core.errors import HyggeError
from hygge_core.lakes.local import LocalLake
from hygge_store_openmirroring.lint.zone import lint
from hygge_store_openmirroring.publishing.rebuild import Rebuild
from openmirroring.publisher import Publisher, Service


KEYS = {
    "integer": (pl.Int64(), lambda number: number),
    "small": (pl.UInt8(), lambda number: number),
    "unsigned": (pl.UInt64(), lambda number: 2**64 - 1 - number),
    "text": (pl.String(), lambda number: f"k\u00f8 {number}"),
    "decimal": (pl.Decimal(20, 2), lambda number: Decimal(number) / 100),
    "date": (pl.Date(), lambda number: date(2024, 1, 1 + number)),
    "moment": (pl.Datetime("us", "UTC"), lambda number: datetime(2024, 1, 1, 0, 0, number, tzinfo=UTC)),
    "naive": (pl.Datetime("ms"), lambda number: datetime(2024, 1, 1, 0, 0, number)),  # noqa: DTZ001 - the point of it
    "binary": (pl.Binary(), lambda number: bytes([number, 0])),
    "boolean": (pl.Boolean(), lambda number: number % 2 == 0),
}

NUMBERS = st.integers(0, 5)
ROWS = st.dictionaries(NUMBERS, st.integers(0, 2), max_size=6)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("replace"), ROWS, st.none()),
        st.tuples(st.just("upsert"), ROWS, st.sets(NUMBERS, max_size=3)),
    ),
    min_size=1,
    max_size=6,
)


def frame(kind, rows):
    dtype, value = KEYS[kind]
    keys = {value(number): change for number, change in rows.items()}
    return pl.DataFrame({"Id": list(keys), "V": list(keys.values())}, schema={"Id": dtype, "V": pl.Int64()})


@pytest.mark.parametrize("diff", [False, True], ids=["rebuild", "diff"])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the dead close nothing
@settings(max_examples=10, deadline=None)
@given(kind=st.sampled_from(sorted(KEYS)), steps=STEPS, dies=st.none() | st.integers(1, 60))
def test_the_mirrored_table_is_the_source_after_every_run(kind, diff, steps, dies):
    with TemporaryDirectory() as folder:
        zone = LocalLake(Path(folder))
        service, source, there = Service(zone), {}, False
        for number, (step, rows, deleted) in enumerate(steps):
            mode = step if there else "replace"
            upserts = mode == "upsert"
            source, gone = changed(kind, source if upserts else {}, rows, deleted if upserts else None)
            job = (mode, [frame(kind, rows)], gone)
            if dies is not None:
                with suppress(HyggeError, OSError, pl.exceptions.PolarsError):
                    Publisher(zone, service, dies + number, remembers=diff, diff=diff).run(number * 2, *job)
            Publisher(zone, service, remembers=diff, diff=diff).run(number * 2 + 1, *job)
            service.poll()
            there = True
            (table,) = service.replicator.tables.values()
            assert sorted(table.rows["V"].to_list()) == sorted(source.values())


MISHAPS = ["none", "killed", "listing fails", "state is lost", "two publishers", "clock jumps"]
TROUBLED = st.lists(
    st.tuples(
        st.sampled_from(["replace", "upsert"]),
        ROWS,
        st.sets(NUMBERS, max_size=3),
        st.sampled_from(MISHAPS),
        st.integers(1, 60),
    ),
    min_size=1,
    max_size=5,
)


@pytest.mark.parametrize("examples", [8, pytest.param(300, marks=pytest.mark.slow)])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the dead close nothing
def test_whatever_goes_wrong_the_mirrored_table_is_the_source_once_a_run_went_well(examples):
    settings(max_examples=examples, deadline=None)(
        given(kind=st.sampled_from(sorted(KEYS)), steps=TROUBLED)(troubled)
    )()


def troubled(kind, steps):
    with TemporaryDirectory() as folder:
        zone = LocalLake(Path(folder))
        service, source = Service(zone), {}
        for number, (step, rows, deleted, mishap, at) in enumerate(steps):
            if mishap == "state is lost":
                zone.delete_directory("_hygge")  # then nobody knows how far it came, and all is loaded anew
            mode = step if number and mishap != "state is lost" else "replace"
            source, gone = changed(
                kind, source if mode == "upsert" else {}, rows, deleted if mode == "upsert" else None
            )
            job = (mode, [frame(kind, rows)], gone)
            with suppress(HyggeError, OSError, pl.exceptions.PolarsError):
                in_trouble(zone, service, (mishap, at), number, job)
            Publisher(zone, service).run(2 * number + 1, *job)
            service.poll()
            (table,) = service.replicator.tables.values()
            assert sorted(table.rows["V"].to_list()) == sorted(source.values())
            assert not [finding for finding in lint(zone) if finding.code in {"E05", "E06", "E16"}]


def in_trouble(zone, service, trouble, number, job):
    """Run once while something goes wrong, at the operation of its number where it happens at one."""
    mishap, at = trouble
    publisher = Publisher(zone, service, at if mishap == "killed" else None, rebuild=rebuild(service, mishap, at))

    def disturb(operation, do):
        if mishap == "listing fails" and operation.verb.startswith("list") and publisher.operations >= at:
            raise OSError("the service is busy")
        if mishap == "two publishers" and publisher.operations == at:
            with suppress(HyggeError):
                Publisher(zone, service).run(f"{number}-other", *job)
        return do()

    publisher.disturb = disturb
    publisher.run(2 * number, *job)


def rebuild(service, mishap, at):
    """Wait by a clock that jumps back and forth by hours, if that is what happens."""
    jumps = count()

    def clock():
        return 1e9 + (next(jumps) * 7919 * at) % 20_000 if mishap == "clock jumps" else 0.0

    return Rebuild(tables=service, sleep=lambda _: service.poll(), poll=0, clock=clock)


def changed(kind, source, rows, deleted):
    """Return the source after a step, by the keys as their type tells them apart, and the deleted keys."""
    dtype, value = KEYS[kind]
    after = dict(source)
    keys = [value(number) for number in deleted or () if value(number) not in {value(number) for number in rows}]
    for key in keys:
        after.pop(key, None)
    after |= {value(number): change for number, change in rows.items()}
    gone = pl.DataFrame({"Id": list(dict.fromkeys(keys))}, schema={"Id": dtype}) if deleted else None
    return after, gone
