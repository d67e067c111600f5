"""``hygge conformance`` as an author calls it: installed packages, real processes, tables and exit codes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import click
import pytest

from hygge_core.conformance.document import document_of, results_of
from hygge_core.conformance.markdown import markdown_of
from hygge_core.conformance.text import text_of

from .conftest import command, environment, install


MIXED = '''
import warnings
from typing import ClassVar

import pytest


class WarmCases:
    promise: ClassVar[str] = "tea is warm"

    @pytest.mark.parametrize("cup", [1, 2])
    def test_warm(self, cup, record_property):
        record_property("degrees", {"cup": cup, "value": 60})

    def test_iced(self):
        pytest.skip("there is no ice | here")


class SweetCases:
    promise: ClassVar[str] = "tea is sweet"

    def test_sweet(self):
        """By default."""


class FullCases:
    promise: ClassVar[str] = "the pot is full"

    def test_full(self):
        raise AssertionError("broken promise: the pot is full\\nlook inside")

    def test_half(self):
        pytest.skip("half a pot is enough")

    def test_a_lid(self):
        """Is kept, which mends nothing."""

    def test_full_again(self):
        warnings.warn("the lid is loose", stacklevel=1)


class Contract(WarmCases, SweetCases, FullCases):
    def test_the_contract(self):
        """Belongs to no promise."""


class TestPot(Contract):
    """A pot of tea."""

    def test_sweet(self):
        pytest.skip("sugar is not offered")


class TestCup(WarmCases, SweetCases):
    @pytest.mark.xfail(reason="the sugar is out, issue 12", strict=True)
    def test_sweet(self):
        raise AssertionError("broken promise: tea is sweet")


def test_alone():
    """A function of the module."""
'''


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """What the command says of a package in which everything occurs, as text and as data."""
    folder = install(tmp_path_factory.mktemp("mixed"), "acme_promises", MIXED)
    # What lies in the current folder, and in the environment, must not matter.
    spoiled = folder / "elsewhere"
    spoiled.mkdir()
    spoiled.joinpath("pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n", "utf-8")
    spoiled.joinpath("conftest.py").write_text("raise SystemExit(7)\n", "utf-8")
    spoiled.joinpath("acme_promises.py").write_text("raise SystemExit(8)\n", "utf-8")
    environ = environment(folder, PYTEST_ADDOPTS="--no-such-option", PYTEST_PLUGINS="no_such_plugin")
    return subprocess.run(
        command("Acme_Tea", "--output", "json"),
        cwd=spoiled,
        env=environ,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def results(mixed, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    return results_of(json.loads(mixed.stdout))


def test_the_table_shows_every_state_with_its_reason(results):
    assert [" ".join(line.split()) for line in text_of(results).splitlines() if line] == [
        "acme-tea 1.2",
        "Pot Cup functions",
        "tea is warm kept [1] kept [1] -",
        "tea is sweet not offered [2] broken, known [3] -",
        "the pot is full broken [4, 5] - -",
        "what the test classes themselves ask kept - kept",
        "[1] not offered: there is no ice | here",
        "[2] not offered: sugar is not offered",
        "[3] broken, known: the sugar is out, issue 12",
        "[4] broken: Pot: test_full: broken promise: the pot is full (1 more like it)",
        "[5] not offered: half a pot is enough",
        "2 of 14 cases of 3 contracts failed.",
    ]


def test_columns_stand_below_their_titles(results):
    _, title, *rows = [line for line in text_of(results).splitlines() if line][:6]
    for row in rows:
        starts = [title.index(name) for name in ("Pot", "Cup", "functions")]
        assert all(row[start - 1] == " " and row[start] != " " for start in starts), row


def test_a_narrow_terminal_folds_promises_and_keeps_the_columns(results, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    lines = text_of(results).splitlines()
    assert "what the test classes themselves  kept" in lines[6]
    assert lines[7] == "ask"


def test_colours_change_nothing_but_colours(results):
    coloured = text_of(results, coloured=True)
    assert click.unstyle(coloured) == text_of(results)
    assert click.style("kept [1]", fg="green") in coloured
    assert click.style("broken [4, 5]", fg="red") in coloured


def test_markdown_shows_the_same_and_escapes_what_would_break_it(results):
    shown = markdown_of(results)
    assert "| tea is sweet | not offered (2) | **broken, known** (3) |  |" in shown
    assert "1. not offered: there is no ice \\| here" in shown
    assert shown.startswith("## acme-tea 1.2\n\n|  | Pot | Cup | functions |\n|---|---|---|---|\n")


def test_the_document_has_every_case_and_makes_the_results_again(mixed):
    assert (mixed.returncode, mixed.stderr) == (1, "")
    document = json.loads(mixed.stdout)
    assert document["broken"] is True
    pot = document["contracts"][0]
    assert pot["about"] == "A pot of tea."
    assert [promise["state"] for promise in pot["promises"]] == ["kept", "not offered", "broken", "kept"]
    warm = pot["promises"][0]["cases"]
    assert {case["name"] for case in warm} == {"test_warm[1]", "test_warm[2]", "test_iced"}
    results = results_of(document)
    assert document_of(results) == document
    assert list(results.recorded(results.contracts[1], "degrees")) == [
        {"cup": 1, "value": 60},
        {"cup": 2, "value": 60},
    ]


def test_warnings_are_errors(mixed):
    document = json.loads(mixed.stdout)
    (full,) = [promise for promise in document["contracts"][0]["promises"] if promise["promise"] == "the pot is full"]
    assert (
        "UserWarning: the lid is loose"
        in {case["name"]: case.get("reason", "") for case in full["cases"]}["test_full_again"]
    )


def test_a_store_that_loses_rows_is_broken_where_it_promises_them(conformance, tmp_path):
    source = "from core.testing.broken_commits import TestLosesAPart\n"
    install(tmp_path, "acme_losing", source)
    done = conformance("acme-tea", "--only", "share_a_stage", "--only", "committing_again")
    assert done.returncode == 1, done.stderr
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert "staged rows are invisible, and committed rows are visible exactly once kept" in lines
    assert "rows arrive whole in any number and size of batches, from any number of writers broken [1]" in lines
    said = (
        "[1] broken: LosesAPart: test_several_writers_share_a_stage: broken promise: rows of all writers become visible"
    )
    assert said in " ".join(done.stdout.split())
    assert lines[-1] == "1 of 2 cases of 1 contract failed."


def test_a_store_that_keeps_its_promises_ends_with_zero(conformance, tmp_path):
    install(tmp_path, "acme_sound", "from core.testing.test_memory_store import TestMemoryStore\n")
    done = conformance("acme-tea", "--only", "TestMemoryStore::test_append", "--only", "harm")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Nothing is broken: 6 cases of 1 contract." in done.stdout
    assert "not offered: the test class names no `crash`" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere"], "no package 'nowhere' is installed here; packages with contracts are: "),
        ([" "], "no package ' ' is installed here"),
        (
            ["acme-tea"],
            'pyproject.toml: [project.entry-points."hygge.conformance"] NAME = "acme_tea.conformance", and install it',
        ),
    ],
)
def test_what_cannot_be_tried_is_a_mistake_of_usage(conformance, tmp_path, words, said):
    install(tmp_path, "", "")
    done = conformance(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_the_kit_has_to_be_installed(conformance, tmp_path):
    install(tmp_path, "acme_promises", MIXED)
    tmp_path.joinpath("sitecustomize.py").write_text("import sys\nsys.modules['pytest'] = None\n", "utf-8")
    done = conformance("acme-tea")
    assert done.returncode == 2
    assert 'trying promises needs pytest, not installed here; try `pip install "hygge-core[testing]"`' in done.stderr


def test_nothing_chosen_is_a_mistake_of_usage(conformance, tmp_path):
    install(tmp_path, "acme_promises", MIXED)
    done = conformance("acme-tea", "--only", "coffee", "--output", "json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["data"]["what"] == "no case is named like 'coffee'"


def test_a_module_that_cannot_be_imported_is_broken(conformance, tmp_path):
    install(tmp_path, "acme_torn", "import no_such_leaf\n")
    done = conformance("acme-tea")
    assert done.returncode == 1
    assert "could not be tried: ModuleNotFoundError: No module named 'no_such_leaf'" in done.stdout


def test_test_classes_of_one_name_stay_apart(conformance, tmp_path):
    passing = "class TestPot:\n    promise = 'tea is warm'\n\n    def test_warm(self):\n        pass\n"
    install(tmp_path, "acme_cold", passing.replace("pass\n", "raise AssertionError('it is cold')\n"))
    tmp_path.joinpath("acme_warm.py").write_text(passing, "utf-8")
    points = tmp_path / "acme_tea-1.2.dist-info" / "entry_points.txt"
    points.write_text("[hygge.conformance]\none = acme_cold\ntwo = acme_warm\n", "utf-8")
    contracts = json.loads(conformance("acme-tea", "--output", "json").stdout)["contracts"]
    states = {contract["name"]: contract["promises"][0]["state"] for contract in contracts}
    assert states == {"TestPot": "broken", "TestPot of acme_warm": "kept"}


def test_a_process_that_dies_names_the_case_it_died_in(conformance, tmp_path):
    install(tmp_path, "acme_dying", "import os\n\n\ndef test_falls_over():\n    os._exit(9)\n")
    done = conformance("acme-tea")
    assert (done.returncode, done.stdout) == (1, "")
    assert "acme-tea: trying the promises ended with code 9 in test_falls_over" in done.stderr


SLOW = """
import os, time
from pathlib import Path


def test_waits():
    Path(os.environ["TOLD"]).write_text(str(os.getpid()), "utf-8")
    time.sleep(300)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="sends Unix signals and opens a terminal of Unix")
def test_ctrl_c_ends_the_process_that_tries_and_takes_its_progress_away(tmp_path):
    import pty

    install(tmp_path, "acme_slow", SLOW)
    ours, theirs = pty.openpty()
    running = subprocess.Popen(
        command("acme-tea"),
        env=environment(tmp_path, TOLD=str(tmp_path / "pid")),
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    try:
        pid = _told(tmp_path / "pid", running)
        running.send_signal(signal.SIGINT)
        said, _ = running.communicate(timeout=60)
        seen = _everything(ours)
    finally:
        running.kill()
        os.close(ours)
    assert (running.returncode, said) == (130, b"")
    assert "\r1 of 1  test_waits" in seen
    assert seen.endswith("Stopped before anything moved.\r\n")
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def _everything(terminal):
    """Read what was written to a terminal that all others have closed."""
    seen = b""
    with suppress(OSError):  # which is how Linux tells the end
        while chunk := os.read(terminal, 1 << 16):
            seen += chunk
    return seen.decode()


def _told(file, running):
    until = time.monotonic() + 120
    while not (file.exists() and file.read_text("utf-8")):
        assert running.poll() is None, "it ended by itself"
        assert time.monotonic() < until, "it never began"
        time.sleep(0.05)
    return int(Path(file).read_text("utf-8"))
