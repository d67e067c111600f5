"""No block of code escapes: it is run, or read by what would read it in earnest, or has a mark with a reason."""

from __future__ import annotations

import re
import shlex

import click
import pytest

from hygge_core.errors import HyggeError
from pages import PAGES, ROOT, blocks, named, prose
from reading import READERS, read_console, read_hygge


ELSEWHERE = {"erp": "tests/mssql/reading/test_example.py", "tutorial": "tests/core/scaffold/test_tutorials.py"}
"""Marks that tests of a package play."""

INCOMPLETE = (click.BadParameter, click.BadOptionUsage)
"""What a command in the text may leave out, or say with a word in capitals: its arguments, not its options."""

BLOCKS = [(page, block) for page in PAGES for block in blocks(page.read_text("utf-8"))]
SHOWN = [(page, block) for page, block in BLOCKS if block.mark not in {"run", "file", "fails", *ELSEWHERE}]
COMMAND = re.compile(r"`(hygge(?: [^A-Z`\n][^`\n]*)?)`")


def title(value):
    return named(value) if hasattr(value, "parts") else f"{value.language}-{value.line}"


def fault(block, folder):
    """Why a block that is not run could mislead a reader, or nothing."""
    if block.mark == "shown" and len(block.what.split()) < 2:
        return "its mark gives no reason"
    if block.mark != "shown" and block.language not in READERS:
        return f"nothing reads {block.language or 'a block without a language'}; run it, or mark it with a reason"
    try:
        if block.mark != "shown":
            READERS[block.language](block.text, folder)
        elif block.language == "console":
            read_console("\n".join(re.findall(r"(?m)^\$ hygge.*", block.text)), folder)
    except (AssertionError, HyggeError, click.ClickException, KeyError, SyntaxError, ValueError) as error:
        return f"{type(error).__name__}: {error}"
    return ""


@pytest.mark.parametrize(("page", "block"), SHOWN, ids=title)
def test_a_block_that_is_not_run_can_be_read(page, block, tmp_path):
    assert fault(block, tmp_path) == "", f"{named(page)}:{block.line}"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_commands_within_the_text_are_those_of_the_command_line(page):
    for command in COMMAND.findall(prose(page.read_text("utf-8"))):
        try:
            read_hygge(shlex.split(re.split(r" [|>] ", command)[0])[1:])
        except INCOMPLETE:
            continue
        except click.ClickException as error:
            pytest.fail(f"{named(page)} names `{command}`: {error.format_message()}")


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_commands_that_are_run_are_told_whole(page):
    for block in blocks(page.read_text("utf-8")):
        if block.language == "console" and block.mark in {"run", "fails"}:
            assert block.text.startswith("$ "), f"{named(page)}:{block.line}"


def test_marks_of_other_tests_are_known_to_them():
    for mark, file in ELSEWHERE.items():
        assert f"{mark}: " in (ROOT / file).read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("```\nwhat is this\n```\n", "a block without a language"),
        ("```text\nwhat is this\n```\n", "nothing reads text"),
        ("<!-- shown: because -->\n```text\nwhat\n```\n", "gives no reason"),
        ("<!-- shown -->\n```text\nwhat\n```\n", "gives no reason"),
        ("<!-- shown: figures of others -->\n```console\n$ hygge gone\nsettled\n```\n", "No such command"),
        ("<!-- shown: as the test of plugins compares -->\n```text\nwhat\n```\n", ""),
        ("```json\n{\n```\n", "JSONDecodeError"),
        ('```json\n{"a": 1}\n{"a": 2}\n```\n', ""),
        ("```csv\na,b\n1\n```\n", "fields"),
        ("```python\nimport\n```\n", "SyntaxError"),
        ("```python\nfrom hygge_core import Nonsense\n```\n", "Nonsense"),
        ("```python\nfrom acme import Nonsense\n```\n", ""),
        ("```sql\nSELECT FROM WHERE (\n```\n", "neither"),
        ("```toml\na = \n```\n", "TOMLDecodeError"),
        ('```toml\n[flows.a]\non_drift = "wran"\n```\n', "on_drift"),
        ('```toml\nhome = { type = "csv", pth = "a" }\n```\n', "pth"),
        ('```toml\nstore = { type = "adls", connection = "lake", path = "{entity}" }\n```\n', ""),
        ('```toml\n[options]\njournal = { connection = "lake" }\n```\n', ""),
        ('```toml\n[project]\nname = "acme"\n```\n', ""),
        ("```console\n$ hygge go --everything\n```\n", "No such option"),
        ("```console\n$ hygge gone\n```\n", "No such command"),
        ("```console\n$ hygge journal shew x\n```\n", "No such command"),
        ("```console\n$ hygge --nonsense go\n```\n", "No such option"),
        ("```console\n$ hygge go --help\n$ hygge\n```\n", ""),
        ("```console\n$ hygge go\nsettled\n```\n", "nothing compares"),
        ("```console\n$ rm -rf /\n```\n", "KeyError"),
        ("```console\n$ nox -s nonsense\n```\n", "nonsense"),
        ("```console\n$ nox -s bench -- --rows 6M\n```\n", ""),
        ("```console\n$ pip install hygge-store-nonsense\n```\n", "nonsense"),
        ("```console\n$ python3 start.py nonsense\n```\n", "nonsense"),
        ("```console\n$ python nonsense.py\n```\n", "nonsense"),
        ("```pycon\nnothing\n```\n", "no example"),
        ("```console\n$ pytest tests/nonsense\n```\n", "nonsense"),
    ],
)
def test_a_block_that_misleads_is_found(text, said, tmp_path):
    (block,) = blocks(f"# Page\n\n{text}")
    found = fault(block, tmp_path)
    assert said in found if said else found == ""
