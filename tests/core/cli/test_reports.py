from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from hygge_core import HyggeError
from hygge_core.cli import reports
from hygge_core.engine.report import RowChain, RunReport, TableOutcome


def report(run="r1"):
    started = datetime(2024, 11, 5, 20, 15, tzinfo=UTC)
    table = TableOutcome(
        flow="tea",
        entity="cups 🍵",
        state="committed",
        run_type="full_drop",
        rows=RowChain(read=5, staged=5),
        size=2048,
        files=1,
        drift=("a added",),
    )
    finished = started + timedelta(seconds=3)
    return RunReport(
        id=run, project="p", started=started, finished=finished, hygge="0.1.0", tables=(table,), exit_code=0
    )


def test_a_report_reads_back_as_it_was_written(tmp_path):
    file = reports.save(report(), tmp_path / "deep" / "runs")
    assert file.name == "r1.json"
    assert reports.read(file) == report()


def test_a_report_is_plain_json_with_times_in_utc(tmp_path):
    data = json.loads(reports.save(report(), tmp_path).read_text(encoding="utf-8"))
    assert data["version"] == 1
    assert data["started"] == "2024-11-05T20:15:00+00:00"
    counted = {station: rows for station, rows in data["tables"][0]["rows"].items() if rows is not None}
    assert counted == {"read": 5, "staged": 5}
    assert {"dropped", "marked", "deleted", "carried", "visible"} <= data["tables"][0]["rows"].keys()


def test_nothing_but_the_report_is_left(tmp_path):
    reports.save(report(), tmp_path)
    reports.save(report(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["r1.json"]


def test_reports_come_newest_first(tmp_path):
    for run in ("20240101", "20250101", "20230101"):
        reports.save(report(run), tmp_path)
    (tmp_path / ".20260101.json.partial").write_text("{", encoding="utf-8")
    assert [file.stem for file in reports.newest_first(tmp_path)] == ["20250101", "20240101", "20230101"]
    assert not list(reports.newest_first(tmp_path / "nowhere"))


def test_a_folder_that_cannot_be_is_an_error_that_leaves_nothing(tmp_path):
    (tmp_path / "runs").write_text("a file", encoding="utf-8")
    with pytest.raises(OSError, match="runs"):
        reports.save(report(), tmp_path / "runs")
    assert [path.name for path in tmp_path.iterdir()] == ["runs"]


def test_a_name_that_cannot_be_written_leaves_no_half_file(tmp_path):
    (tmp_path / "r1.json").mkdir()
    with pytest.raises(OSError, match="r1"):
        reports.save(report(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["r1.json"]


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"id": 1}', "\udcff", "null"])
def test_a_file_that_is_no_report_is_named(tmp_path, text):
    file = tmp_path / "r1.json"
    file.write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(HyggeError) as caught:
        reports.read(file)
    assert caught.value.where == str(file)
    assert caught.value.what
