"""The table of mistakes in `mistakes.txt`: each with what is said of it, word for word and line for line.

A case begins with ``===``.  ``$`` sets an environment variable, ``>`` gives a ``--var``, ``@`` starts a file,
and ``---`` what is expected.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from attrs import define, field


TABLE = Path(__file__).with_name("mistakes.txt")


@define
class Mistake:
    name: str
    files: dict[str, str] = field(factory=dict)
    environ: dict[str, str] = field(factory=dict)
    variables: list[str] = field(factory=list)
    expected: list[str] = field(factory=list)


def read_mistake(text):
    name, *lines = text.splitlines()
    found = Mistake(name)
    told = lines.index("---")
    found.expected = lines[told + 1 :]
    for line in lines[:told]:
        if line.startswith("$ "):
            variable, _, value = line[2:].partition("=")
            found.environ[variable] = value
        elif line.startswith("> "):
            found.variables.append(line[2:])
        elif line.startswith("@ "):
            file = line[2:]
            found.files[file] = ""
        else:
            found.files[file] += f"{line}\n"
    return found


MISTAKES = [read_mistake(text) for text in re.split(r"(?m)^=== ", TABLE.read_text(encoding="utf-8"))[1:]]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_each_mistake_is_told_with_its_line_and_what_to_do(mistake, mistakes):
    assert mistakes(mistake.files, *mistake.variables, **mistake.environ) == mistake.expected


def test_the_table_of_mistakes_is_as_long_as_promised():
    assert len({mistake.name for mistake in MISTAKES}) == len(MISTAKES) >= 50


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'name = "x"\n# caf\xe9\n', "hygge.toml:2: not valid UTF-8; save the file as UTF-8"),
        (b"\xff\xfen\0", "hygge.toml:1: not valid UTF-8; save the file as UTF-8"),
        (b"a = " + b"[" * 9000, "hygge.toml: arrays or inline tables are nested too deeply"),
        (b"name = 1" + b"0" * 5000, "hygge.toml: not valid TOML: an integer has too many digits"),
    ],
)
def test_a_file_that_is_no_toml_at_all_is_told_so(content, expected, mistakes):
    assert mistakes({"hygge.toml": content}) == [expected]


def test_a_project_file_that_is_missing_is_told_so_and_the_other_files_are_still_read(mistakes):
    told = mistakes({"flows/a.toml": "home = 1\n"})
    assert [line.split(": ")[0] for line in told] == ["flows/a.toml:1", "flows/a.toml:1", "hygge.toml"]
    assert told[-1].startswith("hygge.toml: cannot be read: ")


def test_a_flow_file_that_cannot_be_read_is_told_so(mistakes):
    [told] = mistakes({"hygge.toml": "", "flows/b.toml/inside.txt": ""})
    assert told.startswith("flows/b.toml: cannot be read: ")


@pytest.mark.skipif(sys.platform == "win32", reason="permissions work differently")
def test_a_file_without_permission_is_told_so(write, mistakes):
    file = write("name = 'x'\n")
    file.chmod(0)
    try:
        file.read_bytes()
    except PermissionError:
        [told] = mistakes({})
        assert told == "hygge.toml: cannot be read: Permission denied"
    else:
        pytest.skip("this user may read everything")


def test_every_problem_knows_its_file_line_and_key(write, plugins):
    from hygge_core import ConfigError
    from hygge_core.config import load_project

    file = write({"hygge.toml": "[options]\nattempts = 0\n", "flows/a.toml": "\nhome = 1\nstore = 2\n"})
    with pytest.raises(ConfigError) as caught:
        load_project(file, plugins=plugins, environ={})
    assert caught.value.exit_code == 2
    assert [(p.file, p.line, p.key) for p in caught.value.problems] == [
        ("flows/a.toml", 2, "home"),
        ("flows/a.toml", 3, "store"),
        ("hygge.toml", 2, "options.attempts"),
    ]
