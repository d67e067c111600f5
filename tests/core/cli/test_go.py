"""``hygge go`` from outside: real files, real processes, every exit code."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import polars as pl
import pytest

from .conftest import start, wait_for


def report(folder):
    (file,) = (folder / "runs").glob("*.json")
    return json.loads(file.read_text(encoding="utf-8"))


def read(folder, table):
    return pl.read_parquet(folder / "out" / table / "*.parquet")


def test_tables_arrive_and_the_exit_code_is_zero(hygge, theatre, stage_door):
    folder = theatre(hamlet="rows = 5", lear="rows = 2, batches = 3")
    done = hygge("go", env=stage_door)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    lines = [line[10:] if line[2] == ":" else line for line in done.stdout.splitlines()]
    assert lines[0].startswith("moving 2 tables, 2 at once (run ")
    assert any(line.startswith("play.hamlet  the stage of hamlet → ") for line in lines)
    assert any(line.startswith("play.lear  settled: 6 rows, ") for line in lines)
    assert lines[-2].startswith("Your data is settled: 2 of 2 tables moved, 11 rows, ")
    assert lines[-1].startswith("Report: ")
    assert "\x1b" not in done.stdout
    assert (read(folder, "hamlet").height, read(folder, "lear").height) == (5, 6)
    assert report(folder)["exit_code"] == 0
    assert [table["rows"]["staged"] for table in report(folder)["tables"]] == [5, 6]


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"hamlet": "fault = 'home'"}, 1),
        ({"hamlet": "fault = 'boom'", "lear": "fault = 'home'"}, 1),
        ({"hamlet": "fault = 'home'", "lear": ""}, 3),
    ],
)
def test_failures_have_their_exit_codes(hygge, theatre, stage_door, parts, code):
    folder = theatre(**parts)
    done = hygge("go", env=stage_door)
    assert done.returncode == code, done.stderr
    assert any(line.startswith("error: play.hamlet") for line in done.stderr.splitlines())
    assert "Traceback" not in done.stderr
    assert "Need attention: play.hamlet" in done.stdout
    assert not (folder / "out" / "hamlet").exists() or not list((folder / "out" / "hamlet").glob("*.parquet"))
    assert report(folder)["exit_code"] == code


def test_an_error_says_where_what_and_what_to_do(hygge, theatre, stage_door):
    theatre(hamlet="fault = 'home'")
    done = hygge("go", env=stage_door)
    assert done.stderr == "error: play.hamlet: the stage of hamlet: the curtain fell; lift it\n"


def test_changed_columns_are_refused_with_code_four(hygge, theatre, stage_door):
    theatre(flow='on_drift = "freeze"', hamlet="")
    assert hygge("go", env=stage_door).returncode == 0
    folder = theatre(flow='on_drift = "freeze"', hamlet="columns = ['id', 'surname']")
    done = hygge("go", env=stage_door)
    assert done.returncode == 4, done.stderr
    assert "surname" in done.stderr
    assert hygge("plan", env=stage_door).returncode == 4
    assert read(folder, "hamlet").columns == ["id", "name"]


def test_a_table_that_is_taken_is_code_six(hygge, theatre, stage_door):
    folder = theatre(hamlet="pause = 20")
    slow = start(folder, stage_door)
    try:
        wait_for(folder / "hamlet.0.began", slow)
        done = hygge("go", env=stage_door)
        assert done.returncode == 6, done.stderr
        assert "error: play.hamlet" in done.stderr
    finally:
        slow.kill()
        slow.communicate()


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--flow", "plya"], "--flow: no flow is called 'plya'; did you mean 'play'?"),
        (["--entity", "play.hamlte"], "--entity: no entity is called 'play.hamlte'; did you mean 'play.hamlet'?"),
        (["-i", "-d"], "--incremental and --full-drop exclude each other; give one of them, or neither"),
        (["--concurrency", "0"], "0 is not in the range x>=1; see `hygge go --help`"),
        (["--output", "xml"], "'xml' is not one of 'text', 'json'"),
        (["--project", "nowhere"], "nowhere: there is no such project file; see --project, or run `hygge init`"),
        (["--bogus"], "No such option"),
    ],
)
def test_what_cannot_be_meant_is_code_two(hygge, theatre, stage_door, args, message):
    folder = theatre(hamlet="")
    done = hygge("go", *args, env=stage_door)
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""
    assert not (folder / "runs").exists()


def test_all_problems_of_the_configuration_are_counted_and_listed(hygge, tmp_path):
    (tmp_path / "hygge.toml").write_text('nmae = "x"\n[options]\nconcurrency = "8"\n', encoding="utf-8")
    done = hygge("go")
    assert done.returncode == 2
    first, *problems = done.stderr.splitlines()
    assert first == f"error: {len(problems)} problems in the configuration"
    assert len(problems) >= 2
    assert all(line.startswith("  hygge.toml:") for line in problems)


def test_a_project_without_flows_moves_nothing_and_says_so(hygge, tmp_path):
    (tmp_path / "hygge.toml").write_text('name = "empty"\n', encoding="utf-8")
    for args in (["go"], ["plan"], ["go", "--dry-run"]):
        done = hygge(*args)
        assert (done.returncode, done.stdout) == (0, "")
        assert "there are no flows yet" in done.stderr
    assert not (tmp_path / "runs").exists()


def test_outside_of_a_project_the_way_in_is_shown(hygge):
    done = hygge("go")
    assert done.returncode == 2
    assert "hygge init" in done.stderr


def test_a_dry_run_is_the_plan_and_changes_nothing(hygge, theatre, stage_door):
    folder = theatre(hamlet="", lear="")
    before = sorted(folder.rglob("*"))
    planned, dry = hygge("plan", env=stage_door), hygge("go", "--dry-run", env=stage_door)
    assert planned.returncode == dry.returncode == 0
    assert planned.stdout == dry.stdout
    assert "play.hamlet  (full_drop)" in planned.stdout
    assert planned.stdout.endswith("2 of 2 tables can move\n")
    assert sorted(folder.rglob("*")) == before


def test_a_verbose_plan_shows_columns_and_a_quiet_one_only_errors(hygge, theatre, stage_door):
    theatre(hamlet="")
    assert "columns: id: " in hygge("plan", "--verbose", env=stage_door).stdout
    assert hygge("plan", "--quiet", env=stage_door).stdout == ""


@pytest.mark.parametrize(("lear", "code"), [("", 3), ("type = 'mirror'", 1)])
def test_the_plan_foretells_failures(hygge, theatre, stage_door, lear, code):
    theatre(hamlet="type = 'mirror'", lear=lear)
    done = hygge("plan", "--output", "json", env=stage_door)
    planned = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["kind"] for line in planned] == ["table.planned"] * 2
    assert "closed" in planned[0]["data"]["error"]
    assert planned[1]["data"]["columns"] == (["id: string", "name: string"] if code == 3 else [])
    assert done.returncode == code
    told = hygge("plan", env=stage_door)
    assert "closed" in told.stderr
    assert told.returncode == hygge("go", env=stage_door).returncode == code


def test_flows_and_entities_are_chosen(hygge, theatre, stage_door):
    folder = theatre(hamlet="", lear="", macbeth="")
    assert hygge("go", "-e", "lear,play.mac*", env=stage_door).returncode == 0
    assert sorted(path.name for path in (folder / "out").iterdir() if path.name[0] not in "._") == ["lear", "macbeth"]


def test_full_drop_beats_what_the_flow_says(hygge, theatre, stage_door):
    folder = theatre(flow='run_type = "append"', hamlet="")
    for args, rows in ((["go"], 3), (["go"], 6), (["go", "--full-drop"], 3)):
        assert hygge(*args, env=stage_door).returncode == 0
        assert read(folder, "hamlet").height == rows


def test_incremental_is_refused_for_tables_without_a_watermark_by_name(hygge, theatre, stage_door):
    theatre(hamlet="", lear="")
    done = hygge("go", "--incremental", env=stage_door)
    assert done.returncode == 2
    assert "--incremental (play.hamlet, play.lear): an incremental run needs a watermark; add" in done.stderr
    theatre(flow='watermark = { column = "t" }', hamlet="")
    done = hygge("go", "--incremental", env=stage_door)
    assert "--incremental (play.hamlet): an incremental run needs the key of a row; add" in done.stderr


def test_incremental_is_refused_for_tables_that_follow_deletes_and_keep_versions(hygge, theatre, stage_door):
    theatre(flow='watermark = { column = "t", key = ["id"] }\ndeletes = { soft = "gone" }', hamlet="", lear="")
    done = hygge("go", "--incremental", "-e", "lear", env=stage_door)
    assert done.returncode == 2
    assert (
        '--incremental (play.lear): write = "append" keeps every version of a row, deleted or not; use' in done.stderr
    )


def test_concurrency_of_the_command_line_counts(hygge, theatre, stage_door):
    theatre(options="concurrency = 2", hamlet="", lear="", macbeth="")
    assert "3 tables, 2 at once" in hygge("go", env=stage_door).stdout
    assert "3 tables, 1 at once" in hygge("go", "-c", "1", env=stage_door).stdout


def test_variables_reach_the_project(hygge, theatre, stage_door):
    folder = theatre(hamlet="")
    done = hygge("go", "--var", "flow.play.store.path=elsewhere/{entity}", env=stage_door)
    assert done.returncode == 0, done.stderr
    assert (folder / "elsewhere" / "hamlet").is_dir()
    assert hygge("go", "--var", "flow.play.strore.path=x", env=stage_door).returncode == 2


def test_the_project_is_found_from_below_and_by_option(hygge, theatre, stage_door, tmp_path):
    folder = theatre(hamlet="")
    below = folder / "a" / "b"
    below.mkdir(parents=True)
    assert hygge("go", cwd=below, env=stage_door).returncode == 0
    for place in (folder, folder / "hygge.toml"):
        assert hygge("plan", "--project", place, cwd=tmp_path.parent, env=stage_door).returncode == 0
    assert hygge("plan", "--project", below, env=stage_door).returncode == 2


def test_quiet_leaves_only_what_is_wrong(hygge, theatre, stage_door):
    theatre(hamlet="", lear="fault = 'home'")
    done = hygge("go", "--quiet", env=stage_door)
    assert done.stdout == ""
    assert done.stderr.startswith("error: play.lear: ")


def test_json_is_pure_and_complete(hygge, theatre, stage_door):
    folder = theatre(hamlet="", lear="fault = 'home'", macbeth="fault = 'log'")
    done = hygge("go", "--output", "json", env=stage_door)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    kinds = [event["kind"] for event in events]
    assert kinds[0] == "run.started"
    assert kinds[-2:] == ["run.finished", "report.saved"]
    assert {"table.started", "table.committed", "table.failed"} <= set(kinds)
    (failed,) = [event for event in events if event["kind"] == "table.failed"]
    assert (failed["flow"], failed["entity"]) == ("play", "lear")
    assert "the curtain fell" in failed["data"]["error"]
    assert events[-2]["data"]["exit_code"] == done.returncode == 3
    assert events[-1]["data"]["run"] == events[0]["run"] == report(folder)["id"]
    for line in done.stderr.splitlines():
        assert json.loads(line)["level"] in ("warning", "error")


def test_an_error_before_the_run_is_an_event_too(hygge, tmp_path):
    (tmp_path / "hygge.toml").write_text('nmae = "x"\n', encoding="utf-8")
    done = hygge("go", "--output", "json")
    (event,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert event["kind"] == "error"
    assert event["data"]["exit_code"] == done.returncode == 2
    assert event["data"]["problems"][0]["key"] == "nmae"


def test_a_reader_who_leaves_early_does_not_stop_the_run(theatre, stage_door):
    folder = theatre(hamlet="batches = 4, pause = 0.2", lear="batches = 4, pause = 0.3")
    running = start(folder, stage_door, "--verbose")
    assert running.stdout.readline()
    running.stdout.close()
    assert running.wait(60) == 0
    assert running.stderr.read() == ""
    running.stderr.close()
    assert (read(folder, "hamlet").height, read(folder, "lear").height) == (12, 12)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs a device that is always full")
def test_a_full_disk_behind_standard_output_does_not_stop_the_run(theatre, stage_door):
    folder = theatre(hamlet="")
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        running = start(folder, stage_door, stdout=full)
        _, complaints = running.communicate(timeout=60)
    assert running.returncode == 0
    assert complaints == "warning: standard output: No space left on device; part of what was said is missing\n"
    assert read(folder, "hamlet").height == 3


def test_a_console_that_knows_only_ascii_gets_ascii(hygge, theatre, stage_door):
    theatre(**{"häm 🏡": ""})
    for encoding in ("ascii", "cp1252"):
        done = hygge("go", env={**stage_door, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}, encoding=encoding)
        assert done.returncode == 0, done.stderr
        assert " -> " in done.stdout
        assert ("play.h\\xe4m \\U0001f3e1" if encoding == "ascii" else "play.häm \\U0001f3e1") in done.stdout
        assert "Your data is settled" in done.stdout


def test_a_report_that_cannot_be_written_is_a_warning(hygge, theatre, stage_door):
    folder = theatre(hamlet="")
    (folder / "runs").write_text("in the way", encoding="utf-8")
    done = hygge("go", env=stage_door)
    assert done.returncode == 0
    assert done.stderr.startswith("warning: ")
    assert "the run report cannot be written" in done.stderr
    assert read(folder, "hamlet").height == 3


def test_reports_go_where_the_project_says(hygge, theatre, stage_door):
    folder = theatre(options='runs = "past/runs"', hamlet="")
    assert hygge("go", env=stage_door).returncode == 0
    assert len(list((folder / "past" / "runs").glob("*.json"))) == 1
