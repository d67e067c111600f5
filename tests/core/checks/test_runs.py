"""Checks in whole runs: a refusal leaves the store as it was, byte for byte."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from importlib.metadata import EntryPoint
from types import ModuleType

import polars as pl
import pytest

from hygge_core import UsageError, hookimpl
from hygge_core.checks.config import ChecksConfig, Fresh
from hygge_core.plugins import Plugins
from hygge_core.testing import MemoryHome, MemoryStore
from hygge_core.watermark.config import WatermarkConfig
from hygge_store_parquet.config import ParquetStoreConfig
from hygge_store_parquet.store import open_parquet_store
from table_runs import entity, go


NOW = datetime.now(UTC).replace(tzinfo=None)
OLD = pl.DataFrame({"id": range(100), "name": "old", "at": [NOW - timedelta(minutes=160 - n) for n in range(100)]})
FOLLOWED = {
    "run_type": "incremental",
    "watermark": WatermarkConfig(column="at", key=("id",)),
}


@pytest.fixture
def store(tmp_path):
    """Open the store, as each run does for itself."""
    return lambda: open_parquet_store(ParquetStoreConfig(path="{entity}"), tmp_path)


def move(store, frame, **settings):
    """Run one table; returns its outcome."""
    report, _ = go(entity(MemoryHome({"teas": frame}), store(), **settings))
    return report.tables[0]


def bytes_of(folder):
    """Every file that a reader could see or that remembers a commit, with its content."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "lease")
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in files}


def rows(frame, **changes):
    return frame.with_columns(**{name: pl.lit(value) for name, value in changes.items()})


@pytest.mark.parametrize(
    ("frame", "checks", "told"),
    [
        (OLD[:0], {"rows_min": 1}, "rows_min: the run brings 0 rows"),
        (OLD[:9], {"rows_min": 10}, "rows_min: the run brings 9 rows"),
        (OLD, {"rows_max": 99}, "rows_max: the run brings 100 rows"),
        (OLD[:89], {"max_drop": 10.0}, "max_drop: 100 rows would become 89, 11 % fewer"),
        (pl.concat([OLD, OLD[7:8]]), {"unique": ("id",)}, "unique: these keys come more than once: id = 7 (2 rows)"),
        (rows(OLD, name=None).cast({"name": pl.String}), {"not_null": ("name",)}, "100 rows have no value in 'name'"),
        (
            rows(OLD, at=NOW - timedelta(days=2)),
            {"fresh": Fresh(column="at", within=timedelta(days=1))},
            "fresh: the newest 'at' is ",
        ),
    ],
)
def test_a_refused_run_leaves_every_byte_as_it_was(store, tmp_path, frame, checks, told):
    assert move(store, OLD).state == "committed"
    before = bytes_of(tmp_path)
    outcome = move(store, frame, checks=ChecksConfig(**checks))
    assert outcome.state == "failed"
    assert outcome.exit_code == 1
    assert told in outcome.error
    assert outcome.error.startswith("shop.teas: refused by its check: ")
    assert bytes_of(tmp_path) == before
    assert move(store, OLD, checks=ChecksConfig(rows_min=100, rows_max=100, max_drop=0.0)).state == "committed"


def test_what_holds_is_committed(store):
    checks = ChecksConfig(
        rows_min=100,
        rows_max=100,
        max_drop=0.0,
        unique=("id",),
        not_null=("id", "name", "at"),
        fresh=Fresh(column="at", within=timedelta(hours=2)),
    )
    assert move(store, OLD, checks=checks).state == "committed"
    assert move(store, OLD, checks=checks).state == "committed"


@pytest.fixture
def plugins():
    """Make a plugin of functions, and load it as if it were installed."""
    name = "acme_gate_of_checks"

    def load(*functions):
        module = ModuleType(name)
        for function in functions:
            setattr(module, function.__name__, hookimpl(function))
        sys.modules[name] = module
        return Plugins.load(environ={}, entry_points=[EntryPoint("gate", name, "hygge")])

    yield load
    del sys.modules[name]


def test_plugins_hear_of_a_refusal_and_are_not_asked_after_one(store, plugins):
    heard = []

    def hygge_before_commit(run, staged, rows, last):
        heard.append((run.entity, staged.rows, rows().collect().height, last and last.sequence))

    def hygge_after_abort(error):
        heard.append(str(error))

    loaded = plugins(hygge_before_commit, hygge_after_abort)
    home = MemoryHome({"teas": OLD})
    go(entity(home, store()), plugins=loaded)
    go(entity(home, store(), checks=ChecksConfig(rows_max=1)), plugins=loaded)
    go(entity(home, store()), plugins=loaded)
    first, refusal, second = heard
    assert first == ("teas", 100, 100, None)
    assert "rows_max: the run brings 100 rows, at most 1 expected" in refusal
    assert second == ("teas", 100, 100, 1)


def test_an_append_is_checked_by_the_rows_that_it_adds(store):
    added = pl.DataFrame({"id": [7, 100], "name": ["new", None], "at": NOW})
    assert move(store, OLD, **FOLLOWED).state == "committed"
    source = pl.concat([OLD, added])
    refused = move(store, source, checks=ChecksConfig(rows_min=3, not_null=("name",), max_drop=0.0), **FOLLOWED)
    assert "rows_min: the run brings 2 rows, at least 3 expected" in refused.error
    assert "not_null: 1 row has no value in 'name', such as the row id = 100" in refused.error
    assert "max_drop" not in refused.error
    outcome = move(store, source, checks=ChecksConfig(unique=("id",), rows_max=2, max_drop=0.0), **FOLLOWED)
    assert (outcome.state, outcome.rows.staged) == ("committed", 2)


def test_an_upsert_is_checked_by_the_rows_that_come_and_the_table_that_remains(store):
    followed = {**FOLLOWED, "write": "upsert"}
    added = pl.DataFrame({"id": [7, 100], "name": ["new", None], "at": NOW})
    assert move(store, OLD, **followed).state == "committed"
    source = pl.concat([OLD.filter(pl.col("id") != 7), added])
    refused = move(store, source, checks=ChecksConfig(rows_min=3, rows_max=9, not_null=("name",)), **followed)
    assert "rows_min: the run brings 2 rows, at least 3 expected" in refused.error
    assert "1 row has no value in 'name', such as the row id = 100" in refused.error
    outcome = move(store, source, checks=ChecksConfig(unique=("id",), max_drop=0.0), **followed)
    assert outcome.state == "committed"
    assert outcome.rows.visible == 101


def test_a_run_that_finds_nothing_new_is_checked_too(store):
    within = ChecksConfig(fresh=Fresh(column="at", within=timedelta(hours=2)), rows_max=0)
    beyond = ChecksConfig(fresh=Fresh(column="at", within=timedelta(minutes=1)))
    assert move(store, OLD, **FOLLOWED).state == "committed"
    assert move(store, OLD, checks=within, **FOLLOWED).state == "kept"
    assert "fresh: the newest 'at' is " in move(store, OLD, checks=beyond, **FOLLOWED).error
    assert "at least 1 expected" in move(store, OLD, checks=ChecksConfig(rows_min=1), **FOLLOWED).error


def test_an_empty_source_that_leaves_the_table_alone_does_not_make_it_smaller(store):
    assert move(store, OLD).state == "committed"
    assert move(store, OLD[:0], checks=ChecksConfig(max_drop=0.0)).state == "kept"
    published = move(store, OLD[:0], checks=ChecksConfig(max_drop=0.0), on_empty="publish")
    assert "100 rows would become 0, 100 % fewer" in published.error


def test_a_check_of_a_column_that_is_not_there_is_refused_before_anything_is_staged(store, tmp_path):
    outcome = move(store, OLD, checks=ChecksConfig(unique=("ident",)))
    assert outcome.exit_code == UsageError.exit_code
    assert "checks.unique names 'ident', and the table has no such column" in outcome.error
    assert bytes_of(tmp_path) == {}


class BlindStore(MemoryStore):
    """A store whose stage shows no rows, and which does not count."""

    count = None

    def stage(self, table, run):
        return BlindStage(super().stage(table, run))


class BlindStage:
    def __init__(self, stage):
        self.writer, self.seal, self.commit, self.abort = stage.writer, stage.seal, stage.commit, stage.abort


@pytest.mark.parametrize("checks", [ChecksConfig(unique=("id",)), ChecksConfig(max_drop=1.0)])
def test_a_store_that_cannot_show_or_count_is_refused_before_a_row_is_read(checks):
    store = BlindStore()
    outcome = move(lambda: store, OLD, checks=checks)
    assert outcome.exit_code == UsageError.exit_code
    assert "the store cannot" in outcome.error
    assert outcome.rows.staged is None
    assert not store.place.stages
    assert move(lambda: store, OLD, checks=ChecksConfig(rows_min=1)).state == "committed"


def test_a_gate_is_told_that_a_stage_shows_nothing(plugins):
    shown = []

    def hygge_before_commit(rows):
        shown.append(rows)

    go(entity(MemoryHome({"teas": OLD}), BlindStore()), plugins=plugins(hygge_before_commit))
    assert shown == [None]
