"""Past runs are listed from journal and reports together, and a lost journal comes back from the stores."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from hygge_core.cli import reports
from hygge_core.engine.report import RowChain, RunReport, TableOutcome
from hygge_core.journal import Journal, JournalRecord
from hygge_core.lakes.local import LocalLake

from . import journaling
from .journaling import CONFIG, build, go


START = datetime(2024, 11, 5, 20, 15, tzinfo=UTC)


@pytest.fixture
def shop(tmp_path):
    return build(tmp_path)


@pytest.fixture
def journal(shop, capsys):
    return lambda *args: journaling.journal(shop, capsys, *args)


def save(shop, run, minutes, exit_code=0, rows=5):
    """Leave the report of a run that began so many minutes after the first."""
    table = TableOutcome(
        flow="sales", entity="teas", state="committed", run_type="full_drop", rows=RowChain(staged=rows)
    )
    began = START + timedelta(minutes=minutes)
    done = began + timedelta(seconds=1)
    report = RunReport(
        id=run, project="p", started=began, finished=done, hygge="1", tables=(table,), exit_code=exit_code
    )
    return reports.save(report, shop / "runs")


def note(shop, run, state, minutes, entity="teas"):
    """Leave the record of a run of which there is no report."""
    began = START + timedelta(minutes=minutes)
    record = JournalRecord(
        id="", kind="run", run=run, flow="sales", entity=entity, started=began, finished=began, state=state, rows=2
    )
    Journal(LocalLake(shop / "journal")).append(record)


def listed(said):
    return [line.split()[2] for line in said.out.splitlines()[1:]]


def test_runs_are_listed_by_when_they_began_whatever_they_are_called(shop, journal):
    save(shop, "b", minutes=3)
    save(shop, "z", minutes=1)
    save(shop, "20241105T201700Z-a", minutes=2)
    save(shop, "a", minutes=9)
    note(shop, "m", "committed", minutes=4)
    assert listed(journal("runs")) == ["a", "m", "b", "20241105T201700Z-a", "z"]
    assert listed(journal("runs", "--limit", "2")) == ["a", "m"]


def test_a_run_began_when_its_id_says(shop, journal):
    note(shop, "20241105T201500000000Z-abc", "committed", minutes=5)
    note(shop, "between", "committed", minutes=3)
    assert listed(journal("runs")) == ["between", "20241105T201500000000Z-abc"]
    told = journal("runs", "--output", "json").events[1]["data"]
    assert (told["started"], told["seconds"]) == ("2024-11-05T20:15:00+00:00", 300.0)


def test_runs_without_a_report_are_summed_up_from_the_journal(shop, journal):
    runs = (("committed", "kept"), ("failed",), ("committed", "failed"), ("stopped", "failed"))
    for number, states in enumerate(runs):
        for place, state in enumerate(states):
            note(shop, f"run-{number}", state, minutes=number, entity=f"e{place}")
    told = {event["data"]["id"]: event["data"] for event in journal("runs", "--output", "json").events}
    states = [(told[f"run-{number}"]["state"], told[f"run-{number}"]["exit_code"]) for number in range(4)]
    assert states == [("settled", 0), ("failed", 1), ("some failed", 3), ("interrupted", 130)]
    assert (told["run-0"]["tables"], told["run-0"]["committed"], told["run-0"]["rows"]) == (2, 1, 4)
    assert (told["run-2"]["tables"], told["run-2"]["failed"]) == (2, 1)


def test_a_report_says_more_than_the_journal(shop, journal):
    note(shop, "both", "failed", minutes=0)
    save(shop, "both", minutes=0, exit_code=4, rows=77)
    (event,) = journal("runs", "--output", "json").events
    assert (event["data"]["state"], event["data"]["rows"]) == ("drift refused", 77)


def test_a_broken_report_of_a_run_that_the_journal_knows_is_named(shop, journal):
    note(shop, "both", "committed", minutes=0)
    (shop / "runs").mkdir()
    (shop / "runs" / "both.json").write_text("{}", encoding="utf-8")
    said = journal("runs")
    assert said.code == 1
    assert said.err.count("both.json: not a run report") == 1
    assert listed(said) == ["both"]


def test_a_torn_record_is_named_and_the_rest_is_listed(shop, journal):
    note(shop, "whole", "committed", minutes=0)
    (shop / "journal" / "records" / "torn.ndjson").write_text('{"id":', encoding="utf-8")
    said = journal("runs")
    assert said.code == 0
    assert "torn.ndjson: line 1 is no record of the journal" in said.err
    assert listed(said) == ["whole"]


def test_a_lost_journal_comes_back_from_the_stores(shop, journal):
    go(shop)
    build(shop, teas="id,changed\n1,2026-11-01\n4,2026-11-04\n")
    go(shop)
    journal("set", "cups", "2026-10-01")
    shutil.rmtree(shop / "runs")
    before = [facts(event) for event in journal("runs", "--output", "json").events]
    shown = [history(event) for event in journal("show", "teas", "--output", "json").events]
    assert len(before) == 2
    shutil.rmtree(shop / "journal")
    assert journal("runs").out == "No runs yet.\n"
    said = journal("rebuild")
    assert said.out.startswith("4 records written anew to ")
    after = [facts(event) for event in journal("runs", "--output", "json").events]
    assert [run["id"] for run in after] == [run["id"] for run in before]
    assert after[1] == before[1]
    assert (after[0]["rows"], after[0]["committed"]) == (before[0]["rows"], before[0]["committed"])
    assert [history(event) for event in journal("show", "teas", "--output", "json").events] == shown
    assert [event["data"]["kind"] for event in journal("show", "cups", "--output", "json").events] == ["set", "run"]
    assert journal("rebuild", "--output", "json").events[0]["data"]["records"] == 0


def facts(event):
    return {key: event["data"][key] for key in ("id", "project", "tables", "committed", "failed", "rows", "bytes")}


def history(event):
    keys = ("kind", "run", "state", "mode", "rows", "bytes", "files", "sequence", "watermark", "watermark_dtype", "by")
    return {key: event["data"][key] for key in keys}


def test_what_is_there_is_not_written_anew(shop, journal):
    go(shop)
    assert journal("rebuild").out.startswith("0 records")
    (file, _) = sorted((shop / "journal" / "records").iterdir())
    file.unlink()
    assert journal("rebuild").out.startswith("1 record written anew")


def test_a_store_that_cannot_be_asked_leaves_the_others_to_be_rebuilt(shop, journal):
    go(shop)
    shutil.rmtree(shop / "journal")
    (record,) = shop.rglob("_hygge/*teas/commits/*.json")
    record.write_text("{", encoding="utf-8")
    said = journal("rebuild")
    assert said.code == 1
    assert "sales.teas" in said.err
    assert said.out.startswith("1 record written anew")


def test_a_journal_is_compacted_on_request(shop, journal):
    for number in range(3):
        note(shop, f"run-{number}", "committed", minutes=number)
    assert journal("compact").out.startswith("3 records of 3 files are now in ")
    assert journal("compact").out == "There is nothing to merge.\n"
    (event,) = journal("compact", "--output", "json").events
    assert event == {"kind": "journal.compacted", "data": {"path": "", "records": 0, "files": 0}}
    assert listed(journal("runs")) == ["run-2", "run-1", "run-0"]


def test_a_journal_that_somebody_merges_is_locked(shop, journal):
    note(shop, "run", "committed", minutes=0)
    with Journal(LocalLake(shop / "journal")).held():
        assert journal("compact").code == 6
        assert journal("rebuild").code == 6


def test_flows_by_themselves_share_the_one_journal(shop, journal):
    """Defect 15 of the original: `--flow a` alone made a second journal and lost a's watermark."""
    config = CONFIG + CONFIG[CONFIG.index("[flows") :].replace("sales", "more").replace("out/", "more/")
    (shop / "hygge.toml").write_text(config, encoding="utf-8")
    go(shop)
    go(shop, "--flow", "sales")
    go(shop, "--flow", "more", "--var", "options.attempts=1")
    assert len(list(shop.rglob("records"))) == 1
    assert len(listed(journal("runs"))) == 3
    told = {f"{one['flow']}.{one['entity']}": one["watermark"] for one in _marks(journal)}
    assert told == dict.fromkeys(("sales.teas", "sales.cups", "more.teas", "more.cups"), "2026-11-03")


def _marks(journal):
    return [event["data"] for event in journal("watermarks", "--output", "json").events]


def test_a_journal_within_a_table_is_refused_before_anything_moves(shop):
    config = CONFIG.replace('name = "shop"', '[options]\njournal = "out/teas/journal"')
    (shop / "hygge.toml").write_text(config, "utf-8")
    done = go(shop, code=2)
    assert "hygge.toml:" in done.stderr
    assert "sales.teas: would settle where the project's journal is" in done.stderr
    assert not (shop / "out").exists()


def test_secrets_do_not_reach_the_journal(shop, monkeypatch):
    monkeypatch.setenv("SECRET_PLACE", "hunter22")
    text = CONFIG.replace("in/{entity}", "${SECRET_PLACE}/{entity}")
    (shop / "hygge.toml").write_text(text, encoding="utf-8")
    go(shop, code=1)
    texts = [file.read_text("utf-8") for file in (shop / "journal" / "records").iterdir()]
    assert len(texts) == 2
    assert not [text for text in texts if "hunter22" in text]
    assert all("***" in json.loads(text)["source"] for text in texts)
