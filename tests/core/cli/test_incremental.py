"""Incremental runs from outside: what is told, what is planned, what is refused."""

from __future__ import annotations

import json

import polars as pl
import pytest


@pytest.fixture
def cellar(tmp_path):
    """A project with one table of wines; gives back what fills its source."""
    (tmp_path / "source").mkdir()

    def fill(*rows, settings='watermark = { column = "year", key = ["wine"] }'):
        text = "[flows.cellar]\n" + settings + '\nhome = { type = "parquet", path = "source/{entity}.parquet" }\n'
        text += 'store = { type = "parquet", path = "lake/{entity}" }\nentities = ["wines"]\n'
        (tmp_path / "hygge.toml").write_text(text, encoding="utf-8")
        frame = pl.DataFrame(list(rows), schema={"wine": pl.String, "year": pl.Int64}, orient="row")
        frame.write_parquet(tmp_path / "source" / "wines.parquet")

    return fill


INCREMENTAL = 'run_type = "incremental"\nwatermark = { column = "year", key = ["wine"] }'


def shown(folder):
    return sorted(pl.read_parquet(folder / "lake" / "wines" / "*.parquet").rows())


def told(done):
    """The lines of a run without their times."""
    return [line[10:] if line[2:3] == ":" else line for line in done.stdout.splitlines()]


def test_each_run_says_what_it_reads_and_that_nothing_was_new(hygge, cellar, tmp_path):
    cellar(("merlot", 1999), ("syrah", 2001), settings=INCREMENTAL)
    done = hygge("go")
    assert done.returncode == 0, done.stderr
    assert "cellar.wines  reading year from the beginning to 2001" in told(done)
    done = hygge("go")
    assert "cellar.wines  reading year from 2001 to 2001" in told(done)
    assert "cellar.wines  nothing new, so the table stays as it was" in told(done)
    assert "Your data is settled: 0 of 1 table moved, 1 kept" in done.stdout
    cellar(("merlot", 1999), ("syrah", 2001), ("malbec", 2001), ("merlot", 2004), settings=INCREMENTAL)
    assert "cellar.wines  reading year from 2001 to 2004" in told(hygge("go"))
    assert shown(tmp_path) == [("malbec", 2001), ("merlot", 1999), ("merlot", 2004), ("syrah", 2001)]


def test_an_empty_source_of_a_full_drop_is_told_apart_from_a_quiet_one(hygge, cellar):
    cellar(("merlot", 1999))
    hygge("go")
    cellar()
    assert "cellar.wines  the home is empty, so the table stays as it was" in told(hygge("go"))


def test_the_report_says_what_the_run_went_by(hygge, cellar, tmp_path):
    cellar(("merlot", 1999), settings=INCREMENTAL)
    hygge("go")
    cellar(("merlot", 1999), ("syrah", 2001), settings=INCREMENTAL)
    hygge("go")
    newest = max((tmp_path / "runs").glob("*.json"), key=lambda path: path.name)
    [table] = json.loads(newest.read_text(encoding="utf-8"))["tables"]
    assert table["watermark"] == {
        "column": "year",
        "key": ["wine"],
        "dtype": "int64",
        "low": "1999",
        "high": "2001",
        "mark": "2001",
    }
    assert (table["mode"], table["rows"]["read"], table["rows"]["dropped"]) == ("append", 2, 1)


def test_the_plan_shows_which_rows_would_move_and_changes_nothing(hygge, cellar, tmp_path):
    cellar(("merlot", 1999), ("syrah", 2001), settings=INCREMENTAL)
    assert "  year from the beginning to 2001, replaces the table" in hygge("plan").stdout.splitlines()
    assert not (tmp_path / "lake").exists()
    hygge("go")
    cellar(("syrah", 2001), ("malbec", 2004), settings=INCREMENTAL)
    assert "  year from 2001 to 2004, appends what is new" in hygge("plan").stdout.splitlines()
    planned = hygge("go", "--dry-run", "--from", "1999", "--to", "2002").stdout.splitlines()
    assert "  year from 1999 to 2002, appends what is new" in planned
    assert "  every row, up to year 2004, replaces the table" in hygge("go", "--dry-run", "-d").stdout.splitlines()
    upsert = hygge("plan", "--var", "flow.cellar.write=upsert").stdout.splitlines()
    assert "  year from 2001 to 2004, replaces rows of the same key" in upsert
    [event, *_] = map(json.loads, hygge("plan", "--output", "json").stdout.splitlines())
    assert event["data"]["watermark"]["high"] == "2004"
    assert len(shown(tmp_path)) == 2


def test_the_plan_of_a_table_without_a_value_says_so(hygge, cellar):
    cellar(settings=INCREMENTAL)
    assert "  year from the beginning to the end, replaces the table" in hygge("plan").stdout.splitlines()
    assert "  every row, replaces the table" in hygge("go", "--dry-run", "--full-drop").stdout.splitlines()


def test_the_plan_warns_of_a_source_that_fell_back_and_refuses_what_the_run_would(hygge, cellar):
    cellar(("merlot", 1999), ("syrah", 2001), settings=INCREMENTAL)
    hygge("go")
    cellar(("merlot", 1999), settings=INCREMENTAL)
    done = hygge("plan")
    assert "warning: cellar.wines: the source's column 'year' ends at 1999, before the watermark 2001" in done.stderr
    cellar(("merlot", 1999), settings='run_type = "incremental"\nwatermark = { column = "wine", key = ["wine"] }')
    done = hygge("plan")
    assert (done.returncode, "was followed by 'year' so far, not by 'wine'" in done.stderr) == (2, True)


def test_tables_with_a_watermark_may_be_moved_incrementally_on_request(hygge, cellar, tmp_path):
    cellar(("merlot", 1999))
    hygge("go")
    cellar(("syrah", 2001))
    done = hygge("go", "--incremental")
    assert "reading year from 1999 to 2001" in done.stdout
    assert shown(tmp_path) == [("merlot", 1999), ("syrah", 2001)]
    assert hygge("go").returncode == 0
    assert shown(tmp_path) == [("syrah", 2001)]


def test_a_range_is_moved_again_on_request(hygge, cellar, tmp_path):
    cellar(("merlot", 1999), ("syrah", 2004))
    hygge("go")
    cellar(("late", 1998), ("later", 2000), ("latest", 2003), ("new", 2010))
    assert hygge("go", "--from", "2000", "--to", "2003").returncode == 0
    assert shown(tmp_path) == [("later", 2000), ("latest", 2003), ("merlot", 1999), ("syrah", 2004)]
    cellar(("late", 1998), ("newest", 2020))
    assert "reading year from 2011 to the end" in hygge("go", "--from", "2011", "--move-watermark").stdout
    assert "reading year from 2020 to 2020" in hygge("go", "--incremental").stdout


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (
            "--full-drop --from 1",
            "--full-drop replaces the whole table, and --from and --to ask for a part of it; leave --full-drop out",
        ),
        (
            "--move-watermark",
            "--move-watermark goes with --from and --to; to set a watermark alone, use `hygge journal set`",
        ),
        (
            "--from soon",
            "cellar.wines: --from: 'soon' is not a number such as 12; write a value as column 'year' holds them",
        ),
        ("--dry-run --from 3 --to 2", "cellar.wines: --from: 3 lies after --to 2; swap them"),
    ],
)
def test_ranges_that_make_no_sense_are_refused(hygge, cellar, args, told):
    cellar(("merlot", 1999))
    done = hygge("go", *args.split())
    assert (done.returncode, f"error: {told}\n" in done.stderr) == (2, True), done.stderr


def test_a_range_of_a_table_without_a_watermark_is_refused(hygge, cellar):
    cellar(("merlot", 1999), settings="")
    for option in ("--from", "--to"):
        done = hygge("go", option, "1999")
        assert done.returncode == 2
        assert f"error: {option} (cellar.wines): an incremental run needs a watermark; add" in done.stderr
