"""`hygge new` on the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest


def hygge(*words, cwd):
    return subprocess.run(
        [sys.executable, "-m", "hygge_core", *words],
        cwd=cwd,
        env={**os.environ, "PYTHONUTF8": "1", "NO_COLOR": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def test_it_says_what_it_wrote_and_what_comes_next(tmp_path):
    done = hygge("new", "store", "acme-cloud", "--author", "Ada Lovelace", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    package = tmp_path / "hygge-store-acme-cloud"
    lines = done.stdout.splitlines()
    said, steps = lines[1 : lines.index("Next steps:")], lines[lines.index("Next steps:") + 1 :]
    written = sorted(path.relative_to(package).as_posix() for path in package.rglob("*") if path.is_file())
    assert [line.strip() for line in said] == written
    assert [line.strip() for line in steps] == [
        "cd hygge-store-acme-cloud",
        'pip install -e ".[testing]"',
        "hygge conformance hygge-store-acme-cloud",
    ]
    assert "Ada Lovelace" in (package / "LICENSE").read_text("utf-8")


def test_programs_hear_of_it_as_one_object(tmp_path):
    done = hygge("new", "home", "acme", "--into", "some/where", "--output", "json", cwd=tmp_path)
    told = json.loads(done.stdout)
    assert told["kind"] == "package.created"
    data = told["data"]
    assert data["distribution"] == "hygge-home-acme"
    assert data["path"] == str(tmp_path / "some" / "where")
    assert all((tmp_path / "some/where" / file).is_file() for file in data["files"])
    assert data["next"][0].startswith("cd some")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("store", "Acme"), "'Acme' cannot name a store; use lower case words"),
        (("table", "acme"), "'table' is not one of 'store', 'home', 'lake'"),
        (("lake", "acme", "--author", ""), "--author: '' cannot be put into pyproject.toml"),
        (("lake", "acme", "--into", "."), "the folder is not empty"),
    ],
)
def test_what_cannot_be_made_is_refused_and_nothing_is_written(tmp_path, words, message):
    (tmp_path / "mine.txt").write_text("mine")
    done = hygge("new", *words, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stdout == ""
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_package_is_never_overwritten(tmp_path):
    assert hygge("new", "lake", "acme", cwd=tmp_path).returncode == 0
    again = hygge("new", "lake", "acme", cwd=tmp_path)
    assert again.returncode == 2
    assert "hygge-lake-acme: the folder is not empty" in again.stderr
