"""`hygge migrate` as its users call it, and the projects that it writes at work."""

from __future__ import annotations

import json
import re
from pathlib import Path

import polars as pl
import pytest
from attrs import frozen

from hygge_core.cli import main

from .outcomes import PROJECTS


PAGE = (Path(__file__).parents[3] / "docs" / "command-line.md").read_text("utf-8")
SIMPLE = "home: in\nstore: out\nentities: [users]\n"
OPEN = "home: in\nstore: out\nrun_type: incremental\n"
FOLLOWED = "run_type: incremental\nwatermark: {primary_key: id, watermark_column: at}\n"


@frozen
class Done:
    stdout: str
    stderr: str


@pytest.fixture
def hygge(tmp_path, monkeypatch, capsys):
    """Call ``hygge`` beside the old project."""

    def call(*words, code=0):
        monkeypatch.chdir(tmp_path)
        with pytest.raises(SystemExit) as left:
            main([*map(str, words)])
        done = Done(*capsys.readouterr())
        assert left.value.code == code, done
        return done

    return call


def files(folder):
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_check_only_reports(hygge, old):
    folder = old(SIMPLE)
    before = files(folder)
    done = hygge("migrate", "old", "--check")
    assert "1 file would be written to old" in done.stdout
    assert not done.stderr
    assert files(folder) == before
    folder = old(OPEN)
    assert "For you to decide" in hygge("migrate", "old", "--check", code=1).stdout
    assert not list(folder.rglob("*.toml"))


def test_nothing_old_is_changed_and_nothing_that_exists_is_overwritten(hygge, old):
    folder = old(SIMPLE)
    before = files(folder)
    hygge("migrate", "old")
    after = files(folder)
    assert {name: after[name] for name in before} == before
    assert after.keys() - before.keys() == {"hygge.toml"}
    done = hygge("migrate", "old", code=2)
    assert "already there: hygge.toml; choose another folder with --into" in done.stderr
    assert files(folder) == after
    (folder / "hygge.toml").unlink()
    (folder / "flows" / "erp.toml").write_text("mine", "utf-8")
    (folder / "flows" / "more").mkdir()
    (folder / "flows" / "more" / "flow.yml").write_text(SIMPLE, "utf-8")
    assert "already there: flows/erp.toml" in hygge("migrate", "old", code=2).stderr
    assert not (folder / "hygge.toml").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere"], "nowhere: there is no hygge.yml"),
        (["."], "there is no hygge.yml"),
        (["empty"], "holds no flow"),
        (["broken"], "hygge.yml:2: not valid YAML"),
        (["old", "--into", "old/hygge.yml"], "is a file"),
    ],
)
def test_what_is_no_project_is_refused(hygge, old, tmp_path, words, said):
    old(SIMPLE)
    for name, text in {"empty": "name: x\n", "broken": "a: [\n"}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "hygge.yml").write_text(text, "utf-8")
    done = hygge("migrate", *words, code=2)
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_one_file_can_be_named_itself(hygge, tmp_path):
    (tmp_path / "flows.yml").write_text("flows: {users: {home: in.parquet, store: out}}\n", "utf-8")
    hygge("migrate", "flows.yml")
    assert "[flows.users]" in (tmp_path / "hygge.toml").read_text("utf-8")


def test_quiet_says_what_is_to_be_done(hygge, old):
    old(OPEN)
    said = hygge("migrate", "old", "--quiet", code=1).stdout
    assert "What became" not in said
    assert "For you to decide" in said
    assert "2 keys" not in said.splitlines()[0]


def test_json_tells_every_key_and_all_kinds_are_documented(hygge, old, tmp_path):
    told = []
    for name in ("incremental_without_watermark", "open_mirroring"):
        place = tmp_path / name
        place.mkdir()
        done = hygge("migrate", PROJECTS / name / "old", "--check", "--output", "json", code=int("without" in name))
        told += [json.loads(line) for line in done.stdout.splitlines()]
    old("home: {type: parquet}\nstore: out\nentities: [con]\n")
    told += [json.loads(line) for line in hygge("migrate", "old", "--output", "json", code=1).stdout.splitlines()]
    rows = re.findall(r"^\| `([a-z.]+)` \| `migrate` \| (.*) \|$", PAGE, flags=re.MULTILINE)
    documented = {kind: set(re.findall(r"`([a-z]+)`", re.sub(r"\([^)]*\)", "", data))) for kind, data in rows}
    assert len(documented) == 6
    assert {event["kind"]: set(event["data"]) for event in told} == documented
    assert {event["data"]["kind"] for event in told if event["kind"] == "migration.key"} >= {"kept", "asked", "dropped"}


def test_what_the_loader_refuses_besides_is_said_with_its_place(hygge, old):
    old("home: {type: parquet}\nstore: {type: parquet, path: out, compression: lzo}\n")
    said = " ".join(hygge("migrate", "old", code=1).stdout.split())
    assert "home.path: required key is missing" in said
    assert "store.compression: must be" in said


def rows(count, start=0):
    return pl.DataFrame({"id": range(start, start + count), "at": range(start, start + count)})


def test_the_first_run_leaves_the_files_of_the_original_until_it_may_take_their_place(hygge, old):
    folder = old(SIMPLE)
    for place, count in (("in/users", 3), ("out/users", 7)):
        (folder / place).mkdir(parents=True)
        rows(count).write_parquet(folder / place / "00000000000000000001.parquet")
    hygge("migrate", "old")
    assert "1 of 1 table can move" in hygge("plan", "--project", "old").stdout
    refused = hygge("go", "--full-drop", "--project", "old", code=1)
    assert "adopt" in refused.stderr
    assert pl.read_parquet(folder / "out/users/*.parquet").height == 7
    hygge("go", "--full-drop", "--project", "old", "--var", "flow.erp.store.adopt=true")
    assert pl.read_parquet(folder / "out/users/*.parquet").height == 3
    hygge("go", "--project", "old")
    hygge("verify", "--keys", "--key", "id", "--project", "old")


def journal(place, *runs):
    """Write a journal as the original kept it; only what a watermark is found by is looked at."""
    place.parent.mkdir(parents=True, exist_ok=True)
    keys = ("flow", "entity", "status", "finish_time", "watermark_column", "watermark", "message")
    pl.DataFrame(
        [dict(zip(keys, run, strict=True)) for run in runs], schema=dict.fromkeys(keys, pl.String)
    ).write_parquet(place)


def test_a_table_goes_on_from_the_mark_in_the_old_journal(hygge, old):
    folder = old(f"home: in\nstore: out\nentities: [users]\n{FOLLOWED}journal: {{location: store}}\n")
    (folder / "in" / "users").mkdir(parents=True)
    rows(9).write_parquet(folder / "in" / "users" / "a.parquet")
    journal(
        folder / "out" / "users" / ".hygge_journal" / "journal.parquet",
        ("erp", "users", "success", "2024-01-01T00:00:00", "at", "3", None),
        ("erp", "users", "success", "2024-02-01T00:00:00", "at", "5", None),
        ("erp", "users", "fail", "2024-03-01T00:00:00", "at", "6", None),
        ("erp", "users", "success", "2024-03-02T00:00:00", "other", "7", None),
        ("erp", "others", "success", "2024-03-03T00:00:00", "at", "8", None),
        ("erp", "users", "success", "2024-03-04T00:00:00", "at", None, None),
    )
    assert "erp.users  at: came to 5" in hygge("migrate", "old").stdout
    text = (folder / "hygge.toml").read_text("utf-8")
    mark = 'watermark = { column = "at", key = ["id"]'
    assert mark in text
    text = text.replace(mark, f"{mark}, initial = 5").replace("out/{entity}", "new/{entity}")
    (folder / "hygge.toml").write_text(text, "utf-8")
    hygge("go", "--project", "old")
    assert sorted(pl.read_parquet(folder / "new/users/*.parquet")["id"]) == [5, 6, 7, 8]


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("journal: {path: state}\n", "state/journal.parquet"),
        ("journal: {path: state}\n", "state/.hygge_journal/journal.parquet"),
        ("journal: {location: store}\n", "out/.hygge_journal/journal.parquet"),
        ("journal: {location: store}\n", ".hygge_journal/journal.parquet"),
        ("journal: {location: home}\n", "in/.hygge_journal/journal.parquet"),
    ],
)
@pytest.mark.parametrize("top", [True, False])
def test_a_journal_is_found_where_the_original_kept_it(migrated, old, said, place, top):
    journal(old({}) / place, ("erp", "erp", "success", "2024-01-01", "at", "2024-01-01T09:00:00Z", None))
    flow = f"home: in\nstore: out\n{FOLLOWED}" + ("" if top else said)
    told = migrated(flow, "name: x\n" + (said if top else ""))
    (followed,) = told.migration.followed
    assert followed.mark == "2024-01-01T09:00:00Z"


def test_a_file_that_is_no_journal_is_no_mark(migrated, old):
    folder = old({})
    (folder / "state" / ".hygge_journal").mkdir(parents=True)
    (folder / "state" / "journal.parquet").write_bytes(b"nothing of the kind")
    pl.DataFrame({"a": [1]}).write_parquet(folder / "state" / ".hygge_journal" / "journal.parquet")
    told = migrated(f"home: in\nstore: out\njournal: {{path: state}}\n{FOLLOWED}")
    assert [one.mark for one in told.migration.followed] == [""]
    assert "no journal of the original was found" in told.text


def test_tables_that_were_loaded_whole_have_no_mark_to_carry_over(migrated):
    assert not migrated(f"home: in\nstore: out\n{FOLLOWED}".replace("incremental", "full_drop")).migration.followed


def test_of_many_tables_some_are_named_and_all_with_verbose(hygge, old):
    names = ", ".join(f"t{number}" for number in range(9))
    old(f"home: in\nstore: out\nentities: [{names}]\n{FOLLOWED}")
    said = " ".join(hygge("migrate", "old", "--check").stdout.split())
    assert "in erp.t0, erp.t1, erp.t2, erp.t3, erp.t4 and 4 more" in said
    assert "on this machine for erp.t0, erp.t1, erp.t2, erp.t3, erp.t4 and 4 more" in said
    assert "erp.t8" in hygge("migrate", "old", "--check", "--verbose").stdout


def test_what_comes_next_can_be_typed_as_it_stands(hygge, old, tmp_path):
    old(SIMPLE)
    assert '  hygge plan --project "new place"' in hygge("migrate", "old", "--into", "new place").stdout
    assert "  hygge plan --project old" in hygge("migrate", "old").stdout
    (tmp_path / "hygge.yml").write_text("flows: {a: {home: in, store: out}}\n", "utf-8")
    assert "  hygge plan\n" in hygge("migrate").stdout


def test_a_folder_that_cannot_be_written_is_told(hygge, old):
    old(SIMPLE)
    done = hygge("migrate", "old", "--into", "old/hygge.yml/within", code=1)
    assert "choose a folder that can be written" in done.stderr
    assert not done.stdout


def test_a_home_of_a_server_that_is_not_said_is_refused(migrated):
    told = migrated("home: {type: mssql, table: t}\nstore: out\n")
    assert [problem.key for problem in told.verdict.problems] == ["flows.erp.home.connection"]
