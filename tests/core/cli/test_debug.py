from __future__ import annotations

import json


def test_all_is_well(hygge, theatre, stage_door):
    folder = theatre(hamlet="", lear="")
    before = [path for path in folder.rglob("*") if path.is_file()]
    done = hygge("debug", env=stage_door)
    assert done.returncode == 0, done.stderr
    assert "project  theatre, in " in done.stdout
    assert "acme-actors 1.0 (actors)" in done.stdout
    assert "1 flow, 2 entities, 0 connections" in done.stdout
    assert "play.hamlet home: the stage of hamlet has 2 columns" in done.stdout
    assert "play.lear store: " in done.stdout
    assert done.stdout.splitlines()[-1].startswith("All ")
    assert [path for path in folder.rglob("*") if path.is_file()] == before


def test_a_home_that_is_not_well_is_told_with_its_fix_and_code_one(hygge, theatre, stage_door):
    theatre(hamlet="type = 'mirror', words = 'the door creaks'", lear="")
    done = hygge("debug", env=stage_door)
    assert done.returncode == 1
    assert done.stderr == "error: play.hamlet home: the door creaks; oil it\n"
    assert "play.hamlet home: the light is on" in done.stdout
    assert "1 of " in done.stdout.splitlines()[-1]


def test_a_home_that_cannot_be_opened_is_a_finding(hygge, theatre, stage_door, tmp_path):
    (tmp_path / "acme_actors_home.py").write_text("raise ImportError('no actors')\n", encoding="utf-8")
    theatre(hamlet="")
    env = {"PYTHONPATH": f"{tmp_path}{';' if ';' in stage_door['PYTHONPATH'] else ':'}{stage_door['PYTHONPATH']}"}
    done = hygge("debug", env=env)
    assert done.returncode == 1
    assert "play.hamlet home: " in done.stderr
    assert "no actors" in done.stderr
    assert "Traceback" not in done.stderr


def test_json_has_one_finding_a_line(hygge, theatre, stage_door):
    theatre(hamlet="type = 'mirror'")
    done = hygge("debug", "--output", "json", env=stage_door)
    project, *findings = [json.loads(line) for line in done.stdout.splitlines()]
    assert project["kind"] == "project"
    assert project["data"]["name"] == "theatre"
    assert {event["kind"] for event in findings} == {"finding"}
    door = next(event["data"] for event in findings if event["data"]["probe"] == "door")
    assert (door["ok"], door["fix"]) == (False, "oil it")


def test_quiet_tells_only_what_is_not_well(hygge, theatre, stage_door):
    theatre(hamlet="type = 'mirror'")
    done = hygge("debug", "--quiet", env=stage_door)
    assert done.stdout == ""
    assert "the curtain fell" in done.stderr


def test_a_project_without_flows_is_said_to_be_empty(hygge, tmp_path):
    (tmp_path / "hygge.toml").write_text('name = "empty"\n', encoding="utf-8")
    done = hygge("debug")
    assert done.returncode == 0
    assert "There is nothing to examine yet" in done.stdout


def test_a_project_that_cannot_be_used_is_code_two(hygge, tmp_path):
    (tmp_path / "hygge.toml").write_text("name = 3\n", encoding="utf-8")
    assert hygge("debug").returncode == 2


def test_connections_are_examined_too(hygge, theatre, stage_door):
    folder = theatre(hamlet="")
    with (folder / "hygge.toml").open("a", encoding="utf-8") as file:
        file.write('[connections.box]\ntype = "prompter"\n[connections.bed]\ntype = "prompter"\nasleep = true\n')
    done = hygge("debug", env=stage_door)
    assert done.returncode == 1
    assert "connection box: opens" in done.stdout
    assert done.stderr.startswith("error: connection bed: ")
    assert "snoring" in done.stderr


def test_a_home_that_breaks_while_it_is_examined_is_a_finding(hygge, theatre, stage_door):
    theatre(hamlet="type = 'mirror', fault = 'boom'", lear="")
    done = hygge("debug", env=stage_door)
    assert done.returncode == 1
    assert "error: play.hamlet home: ZeroDivisionError: the mirror broke; this is a fault of the plugin" in done.stderr
    assert "play.lear home: the stage of lear has 2 columns" in done.stdout
