"""Watermarks are seen, moved, exported and imported; each change is a commit and a record with who and when."""

from __future__ import annotations

import json
import os
import shutil
import socket
from datetime import UTC, datetime

import polars as pl
import pytest

from hygge_core.lakes.local import LocalLake

from . import journaling
from .journaling import CONFIG, build


@pytest.fixture(scope="module")
def settled(tmp_path_factory):
    """A shop after its first run."""
    folder = build(tmp_path_factory.mktemp("shop"))
    journaling.go(folder)
    return folder


@pytest.fixture
def shop(settled, tmp_path):
    shutil.copytree(settled, tmp_path / "shop")
    return tmp_path / "shop"


@pytest.fixture
def journal(shop, capsys):
    return lambda *args: journaling.journal(shop, capsys, *args)


def configured(shop, old, new):
    assert old in CONFIG
    (shop / "hygge.toml").write_text(CONFIG.replace(old, new), encoding="utf-8")


def ids(shop, entity="teas"):
    return sorted(pl.read_parquet(shop / "out" / entity / "*.parquet")["id"].to_list())


def marks(journal):
    return {event["data"]["entity"]: event["data"]["watermark"] for event in _told(journal("watermarks"))}


def _told(said):
    assert said.code == 0, said
    lines = said.out.splitlines()[1:]
    return [{"data": dict(zip(("entity", "watermark"), line.split()[:2], strict=True))} for line in lines]


def test_the_present_watermarks_are_those_of_the_last_commits(journal):
    headings, teas, cups = journal("watermarks").out.splitlines()
    assert headings.split() == ["table", "watermark", "column", "dtype", "committed", "by"]
    assert teas.split()[:4] == ["sales.teas", "2026-11-03", "changed", "date"]
    assert cups.startswith("sales.cups")
    (event, _) = journal("watermarks", "--output", "json").events
    assert event["kind"] == "watermark"
    assert (
        event["data"].items()
        >= {
            "flow": "sales",
            "entity": "teas",
            "column": "changed",
            "key": ["id"],
            "dtype": "date",
            "watermark": "2026-11-03",
            "sequence": 1,
            "origin": "run",
            "by": "",
        }.items()
    )
    assert journal("watermarks", "--entity", "cups").out.count("\n") == 2


def test_watermarks_are_true_without_a_journal(shop, journal):
    shutil.rmtree(shop / "journal")
    assert marks(journal) == {"sales.teas": "2026-11-03", "sales.cups": "2026-11-03"}


def test_a_table_that_was_never_committed_has_none(shop, journal):
    shutil.rmtree(shop / "out")
    assert "(never committed)" in journal("watermarks").out
    told = journal("watermarks", "--output", "json").events[0]["data"]
    assert (told["watermark"], told["committed"]) == (None, None)


def test_tables_without_a_watermark_are_not_listed(shop, journal):
    configured(shop, 'run_type = "incremental"\n', "")
    text = (shop / "hygge.toml").read_text("utf-8")
    (shop / "hygge.toml").write_text(text.replace('watermark = { column = "changed", key = ["id"] }\n', ""), "utf-8")
    assert journal("watermarks").out == "No table is followed by a watermark.\n"
    assert journal("watermarks", "--output", "json").out == ""


def test_a_store_that_cannot_be_asked_is_named_and_the_others_are_told(shop, journal):
    (record,) = shop.rglob("_hygge/*teas/commits/*.json")
    record.write_text("{", encoding="utf-8")
    said = journal("watermarks")
    assert said.code == 1
    assert "sales.teas" in said.err
    assert [line.split()[0] for line in said.out.splitlines()[1:]] == ["sales.cups"]


def test_a_watermark_that_was_set_is_where_the_next_run_begins(shop, journal):
    said = journal("set", "sales.teas", "2026-11-01")
    assert said.out == "sales.teas: watermark changed moved from 2026-11-03 to 2026-11-01\n"
    assert marks(journal) == {"sales.teas": "2026-11-01", "sales.cups": "2026-11-03"}
    build(shop, teas="id,changed\n1,2026-11-01\n2,2026-11-02\n3,2026-11-03\n4,2026-11-02\n5,2026-10-31\n")
    journaling.go(shop, "--entity", "teas")
    assert ids(shop) == [1, 2, 3, 4], "what lies before the watermark is not read, what is there is not doubled"
    assert marks(journal)["sales.teas"] == "2026-11-03"


def test_a_reset_reads_everything_and_adds_only_what_is_missing(shop, journal):
    build(shop, teas="id,changed\n1,2026-11-01\n2,2026-11-02\n3,2026-11-03\n9,2026-10-01\n")
    assert journal("reset", "sales.teas").out == "sales.teas: watermark changed moved from 2026-11-03 to (none)\n"
    assert marks(journal)["sales.teas"] == "(none)"
    journaling.go(shop, "--entity", "teas")
    assert ids(shop) == [1, 2, 3, 9]
    assert marks(journal)["sales.teas"] == "2026-11-03"


def test_every_change_is_a_record_with_who_and_when(journal, monkeypatch):
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "mia")
    before = datetime.now(UTC)
    moved = journal("set", "sales.teas", "2026-11-02", "--output", "json").events
    assert moved[0]["kind"] == "watermark.moved"
    assert (moved[0]["data"]["old"], moved[0]["data"]["watermark"]) == ("2026-11-03", "2026-11-02")
    journal("reset", "teas")
    newest, older, first = (event["data"] for event in journal("show", "teas", "--output", "json").events)
    assert [told["kind"] for told in (newest, older, first)] == ["reset", "set", "run"]
    assert older["by"] == f"mia@{socket.gethostname()}"
    assert older["message"] == "2026-11-03 -> 2026-11-02"
    assert (newest["watermark"], newest["watermark_dtype"], newest["watermark_column"]) == ("", "", "changed")
    assert before <= datetime.fromisoformat(older["finished"]) <= datetime.now(UTC)
    assert [told["sequence"] for told in (newest, older, first)] == [3, 2, 1]
    assert (older["run"], older["rebuilt"]) == (moved[0]["data"]["run"], False)
    lines = journal("show", "sales.teas").out.splitlines()
    assert lines[0].split() == ["finished", "run", "kind", "state", "rows", "low", "high", "watermark", "message"]
    assert "mia@" in lines[1]
    latest = journal("show", "teas", "--limit", "1").out.splitlines()
    assert [line.split() for line in latest] == [line.split() for line in lines[:2]]
    assert "reset, mia@" in journal("watermarks").out


def test_somebody_without_a_name_may_move_a_watermark(journal, monkeypatch):
    def nobody():
        raise OSError("no user database")

    monkeypatch.setattr("getpass.getuser", nobody)
    (event,) = journal("reset", "teas", "--output", "json").events
    assert event["data"]["by"] == f"somebody@{socket.gethostname()}"


def test_help_lists_what_to_look_at_before_what_changes_things(hygge):
    said = hygge("journal", "--help").stdout
    words = ("runs", "watermarks", "show", "set", "reset", "export", "import", "rebuild", "compact")
    listed = said.partition("Commands:")[2].splitlines()
    assert tuple(line.split()[0] for line in listed if line.strip()) == words


def test_a_table_without_history_says_so(shop, journal):
    shutil.rmtree(shop / "journal")
    assert journal("show", "teas").out == "The journal knows nothing of sales.teas yet.\n"
    assert journal("show", "teas", "--output", "json").out == ""


@pytest.mark.parametrize(
    ("args", "code", "fault"),
    [
        (("set", "teas", "soon"), 2, "sales.teas: 'soon' is no value of 'changed', a column of date"),
        (("set", "teas", "7"), 2, "is no value of 'changed'"),
        (("set", "teas"), 2, "VALUE"),
        (("set", "coffee", "2026-11-01"), 2, "no entity is called 'coffee'"),
        (("set", "sales.*", "2026-11-01"), 2, "'sales.*' means 2 tables; name one, as FLOW.ENTITY"),
        (("reset", "*"), 2, "means 2 tables"),
        (("show", "*"), 2, "means 2 tables"),
    ],
)
def test_what_cannot_be_moved_is_refused(shop, journal, args, code, fault):
    before = sorted(shop.rglob("*"))
    said = journal(*args)
    assert said.code == code
    assert fault in said.err
    assert sorted(shop.rglob("*")) == before


def test_a_table_that_was_never_committed_cannot_be_moved(shop, journal):
    shutil.rmtree(shop / "out")
    said = journal("set", "teas", "2026-11-01")
    assert said.code == 2
    assert "never committed" in said.err
    assert "hygge go --entity sales.teas" in said.err


def test_a_table_without_a_watermark_cannot_be_moved(shop, journal):
    (shop / "hygge.toml").write_text(
        CONFIG.replace('watermark = { column = "changed", key = ["id"] }\n', "").replace("incremental", "full_drop"),
        encoding="utf-8",
    )
    for args in (("set", "teas", "2026-11-01"), ("reset", "teas")):
        said = journal(*args)
        assert said.code == 2
        assert "sales.teas: is not followed by a watermark" in said.err


def test_a_store_that_cannot_append_says_what_to_do_instead(shop, journal):
    configured(shop, 'path = "out/{entity}" }', 'path = "single/{entity}.parquet", layout = "file" }')
    text = (shop / "hygge.toml").read_text("utf-8").replace("incremental", "full_drop")
    (shop / "hygge.toml").write_text(text, "utf-8")
    journaling.go(shop)
    said = journal("set", "teas", "2026-11-01")
    assert said.code == 2
    assert "hygge go --full-drop --entity sales.teas" in said.err


def test_a_table_that_is_being_written_is_left_alone(shop, journal):
    (lease,) = shop.rglob("_hygge/*teas/lease")
    with LocalLake(lease.parent).lease("lease", "run other"):
        said = journal("set", "teas", "2026-11-01")
    assert said.code == 6
    assert "is being written by run other" in said.err
    assert marks(journal)["sales.teas"] == "2026-11-03"


def test_a_new_column_takes_its_dtype_from_the_home(shop, journal):
    configured(shop, 'column = "changed"', 'column = "id"')
    assert journal("set", "teas", "2").out == "sales.teas: watermark id moved from 2026-11-03 to 2\n"
    told = journal("watermarks", "--output", "json").events[0]["data"]
    assert (told["column"], told["dtype"], told["watermark"]) == ("id", "int64", "2")
    assert journal("set", "cups", "soon").code == 2


def test_a_column_that_the_home_lacks_is_refused(shop, journal):
    configured(shop, 'column = "changed"', 'column = "changedd"')
    said = journal("set", "teas", "2")
    assert said.code == 2
    assert "the home has no column 'changedd'; its columns are id, changed" in said.err


def test_a_journal_that_cannot_be_written_is_a_warning(shop, journal):
    shutil.rmtree(shop / "journal")
    (shop / "journal").write_text("a file", encoding="utf-8")
    said = journal("set", "teas", "2026-11-01")
    assert said.code == 0
    assert "the journal cannot be written" in said.err
    assert "2026-11-01" in said.out
    (shop / "journal").unlink()
    assert journal("rebuild").out.startswith("3 records written anew")
    assert journal("show", "teas", "--output", "json").events[0]["data"]["kind"] == "set"


def test_what_is_exported_can_be_imported(journal, tmp_path):
    file = tmp_path / "marks.ndjson"
    assert journal("export", file).out == f"2 watermarks written to {file}\n"
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert lines[0] == {
        "flow": "sales",
        "entity": "teas",
        "column": "changed",
        "key": ["id"],
        "dtype": "date",
        "watermark": "2026-11-03",
    }
    assert journal("export").out == file.read_text("utf-8")
    journal("set", "teas", "2026-11-01")
    journal("reset", "cups")
    assert journal("import", file).out.splitlines() == [
        "sales.teas: watermark changed moved from 2026-11-01 to 2026-11-03",
        "sales.cups: watermark changed moved from (none) to 2026-11-03",
        "2 watermarks set, 0 as they were",
    ]
    assert marks(journal) == {"sales.teas": "2026-11-03", "sales.cups": "2026-11-03"}
    assert journal("import", file).out == "0 watermarks set, 2 as they were\n"
    assert journal("import", file, "--output", "json").out == ""
    assert journal("show", "teas", "--output", "json").events[0]["data"]["kind"] == "import"


def test_no_watermark_yet_is_exported_and_imported_too(journal, tmp_path):
    file = tmp_path / "marks.ndjson"
    journal("reset", "teas")
    journal("export", file)
    journal("set", "teas", "2026-11-01")
    assert "from 2026-11-01 to (none)" in journal("import", file).out


LINE = {"flow": "sales", "entity": "teas", "column": "changed", "key": ["id"], "dtype": "date"}
LINE["watermark"] = "2026-11-01"


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        ({"entity": "coffee"}, "no entity is called 'sales.coffee'"),
        ({"column": "other"}, "the file goes by other and key ['id']"),
        ({"key": ["other"]}, "the file goes by changed and key ['other']"),
        ({"dtype": "int64"}, "the file holds a value of int64, and changed is a column of date"),
        ({"watermark": "soon"}, "'soon' is no value of 'changed'"),
        ({"watermark": 5}, "is not a line of `hygge journal export`"),
        ({"entity": "cups"}, "names sales.cups again"),
        ("{", "is not a line of `hygge journal export`"),
        ("[]", "is not a line of `hygge journal export`"),
        ('{"flow": "sales"}', "is not a line of `hygge journal export`"),
    ],
)
def test_an_import_is_checked_before_the_first_watermark_is_set(journal, tmp_path, bad, fault):
    good = {**LINE, "entity": "cups"}
    text = bad if isinstance(bad, str) else json.dumps({**LINE, **bad})
    file = tmp_path / "marks.ndjson"
    file.write_text(f"{json.dumps(good)}\n\n{text}\n", encoding="utf-8")
    said = journal("import", file)
    assert said.code == 2
    assert f"{file}:3: " in said.err
    assert fault in said.err
    assert marks(journal) == {"sales.teas": "2026-11-03", "sales.cups": "2026-11-03"}


def test_an_export_asks_every_store_or_writes_nothing(shop, journal, tmp_path):
    (record,) = shop.rglob("_hygge/*teas/commits/*.json")
    record.write_text("{", encoding="utf-8")
    file = tmp_path / "marks.ndjson"
    assert journal("export", file).code == 1
    assert not file.exists()


@pytest.mark.parametrize(("name", "read"), [("all.parquet", pl.read_parquet), ("all.ndjson", pl.read_ndjson)])
def test_the_whole_journal_is_exported(journal, tmp_path, name, read):
    said = journal("export", tmp_path / name, "--records")
    assert said.out == f"2 records written to {tmp_path / name}\n"
    assert sorted(read(tmp_path / name)["entity"]) == ["cups", "teas"]
    told = journal("export", tmp_path / name, "--records", "--output", "json").events
    assert told == [{"kind": "journal.exported", "data": {"path": str(tmp_path / name), "number": 2}}]


def test_an_export_that_cannot_be_is_refused(journal, tmp_path):
    assert "--records needs a file" in journal("export", "--records").err
    assert "cannot tell a format" in journal("export", tmp_path / "all.doc", "--records").err
    said = journal("export", tmp_path / "nowhere" / "marks")
    assert said.code == 1
    assert f"{tmp_path / 'nowhere' / 'marks'}: cannot be written: {os.strerror(2)}" in said.err
