"""What the documentation shows is run: see CONTRIBUTING.md for the marks."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from pages import PAGES, ROOT, named


MARK = re.compile(
    r"<!-- (?:given: (?P<given>[^\n]+)|python)\n(?P<hidden>.*?)-->"
    r"|<!-- (?P<kind>run|file|fails)(?:: (?P<where>[^\n]+))? -->\n+```(?P<language>\w+)\n(?P<shown>.*?)```",
    re.DOTALL,
)


class Snippet(NamedTuple):
    kind: str
    where: str
    language: str
    text: str


def snippets(page):
    for found in MARK.finditer(page.read_text("utf-8")):
        if found["given"]:
            yield Snippet("file", found["given"].strip(), "", found["hidden"])
        elif found["hidden"]:
            yield Snippet("run", "", "python", found["hidden"])
        else:
            yield Snippet(found["kind"], (found["where"] or "").strip(), found["language"], found["shown"])


@pytest.fixture
def shell():
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return {**os.environ, "PATH": path, "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}


def start(words, folder, shell):
    run = subprocess.run(words, cwd=folder, env=shell, capture_output=True, encoding="utf-8", check=False, timeout=120)
    return run.returncode, run.stdout + run.stderr


def play(snippet, folder, shell):
    """Do what one snippet says; a console shows commands after ``$`` and below them words that must appear."""
    if snippet.kind == "file":
        file = folder / snippet.where
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(snippet.text, "utf-8")
        return
    place, _, code = snippet.where.partition(" ")
    if snippet.language == "python":
        assert start([sys.executable, "-c", snippet.text], folder / place, shell)[0] == 0
        return
    expected, said = int(code) if snippet.kind == "fails" else 0, ""
    for line in snippet.text.splitlines():
        if line.startswith("$ "):
            words = line.removeprefix("$ ").partition("  #")[0].split()
            found, said = start(words, folder / place, shell)
            assert found == expected, f"{line}\nended with {found}, not {expected}:\n{said}"
        else:
            assert line in said, f"{line!r} is not in what was printed:\n{said}"


@pytest.mark.parametrize("page", [page for page in PAGES if any(snippets(page))], ids=named)
def test_the_snippets_of_a_page_run_one_after_the_other(page, tmp_path, shell):
    for snippet in snippets(page):
        play(snippet, tmp_path, shell)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("<!-- run -->\n```console\n$ hygge go\n```", "ended with 2, not 0"),
        ("<!-- run -->\n```console\n$ hygge --version\nhygge 99\n```", "'hygge 99' is not in"),
        ("<!-- fails: . 2 -->\n```console\n$ hygge --version\n```", "ended with 0, not 2"),
        ("<!-- run -->\n```python\nassert False\n```", "assert 1 == 0"),
        ("<!-- python\nassert False\n-->", "assert 1 == 0"),
    ],
)
def test_a_wrong_snippet_fails(tmp_path, shell, text, fault):
    page = tmp_path / "page.md"
    page.write_text(text, "utf-8")
    with pytest.raises(AssertionError, match=re.escape(fault)):
        play(next(snippets(page)), tmp_path, shell)


def test_there_is_something_to_run():
    kinds = [snippet.kind for page in PAGES for snippet in snippets(page)]
    assert kinds.count("run") >= 5
    assert kinds.count("fails") >= 1


def test_the_two_commands_of_the_readme_are_tasks_of_start():
    readme = (ROOT / "README.md").read_text("utf-8")
    tasks = re.search(r"tasks = \{(.*)\}", (ROOT / "start.py").read_text("utf-8"))
    for task in ("demo", "test"):
        assert f"$ python3 start.py {task}" in readme
        assert f'"{task}"' in tasks[1]


def test_ci_runs_the_test_command_of_the_readme():
    assert "python3 start.py test" in (ROOT / ".ci" / "run").read_text("utf-8")
