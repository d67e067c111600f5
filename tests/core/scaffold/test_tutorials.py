"""The plugins of the tutorials are short, can be installed as they stand on the page, and keep their promises."""

from __future__ import annotations

import ast
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from new_package import installed


DOCS = Path(__file__).parents[3] / "docs"
TUTORIALS = {"write-a-store.md": "hygge-store-attic", "write-a-home.md": "hygge-home-cellar"}
MOST = 80
FILE = re.compile(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```|<!-- given: (\S+)\n(.*?)-->", re.DOTALL)
STEP = re.compile(r"<!-- tutorial: (\S+) -->\n```console\n(.*?)```", re.DOTALL)


def files(page):
    for path, shown, given, hidden in FILE.findall((DOCS / page).read_text("utf-8")):
        yield path or given, shown or hidden


def code(page):
    """The plugin itself, without the module that tries it and the project that uses it."""
    plugin = re.compile(r"[^/]+/src/.*(?<!conformance)\.py")
    return {path: text for path, text in files(page) if plugin.fullmatch(path)}


def lines_of_code(text):
    """Count lines that are neither empty nor part of an import or a docstring."""
    tree = ast.parse(text)
    other = {
        line
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Expr)
        and not (isinstance(node, ast.Expr) and not isinstance(getattr(node.value, "value", None), str))
        for line in range(node.lineno, node.end_lineno + 1)
    }
    return sum(1 for number, line in enumerate(text.splitlines(), 1) if line.strip() and number not in other)


def steps(page):
    return STEP.findall((DOCS / page).read_text("utf-8"))


@pytest.fixture
def follow(tmp_path):
    """Put a tutorial's files where the page says, install the package, and do what its consoles show."""

    def follow(page):
        for path, text in files(page):
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text, "utf-8")
        site = installed(tmp_path / TUTORIALS[page], tmp_path / "site")
        for folder, text in steps(page):
            play(text, tmp_path / folder, site)

    return follow


def play(text, folder, site):
    """Run what stands after ``$``; each line below it must begin a line of what is said."""
    said = ""
    for line in text.splitlines():
        if line.startswith("$ "):
            said = run(shlex.split(line.removeprefix("$ ")), folder, site)
        else:
            assert line.strip() in said, f"{line!r} is not in what was printed:\n{said}"


def run(words, folder, site):
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    python = os.pathsep.join([str(site), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {**os.environ, "PATH": path, "PYTHONPATH": python, "NO_COLOR": "1", "PYTHONUTF8": "1"}
    done = subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False, timeout=600
    )
    assert done.returncode == 0, f"{words} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
    return re.sub(r" +", " ", done.stdout) + done.stdout


@pytest.mark.parametrize("page", TUTORIALS)
def test_a_tutorial_builds_a_plugin_in_under_eighty_lines(page):
    counted = {path: lines_of_code(text) for path, text in code(page).items()}
    assert len(counted) >= 3
    assert all(counted[path] for path in counted if not path.endswith("__init__.py"))
    assert sum(counted.values()) < MOST, counted


@pytest.mark.parametrize("page", TUTORIALS)
def test_its_files_are_those_that_the_package_names(page):
    paths = {path for path, _ in files(page)}
    name = TUTORIALS[page]
    module = f"{name}/src/{name.replace('-', '_')}"
    assert paths >= {f"{name}/pyproject.toml", f"{module}/plugin.py", f"{module}/conformance.py", f"{module}/py.typed"}


@pytest.mark.slow
@pytest.mark.parametrize("page", TUTORIALS)
def test_what_a_tutorial_shows_is_what_happens(page, follow):
    assert any("hygge go" in text for _, text in steps(page))
    assert any("hygge conformance" in text for _, text in steps(page))
    follow(page)


def test_lines_of_code_are_neither_imports_nor_docstrings_nor_empty():
    imports = "from a import (\n    b,\n    c,\n)\nimport d\n\n\n"
    text = f'"""Doc."""\n{imports}def f():\n    """Doc."""\n    import e\n    g()\n'
    assert lines_of_code(text) == 2
