"""A run leaves one record for each of its tables, and no journal can fail a table."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import pytest

from core.journal.entries import START, a_journal, files_of
from hygge_core import CommitRecord, ConfigError, Part, Table, TableRun, __version__
from hygge_core.checks.config import ChecksConfig
from hygge_core.config.model import Options, Project
from hygge_core.engine import Stop, run
from hygge_core.journal import Journal
from hygge_core.journal.commits import of_commit
from hygge_core.journal.journal import MANY
from hygge_core.journal.opening import open_journal
from hygge_core.journal.rebuild import rebuild
from hygge_core.lakes.local import LocalLake
from hygge_core.mark import Mark, Watermark
from hygge_core.testing import MemoryHome, MemoryPlace, MemoryStore
from hygge_core.watermark.config import WatermarkConfig
from hygge_store_parquet.config import ParquetStoreConfig
from hygge_store_parquet.store import open_parquet_store
from table_runs import FRAME, NONE, ScriptedHome, entity


def move(root, *entities, journal=None, stop=None, events=None, **options):
    """Run the entities with the journal of a project, and return the report and the records."""
    project = Project(name="test", root=root, options=Options(**options))
    opened = partial(open_journal, project, tell=pytest.fail, redact=str) if journal is None else lambda _: journal
    emit = (events if events is not None else []).append
    report = run(project, NONE, entities, emit=emit, stop=stop or Stop(), journal=opened)
    return report, list(a_journal(root / project.options.journal).records())


def shelf(place=None, **frames):
    store = MemoryStore(place)
    return [entity(MemoryHome({name: frame}), store, name=name) for name, frame in frames.items()]


def test_a_run_leaves_one_record_for_each_table(tmp_path):
    place = MemoryPlace()
    move(tmp_path, *shelf(place, old=FRAME), journal=a_journal(tmp_path / "other"))
    tables = [*shelf(place, good=FRAME, old=FRAME.clear()), entity(ScriptedHome([]), MemoryStore(place), name="none")]
    tables += [entity(MemoryHome({}), MemoryStore(place), name="bad")]
    before = datetime.now(UTC)
    report, records = move(tmp_path, *tables)
    assert {record.entity: record.state for record in records} == {
        "good": "committed",
        "old": "kept",
        "none": "committed",
        "bad": "failed",
    }
    outcomes = {outcome.entity: outcome for outcome in report.tables}
    for record in records:
        outcome = outcomes[record.entity]
        assert (record.run, record.project, record.flow, record.hygge) == (report.id, "test", "shop", __version__)
        assert (record.run_type, record.sequence, record.seconds) == ("full_drop", outcome.sequence, outcome.seconds)
        assert (record.source, record.target, record.message) == (outcome.source, outcome.target, outcome.error)
        assert (record.mode, record.files, record.bytes) == (outcome.mode, outcome.files, outcome.size)
        assert before <= record.started <= record.finished <= datetime.now(UTC)
        assert (record.kind, record.rebuilt, record.by) == ("run", False, "")
    by_name = {record.entity: record for record in records}
    assert (by_name["good"].rows, by_name["old"].rows, by_name["bad"].rows) == (1000, 0, 0)
    assert by_name["bad"].message


def test_a_commit_that_a_killed_run_began_is_in_the_journal_once_it_is_finished(tmp_path):
    lost, kept = a_journal(tmp_path / "lost"), tmp_path / "project"
    kept.mkdir()
    tables = [
        entity(
            MemoryHome({"teas": FRAME}),
            open_parquet_store(ParquetStoreConfig(path="settled/{entity}"), tmp_path),
            name="teas",
        )
    ]
    killed, _ = move(kept, *tables, journal=lost)
    (ended,) = (tmp_path / "settled" / "_hygge" / "teas" / "commits").iterdir()
    ended.rename(tmp_path / "settled" / "_hygge" / "teas" / "pending.json")
    report, records = move(kept, *tables)
    assert [(one.run, one.state, one.rows, one.sequence, one.rebuilt) for one in records] == [
        (killed.id, "committed", 1000, 1, True),
        (report.id, "committed", 1000, 2, False),
    ]


def test_what_was_not_begun_is_in_the_journal_too(tmp_path):
    stop = Stop()
    stop.request()
    _, records = move(tmp_path, *shelf(a=FRAME, b=FRAME), stop=stop)
    assert {(record.entity, record.state, record.message) for record in records} == {
        ("a", "stopped", "the run was stopped"),
        ("b", "stopped", "the run was stopped"),
    }


def test_an_incremental_run_says_what_it_went_by(tmp_path):
    place, followed = MemoryPlace(), WatermarkConfig(column="id", key=("id", "name"))

    def table(frame):
        home = MemoryHome({"teas": frame})
        return entity(home, MemoryStore(place), run_type="incremental", watermark=followed)

    move(tmp_path, table(FRAME.head(10)))
    move(tmp_path, table(FRAME.head(15)))
    _, (first, second, third) = move(tmp_path, table(FRAME.head(15)))
    told = [(one.state, one.mode, one.rows, one.low, one.high, one.watermark) for one in (first, second, third)]
    assert told[0] == ("committed", "replace", 10, "", "9", "9")
    assert told[1] == ("committed", "append", 5, "9", "14", "14")
    assert told[2][0] == "kept"
    assert third.watermark == "14"
    assert {(one.watermark_column, one.watermark_key, one.watermark_dtype) for one in (first, second, third)} == {
        ("id", "id, name", "int64")
    }


def test_a_table_that_failed_has_not_come_further(tmp_path):
    settings = {"run_type": "incremental", "watermark": WatermarkConfig(column="id", key=("name",))}
    table = entity(MemoryHome({"teas": FRAME}), MemoryStore(), checks=ChecksConfig(rows_min=2000), **settings)
    report, (record,) = move(tmp_path, table)
    assert (record.state, record.watermark, record.watermark_dtype) == ("failed", "", "")
    assert (record.high, report.tables[0].watermark.high) == ("999", "999"), "the range was fixed before it failed"


def test_a_journal_that_cannot_be_written_is_a_warning_and_the_table_settles(tmp_path):
    (tmp_path / "journal").write_text("a file", "utf-8")
    place, events = MemoryPlace(), []
    project = Project(name="test", root=tmp_path)
    journal = partial(open_journal, project, tell=pytest.fail, redact=str)
    report = run(project, NONE, shelf(place, teas=FRAME), emit=events.append, stop=Stop(), journal=journal)
    (outcome,) = report.tables
    assert (report.exit_code, outcome.state) == (0, "committed")
    assert len(place.tables) == 1
    (warning,) = outcome.warnings
    assert warning.startswith(f"{tmp_path / 'journal'}: the journal cannot be written: ")
    assert "hygge journal rebuild" in warning
    assert [event.data["text"] for event in events if event.kind == "warning"] == [warning]


def test_a_journal_that_cannot_be_merged_is_a_warning(tmp_path):
    class Full(LocalLake):
        def put(self, path, data, *, if_absent=False):
            if path.startswith("segments/"):
                raise OSError(28, "No space left on device", path)
            super().put(path, data, if_absent=if_absent)

    journal, events = Journal(Full(tmp_path / "journal")), []
    _fill(tmp_path / "journal", MANY)
    report, records = move(tmp_path, *shelf(teas=FRAME), journal=journal, events=events)
    assert report.exit_code == 0
    assert len(records) == MANY + 1
    (warning,) = [event.data["text"] for event in events if event.kind == "warning"]
    assert "No space left on device" in warning
    assert "nothing of it is lost" in warning


def test_a_run_merges_the_journal_once_there_is_much_of_it(tmp_path):
    _fill(tmp_path / "journal", MANY - 2)
    move(tmp_path, *shelf(one=FRAME))
    assert len(files_of(tmp_path / "journal", "records")) == MANY - 1
    _, records = move(tmp_path, *shelf(two=FRAME))
    assert files_of(tmp_path / "journal", "records") == []
    assert len(records) == MANY


def _fill(root, count):
    """Lay records in a journal's folder, quicker than by appending each."""
    written = a_journal(root / "made").append(of_commit(_commit(1), project="", target=""))
    line = (root / "made" / "records" / f"{written.id}.ndjson").read_bytes()
    (root / "records").mkdir(parents=True)
    for number in range(count):
        name = f"{written.id}-{number:05}"
        (root / "records" / f"{name}.ndjson").write_bytes(
            line.replace(written.id.encode(), name.encode()).replace(b'"rebuilt":true', b'"rebuilt":false')
        )


@pytest.mark.parametrize("target", ["journal", "journal/records", "."])
def test_no_table_may_settle_in_or_around_the_journal(tmp_path, target):
    class Somewhere(MemoryStore):
        def locate(self, _table):
            return str(tmp_path / target)

    events = []
    with pytest.raises(ConfigError, match="would settle where the project's journal is"):
        move(tmp_path, entity(MemoryHome({"teas": FRAME}), Somewhere()), events=events)
    assert events == []


@pytest.mark.parametrize("target", ["out", "journals", "journal.parquet", ""])
def test_a_table_beside_the_journal_is_fine(tmp_path, target):
    class Somewhere(MemoryStore):
        def locate(self, table):
            return str(tmp_path / target) if target else super().locate(table)

    report, records = move(tmp_path, entity(MemoryHome({"teas": FRAME}), Somewhere()))
    assert (report.exit_code, len(records)) == (0, 1)


def _commit(sequence, **more):
    at = datetime(2026, 11, 20, 20, 16, sequence, tzinfo=UTC)
    table_run = TableRun(id=f"run-{sequence}", flow="shop", entity="teas", started=START, attempt=2)
    part = Part(name="p", staged="p", rows=5, size=70, checksum="sha256:0")
    table = Table(name="teas", flow="shop", mode="append")
    given = {"run": table_run, "table": table, "parts": (part, part), "sequence": sequence, "committed_at": at}
    return CommitRecord(**{**given, **more})


def test_a_commit_tells_again_what_the_journal_knew():
    mark = Watermark(column="at", key=("a", "b"), mark=Mark(dtype="int64", text="7"))
    record = of_commit(_commit(3, watermark=mark, origin="set", by="mia@shop"), project="p", target="out")
    assert (record.run, record.flow, record.entity, record.sequence) == ("run-3", "shop", "teas", 3)
    assert (record.kind, record.by, record.state, record.mode) == ("set", "mia@shop", "committed", "append")
    assert (record.rows, record.bytes, record.files, record.attempts) == (10, 140, 2, 2)
    assert (record.watermark_column, record.watermark_key, record.watermark) == ("at", "a, b", "7")
    assert (record.started, record.seconds, record.rebuilt) == (START, 63.0, True)
    assert of_commit(_commit(3, committed_at=None), project="p", target="out").finished == START


def test_a_journal_is_rebuilt_from_commits_and_only_once(tmp_path):
    journal = a_journal(tmp_path)
    told = [of_commit(_commit(number), project="p", target="out") for number in range(1, 6)]
    journal.append(told[2])
    assert rebuild(journal, told) == 4
    assert [record.sequence for record in journal.records()] == [1, 2, 3, 4, 5]
    assert rebuild(journal, told) == 0
    journal.compact()
    assert rebuild(a_journal(tmp_path), told) == 0
    assert [record.sequence for record in journal.records()] == [1, 2, 3, 4, 5]


def test_two_that_rebuild_one_journal_write_each_record_once(tmp_path):
    told = [of_commit(_commit(number), project="p", target="out") for number in range(1, 4)]
    for record in told:
        a_journal(tmp_path).append(record)
        a_journal(tmp_path).append(record)
    assert len(files_of(tmp_path, "records")) == 3
