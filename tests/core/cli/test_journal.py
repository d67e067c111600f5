from __future__ import annotations

import json


def test_before_the_first_run_there_is_nothing(hygge, theatre, stage_door):
    theatre(hamlet="")
    done = hygge("journal", "runs", env=stage_door)
    assert (done.returncode, done.stdout) == (0, "No runs yet.\n")
    assert hygge("journal", "runs", "--output", "json", env=stage_door).stdout == ""


def test_runs_are_listed_newest_first(hygge, theatre, stage_door):
    folder = theatre(hamlet="rows = 1200", lear="")
    assert hygge("go", env=stage_door).returncode == 0
    theatre(hamlet="", lear="fault = 'home'")
    assert hygge("go", env=stage_door).returncode == 3
    headings, newest, oldest = hygge("journal", "runs", env=stage_door).stdout.splitlines()
    assert headings.split() == ["started", "run", "tables", "rows", "time", "state"]
    assert newest.endswith("some failed")
    assert newest.split()[3:5] == ["2", "3"]
    assert oldest.endswith("settled")
    assert oldest.split()[3:5] == ["2", "1,203"]
    assert len(hygge("journal", "runs", "--limit", "1", env=stage_door).stdout.splitlines()) == 2
    told = [
        json.loads(line)["data"]
        for line in hygge("journal", "runs", "--output", "json", env=stage_door).stdout.splitlines()
    ]
    assert [run["exit_code"] for run in told] == [3, 0]
    assert (told[1]["rows"], told[1]["committed"], told[0]["failed"]) == (1203, 2, 1)
    assert {run["id"] for run in told} == {file.stem for file in (folder / "runs").glob("*.json")}


def test_a_file_that_is_no_report_is_named_and_the_rest_listed(hygge, theatre, stage_door):
    folder = theatre(hamlet="")
    assert hygge("go", env=stage_door).returncode == 0
    (folder / "runs" / "9.json").write_text("{}", encoding="utf-8")
    done = hygge("journal", "runs", env=stage_door)
    assert done.returncode == 1
    assert "9.json: not a run report" in done.stderr
    assert done.stdout.splitlines()[-1].endswith("settled")
