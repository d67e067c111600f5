"""The journal may lie in the lake of a connection: every command that opens it finds it there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hygge_core.cli import main
from hygge_core.journal import Journal
from hygge_core.lakes.local import LocalLake


SHED = str(Path(__file__).parent / "shed")
CONFIG = """\
name = "shop"

[options]
journal = {JOURNAL}

[connections.lake]
type = "shed"
root = "shed"

[connections.bench]
type = "bench"

[flows.sales]
run_type = "incremental"
home = {{ type = "csv", path = "in/{{entity}}.csv" }}
store = {{ type = "parquet", path = "STORE/{{entity}}" }}
watermark = {{ column = "changed", key = ["id"] }}
entities = ["teas", "cups"]
"""


@pytest.fixture
def shop(tmp_path, monkeypatch, capsys):
    """Write the project with the given journal and return what calls `hygge` in it."""
    monkeypatch.syspath_prepend(SHED)
    monkeypatch.chdir(tmp_path)

    def write(journal, store="out"):
        config = CONFIG.replace("{{", "{").replace("}}", "}").replace("{JOURNAL}", journal).replace("STORE", store)
        (tmp_path / "hygge.toml").write_text(config, encoding="utf-8")
        (tmp_path / "in").mkdir(exist_ok=True)
        for name in ("teas", "cups"):
            (tmp_path / "in" / f"{name}.csv").write_text("id,changed\n1,2026-11-01\n2,2026-11-02\n", encoding="utf-8")
        return call

    def call(*args, code=0):
        if args[0] == "go":
            return go(tmp_path, code)
        with pytest.raises(SystemExit) as left:
            main(args)
        told = "".join(capsys.readouterr())
        assert left.value.code == code, told
        return told

    return write


def go(folder, code):
    """Move the tables in a process of its own, since a run sets up the logging of its process."""
    done = subprocess.run(
        [sys.executable, "-m", "hygge_core", "go"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": SHED, "PYTHONUTF8": "1", "NO_COLOR": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


IN_LAKE = '{ connection = "lake", path = "notes/journal" }'


def test_every_command_finds_the_journal_in_the_lake(shop, tmp_path):
    call = shop(IN_LAKE)
    assert "out/teas" in call("plan")
    call("go")
    kept = Journal(LocalLake(tmp_path / "shed/notes/journal"))
    assert [(r.entity, r.state) for r in sorted(kept.records(), key=lambda r: r.entity)] == [
        ("cups", "committed"),
        ("teas", "committed"),
    ]
    assert not (tmp_path / "journal").exists()
    assert call("journal", "set", "sales.teas", "2026-11-01")
    assert call("journal", "reset", "sales.cups")
    call("journal", "export", "marks.ndjson")
    call("journal", "import", "marks.ndjson")
    assert [r.kind for r in kept.records(entity="teas")] == ["run", "set"]
    assert [r.kind for r in kept.records(entity="cups")] == ["run", "reset"]
    assert "2026-11-02 -> 2026-11-01" in call("journal", "show", "sales.teas")
    assert "2026-11-01" in call("journal", "watermarks")
    (run,) = [json.loads(line) for line in call("journal", "runs", "--output", "json").splitlines()]
    assert run["data"]["committed"] == 2
    call("journal", "export", "all.csv", "--records")
    assert len((tmp_path / "all.csv").read_text("utf-8").splitlines()) == 5
    assert str(Path("shed", "notes", "journal", "segments")) in call("journal", "compact")
    assert len(list(kept.records())) == 4
    shutil.rmtree(tmp_path / "shed/notes")
    assert "4 records written anew" in call("journal", "rebuild")
    assert len(list(kept.records())) == 4


def test_a_run_opens_the_connection_once_and_closes_it(shop, tmp_path):
    shop(IN_LAKE)("go")
    assert [(tmp_path / "shed" / name).read_text("utf-8") for name in ("opened", "closed")] == ["once\n", "once\n"]


def test_the_path_has_a_default(shop, tmp_path):
    shop('{ connection = "lake" }')("go")
    assert len(list((tmp_path / "shed/hygge/journal/records").iterdir())) == 2


@pytest.mark.parametrize("command", [("go",), ("journal", "runs"), ("journal", "compact"), ("journal", "rebuild")])
def test_a_connection_without_files_is_refused_before_anything_moves(shop, tmp_path, command):
    told = shop('{ connection = "bench" }')(*command, code=2)
    assert "options.journal: the connection 'bench' does not lead to files, so it holds no journal; name a" in told
    assert not (tmp_path / "out").exists()


def test_an_unknown_connection_is_a_mistake_in_the_configuration(shop):
    told = shop('{ connection = "lak" }')("plan", code=2)
    assert "hygge.toml:4: options.journal.connection: the project has no such connection; did you mean lake?" in told
    told = shop('{ connection = "oven" }')("plan", code=2)
    assert "add [connections.oven]" in told


@pytest.mark.parametrize("path", ["", "/notes", "notes/../..", "notes//x", "notes\\\\x", "."])
def test_a_path_stays_below_the_root(shop, path):
    told = shop(f'{{ connection = "lake", path = "{path}" }}')("plan", code=2)
    assert "options.journal.path: must be a folder below the root, such as 'hygge/journal'" in told


def test_neither_text_nor_table_is_refused(shop):
    assert "options.journal: must be" in shop("7")("plan", code=2)


def test_no_table_settles_in_or_around_the_journal(shop, tmp_path):
    told = shop(IN_LAKE, store="shed/notes/journal")("go", code=2)
    assert "would settle where the project's journal is" in told
    assert not (tmp_path / "shed/notes").exists()


def test_a_lake_that_cannot_be_opened_stops_the_run_before_anything_moves(shop, tmp_path):
    call = shop(IN_LAKE)
    (tmp_path / "shed").mkdir()
    (tmp_path / "shed/shut").touch()
    assert "the shed is shut" in call("go", code=1)
    assert not (tmp_path / "out").exists()


def test_a_watermark_is_not_moved_when_nobody_could_note_it(shop, tmp_path):
    call = shop(IN_LAKE)
    call("go")
    (tmp_path / "shed/shut").touch()
    assert "the shed is shut" in call("journal", "set", "sales.teas", "2026-11-01", code=1)
    assert "2026-11-01" not in call("journal", "watermarks")
