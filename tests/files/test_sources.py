from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hygge_core import HomeError
from hygge_core.home import ReadRequest


ROW = "a\n1\n"


def test_a_folder_is_read_whole_in_the_order_of_names(table):
    files = {f"t/{name}": f"a\n{name}\n" for name in ("b.csv", "a.csv", "c/z.CSV", "c/a.tsv", "B.csv")}
    ignored = {f"t/{name}": "nonsense\n" for name in ("_x.csv", ".h.csv", "_sub/x.csv", ".sub/x.csv", "x.txt", "csv")}
    assert table("csv", files | ignored, path="t")["a"].to_list() == ["B.csv", "a.csv", "b.csv", "c/a.tsv", "c/z.CSV"]


def test_globs_take_what_they_match(table):
    files = {f"t/{name}": f"a\n{name}\n" for name in ("a.dat", "b.dat", "c/d.dat", "_x.dat", "n.csv")}
    assert table("csv", files, path="t/*.dat")["a"].to_list() == ["a.dat", "b.dat"]
    assert table("csv", files, path="t/**/*.dat")["a"].to_list() == ["a.dat", "b.dat", "c/d.dat"]
    assert table("csv", files, path="t/[ab].dat")["a"].to_list() == ["a.dat", "b.dat"]
    assert table("csv", files, path="t/?.csv")["a"].to_list() == ["n.csv"]


ODD = ["a[1]", "{b}", "we ird %20", "q'uo\"te", "😀", "dot.ted", "*", "a?b", "[!x]", "per%cent", "~"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
@pytest.mark.parametrize("name", ODD)
def test_a_name_that_exists_is_literal(table, open_home, name):
    decoys = {"in/a1.csv": "x", "in/axb.csv": "x", "in/b.csv": "x", "in/x.csv": "x"}
    frame = table("csv", {f"in/{name}.csv": f'a\n"{name.replace(chr(34), chr(34) * 2)}"\n', **decoys})
    assert frame["a"].to_list() == [name]
    home = open_home("csv", path="in/{entity}.csv")
    reading = home.read(ReadRequest(entity=name))
    assert reading.scan().collect()["a"].to_list() == [name]
    reading.close()
    assert name in list(home.discover())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
@pytest.mark.parametrize("name", ODD)
def test_a_glob_takes_the_entity_and_the_project_literally(open_home, tmp_path, name):
    project = tmp_path / name
    for folder in (name, "a1", "b", "axb"):
        (project / "in" / folder).mkdir(parents=True, exist_ok=True)
        (project / "in" / folder / "1.csv").write_text(f"a\n{len(folder)}\n")
    (project / "in" / name / "1.csv").write_text("a\nmine\n")
    reading = open_home("csv", project=project, path="in/{entity}/*.csv").read(ReadRequest(entity=name))
    assert reading.scan().collect()["a"].to_list() == ["mine"]
    reading.close()


def test_entity_and_flow_are_filled_in(open_home, tmp_path):
    (tmp_path / "f").mkdir()
    (tmp_path / "f" / "e.csv").write_text(ROW)
    home = open_home("csv", path="{flow}/{entity}.csv")
    request = ReadRequest(entity="e", flow="f")
    assert Path(home.locate(request)) == tmp_path / "f" / "e.csv"
    reading = home.read(request)
    assert reading.scan().collect().rows() == [(1,)]
    reading.close()
    home.close()
    home.close()


def test_paths_may_be_absolute_or_start_at_the_home_folder(open_home, tmp_path, monkeypatch):
    (tmp_path / "e.csv").write_text(ROW)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    for path in (str(tmp_path / "e.csv"), "~/e.csv"):
        reading = open_home("csv", project=tmp_path / "elsewhere", path=path).read(ReadRequest(entity="e"))
        assert reading.scan().collect().rows() == [(1,)]
        reading.close()


def test_nothing_found_says_what_was_looked_for(open_home, tmp_path):
    for path in ("none.csv", "none*.csv", "no/where/{entity}.csv"):
        with pytest.raises(HomeError) as caught:
            open_home("csv", path=path).read(ReadRequest(entity="e"))
        assert str(tmp_path) in caught.value.where
        assert Path(caught.value.where).name == path.replace("{entity}", "e").split("/")[-1]
    (tmp_path / "t").mkdir()
    (tmp_path / "t" / "a.txt").touch()
    with pytest.raises(HomeError, match=r"t: this folder holds no file that ends in \.csv"):
        open_home("csv", path="t").read(ReadRequest(entity="e"))


def test_entities_are_discovered(open_home, tmp_path):
    for name in ("a.csv", "b.csv", "_c.csv", "d.txt"):
        (tmp_path / name).write_text(ROW)
    for folder in ("x", "y", "empty"):
        (tmp_path / "t" / folder).mkdir(parents=True)
    for name in ("x/1.csv", "y/2.csv"):
        (tmp_path / "t" / name).write_text(ROW)
    assert list(open_home("csv", path="{entity}.csv").discover()) == ["a", "b"]
    assert list(open_home("csv", path="t/{entity}").discover()) == ["x", "y"]
    assert list(open_home("csv", path="t/{entity}/*.csv").discover()) == ["x", "y"]
    assert list(open_home("csv", path="t").discover()) == []
    assert list(open_home("csv", path="nowhere/{entity}").discover()) == []


def test_probes_tell_what_is_there(open_home, tmp_path):
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    findings = list(open_home("csv", path="{entity}.csv").probe("a"))
    assert [finding.ok for finding in findings] == [True, True]
    assert "2 columns" in findings[1].what
    (failed,) = open_home("csv", path="{entity}.csv").probe("b")
    assert not failed.ok
    assert "b.csv" in failed.what
    (tmp_path / "c.csv").write_text("a,b\n1\n")
    assert [finding.ok for finding in open_home("csv", path="{entity}.csv").probe("c")] == [True, False]


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_named(read, tmp_path):
    (tmp_path / "a.csv").write_text(ROW)
    (tmp_path / "a.csv").chmod(0)
    with pytest.raises(HomeError, match=r"a\.csv: cannot be read"):
        read("csv", {"b.csv": ""}, path="a.csv")


def test_the_plugin_and_its_settings_import_nothing_heavy():
    code = (
        "import sys, hygge_home_files.plugin as p; list(p.hygge_homes()); p.CsvConfig(path='x', columns={'a': 'date'})"
    )
    check = (
        "; heavy = {'polars', 'pyarrow', 'structlog', 'backports.zstd'} & sys.modules.keys(); assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code + check], check=True)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"path": ""}, "path"),
        ({"columns": {"a": "varchar"}}, "'varchar' for 'a'"),
        ({"columns": {"a": "decimal"}}, "'decimal' for 'a'"),
        ({"separator": ""}, "separator must be one ASCII character"),
        ({"separator": "é"}, "separator must be one ASCII character"),
        ({"separator": "||"}, "separator must be one ASCII character"),
        ({"quote": "''"}, "quote must be one ASCII character"),
        ({"quote": ","}, "quote and separator are both"),
        ({"encoding": "klingon"}, "'klingon' is not a text encoding"),
        ({"encoding": "base64"}, "'base64' is not a text encoding"),
        ({"skip_rows": -1}, "skip_rows"),
        ({"names": ("a", "a")}, "names holds a name twice"),
    ],
)
def test_settings_that_cannot_work_are_refused_before_anything_is_read(open_home, settings, message):
    with pytest.raises(ValueError, match=message):
        open_home("csv", **{"path": "a.csv", **settings})
