"""docs/recovery.md knows every exit code, every kind of error, and only messages that are there."""

from __future__ import annotations

import ast
import inspect
import re

import pytest

from hygge_core import errors
from hygge_core.cli.group import hygge
from pages import ROOT


PAGE = (ROOT / "docs" / "recovery.md").read_text("utf-8")
KINDS = [
    each
    for each in vars(errors).values()
    if inspect.isclass(each) and issubclass(each, errors.HyggeError) and each is not errors.HyggeError
]


def rows(heading):
    """The first two cells of the table whose first heading is this one."""
    lines = PAGE.split(f"\n| {heading} |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    return [tuple(cell.strip() for cell in line.strip("|").split(" | ")[:2]) for line in lines]


def texts():
    """Every text of the packages as it is written, with a blank for what is filled in."""
    for file in ROOT.glob("hygge-*/src/**/*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr):
                yield "".join(str(part.value) if isinstance(part, ast.Constant) else " " for part in node.values)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


@pytest.fixture(scope="module")
def written():
    return "\n".join(texts())


def test_every_exit_code_of_the_command_line_has_its_row():
    told = {int(code) for code in re.findall(r"(\d+) \w", hygge.epilog)}
    assert told >= {kind.exit_code for kind in KINDS} | {0, 1, 3}
    listed = {int(code) for first, _ in rows("code") for code in re.findall(r"\d+", first)}
    assert listed >= told
    assert listed - told == {137, 143}  # of the system


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_of_error_has_its_row_and_its_code(kind):
    assert (f"`{kind.__name__}`", str(kind.exit_code)) in rows("error")


def test_no_kind_of_error_is_listed_that_is_not_there():
    assert {first for first, _ in rows("error")} == {f"`{kind.__name__}`" for kind in KINDS}


@pytest.mark.parametrize("message", [first.strip("`") for first, _ in rows("it says")])
def test_a_message_that_the_page_explains_is_one_of_ours(written, message):
    assert message in written
