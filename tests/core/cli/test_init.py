from __future__ import annotations

import json
import tomllib

import polars as pl
import pytest


def test_a_new_project_runs_as_it_is(hygge, tmp_path):
    done = hygge("init", "cosy")
    assert done.returncode == 0, done.stderr
    assert "  cd cosy\n" in done.stdout
    assert "pip install" not in done.stdout
    folder = tmp_path / "cosy"
    planned = hygge("plan", cwd=folder)
    assert planned.returncode == 0, planned.stderr
    went = hygge("go", cwd=folder)
    assert went.returncode == 0, went.stderr
    assert went.stderr == ""
    teas = pl.read_parquet(folder / "settled/teas/*.parquet")
    assert teas.shape == (5, 5)
    assert teas.columns == ["tea_id", "name", "steep_minutes", "degrees_c", "caffeine"]
    assert pl.read_parquet(folder / "settled/evenings/*.parquet").schema["day"] == pl.Date
    assert hygge("debug", cwd=folder).returncode == 0


def test_the_diary_of_a_new_project_moves_only_new_evenings(hygge, tmp_path):
    hygge("init", "cosy")
    folder = tmp_path / "cosy"
    assert hygge("go", cwd=folder).returncode == 0
    (before,) = (folder / "settled/evenings").iterdir()
    assert hygge("go", "--flow", "diary", cwd=folder).returncode == 0
    assert list((folder / "settled/evenings").iterdir()) == [before], "nothing was new"
    with (folder / "sample/evenings.csv").open("a", encoding="utf-8") as diary:
        diary.write("2024-11-08,3,2,5,a letter from Bo\n")
    assert hygge("go", "--flow", "diary", cwd=folder).returncode == 0
    assert pl.read_parquet(before).height == 7
    evenings = pl.read_parquet(folder / "settled/evenings/*.parquet").sort("day")
    assert evenings["day"].is_unique().all()
    assert evenings.height == 8
    assert evenings["note"].to_list()[-1] == "a letter from Bo"


def test_the_schema_for_editors_is_there(hygge, tmp_path):
    hygge("init", "cosy")
    assert (tmp_path / "cosy/hygge.toml").read_text(encoding="utf-8").startswith("#:schema ./hygge.schema.json\n")
    schema = json.loads((tmp_path / "cosy/hygge.schema.json").read_text(encoding="utf-8"))
    assert schema["type"] == "object"


@pytest.mark.parametrize("name", [".", "two words", "ünï 🏡", "a/b"])
def test_the_folder_names_the_project(hygge, tmp_path, name):
    assert hygge("init", name).returncode == 0
    project = tomllib.loads((tmp_path / name / "hygge.toml").read_text(encoding="utf-8"))
    assert project["name"] == (tmp_path / name).resolve().name


def test_nothing_is_overwritten_unless_forced(hygge, tmp_path):
    (tmp_path / "sample").mkdir()
    mine = tmp_path / "sample" / "teas.csv"
    mine.write_text("mine", encoding="utf-8")
    done = hygge("init")
    assert done.returncode == 2
    assert "already there: sample/teas.csv; choose another folder, or overwrite with --force" in done.stderr
    assert mine.read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "hygge.toml").exists()
    assert hygge("init", "--force").returncode == 0
    assert mine.read_text(encoding="utf-8") != "mine"


def test_a_place_that_cannot_be_written_is_named(hygge, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = hygge("init", "file/below")
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: {tmp_path}")


def test_packages_that_the_sample_needs_are_named(hygge):
    done = hygge("init", "cosy", env={"HYGGE_DISABLE_PLUGINS": "hygge-home-files,hygge-store-parquet"})
    assert done.returncode == 0, done.stderr
    assert "  pip install hygge-home-files hygge-store-parquet\n" in done.stdout


def test_json_says_what_was_written(hygge, tmp_path):
    (event,) = [json.loads(line) for line in hygge("init", "cosy", "--output", "json").stdout.splitlines()]
    assert event["kind"] == "project.created"
    assert all((tmp_path / "cosy" / file).is_file() for file in event["data"]["files"])


def test_a_name_that_cannot_be_shown_is_refused(hygge, tmp_path):
    done = hygge("init", "a\x1bb")
    assert done.returncode == 2
    assert "\x1b" not in done.stderr
    assert list(tmp_path.iterdir()) == []
