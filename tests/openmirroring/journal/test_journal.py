"""The project's journal as a mirrored table: complete, once per run, and never in the way of a run."""

from __future__ import annotations

import polars as pl
import pytest

from hygge_core.config import load_project
from hygge_core.engine import Stop, run
from hygge_core.errors import ConfigError
from hygge_core.journal.frame import SCHEMA
from hygge_core.journal.opening import open_journal
from hygge_core.lakes.local import LocalLake
from hygge_core.plugins import Plugins
from hygge_store_openmirroring.lint.zone import lint
from openmirroring.commands.projects import flow, write
from openmirroring.zones import replay


PLUGINS = Plugins.load()
ZONE = 'landing_zone = "file:zone", key_columns = ["Id"], drop_wait = 0, journal = {}'


class Mirrored:
    """A project that mirrors its journal, and what its landing zone makes of it."""

    def __init__(self, folder):
        self.folder = folder
        self.lake = LocalLake(folder / "zone")
        self.warnings = []

    def config(self):
        return load_project(self.folder / "hygge.toml", plugins=PLUGINS, environ={})

    def move(self, stop=None):
        config = self.config()

        def emit(event):
            if event.kind == "warning":
                self.warnings.append(event.data["text"])

        def opened(connections):
            return open_journal(config, connections, tell=self.warnings.append, redact=str)

        return run(config, PLUGINS, config.entities, emit=emit, stop=stop or Stop(), journal=opened)

    def journal(self):
        return open_journal(self.config(), {}, tell=self.warnings.append, redact=str)

    def mirrored(self, name="hygge.journal"):
        """The journal's table as Fabric would hold it, None where there is none."""
        tables = {str(each): table for each, table in replay(self.lake, clean=False).tables.items()}
        if name not in tables:
            return None
        assert tables[name].failure is None
        return tables[name].rows

    def files(self, folder="hygge.schema/journal"):
        return [entry.path for entry in self.lake.list(folder) if entry.path.endswith(".parquet")]

    def agrees(self):
        """Whether the mirrored table holds exactly what the journal does."""
        there, here = self.mirrored(), self.journal().frame()
        assert there.columns == list(SCHEMA)
        return there.sort("id").rows() == here.sort("id").rows()


@pytest.fixture
def project(tmp_path):
    write(tmp_path, flow(ZONE, entities='["Order", "Item"]'), Order={"Id": [1, 2]}, Item={"Id": [1]})
    return Mirrored(tmp_path)


def test_after_every_run_the_mirrored_journal_is_the_journal(project):
    for _ in range(3):
        assert project.move().exit_code == 0
        assert project.agrees()
    assert project.mirrored().height == 6
    assert not project.warnings


def test_a_run_publishes_its_records_in_one_file_and_only_those(project):
    for _ in range(3):
        project.move()
    assert len(project.files()) == 3
    last = pl.read_parquet(project.folder / "zone" / project.files()[-1])
    assert (last.height, last["__rowMarker__"].unique().to_list()) == (2, [4])


def test_the_zone_with_the_journal_is_one_that_fabric_takes(project):
    project.move()
    project.move()
    assert lint(project.lake) == []


def test_a_run_that_fails_is_in_the_mirrored_journal_too(project):
    (project.folder / "in" / "Item.csv").unlink()
    assert project.move().exit_code == 3
    assert project.agrees()
    assert sorted(project.mirrored()["state"]) == ["committed", "failed"]


def test_without_the_key_nothing_is_mirrored(project):
    write(project.folder, flow(ZONE.removesuffix(", journal = {}")))
    project.move()
    assert project.mirrored() is None


def test_schema_and_table_may_be_named(project):
    named = ZONE.replace("{}", '{ schema = "ops", table = "runs" }')
    write(project.folder, flow(named))
    project.move()
    assert project.mirrored("ops.runs").height == 1


@pytest.mark.parametrize("name", ["__hygge", "a/b", ""])
def test_a_name_that_fabric_looks_away_from_is_refused(project, name):
    write(project.folder, flow(ZONE.replace("{}", f'{{ schema = "{name}" }}')))
    with pytest.raises(ConfigError, match="schema: must be one name that begins with neither"):
        project.config()


def test_two_flows_into_one_zone_mirror_the_journal_once(project):
    both = flow(ZONE) + flow(ZONE.replace('["Id"]', '["Id", "V"]'), name="more", entities='["Item"]')
    write(project.folder, both, Item={"Id": [1], "V": ["a"]})
    project.move()
    assert project.agrees()
    assert len(project.files()) == 1


def test_a_journal_that_cannot_be_mirrored_is_a_warning_and_is_made_up_for(project):
    project.move()
    taken = project.folder / "zone" / "hygge.schema" / "journal"
    aside = taken.rename(project.folder / "aside")
    (project.folder / "zone" / "hygge.schema" / "journal").write_text("in the way", "utf-8")
    assert project.move().exit_code == 0
    (warning,) = project.warnings
    assert warning.startswith(f"{taken}: the journal is not mirrored: ")
    assert warning.endswith("no table is affected, the next run makes up for it")
    taken.unlink()
    aside.rename(taken)
    project.move()
    assert project.agrees()


def test_records_that_came_otherwise_than_by_a_run_are_mirrored_with_the_next_one(project):
    project.move()
    journal = project.journal()
    record = next(iter(journal.records()))
    journal.append(type(record)(**{**_fields(record), "id": "", "kind": "reset", "by": "somebody@here"}))
    project.move()
    assert project.agrees()
    assert "reset" in project.mirrored()["kind"].to_list()


def test_a_mirror_whose_state_was_lost_is_made_anew(project):
    project.move()
    project.lake.delete_directory("hygge.schema/_hygge")
    project.move()
    assert project.agrees()


def test_merging_the_journal_changes_nothing_of_its_mirror(project):
    project.move()
    project.journal().compact()
    project.move()
    assert project.agrees()
    assert project.mirrored().height == 4


def test_a_table_may_not_settle_where_the_journal_is_mirrored(project):
    write(project.folder, flow(ZONE.replace("{}", '{ schema = "dbo", table = "Order" }')))
    with pytest.raises(ConfigError, match=r"sales\.Order: would settle where the project's journal is"):
        project.move()


def test_a_run_that_is_to_stop_leaves_the_mirror_to_the_next(project):
    stop = Stop()
    stop.request()
    project.move(stop)
    assert project.mirrored() is None
    project.move()
    assert project.agrees()


def _fields(record):
    return {name: getattr(record, name) for name in SCHEMA}
