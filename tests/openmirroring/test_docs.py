"""docs/stores/open_mirroring.md names every key and every command."""

from __future__ import annotations

import re
from pathlib import Path

import attrs
import pytest

from hygge_store_adls.settings import AccountSettings
from hygge_store_openmirroring.commands.mirror import mirror
from hygge_store_openmirroring.config import OpenMirroringConfig
from hygge_store_openmirroring.lint.rules import RULES
from hygge_store_openmirroring.replicator.reading import CODECS


PAGE = (Path(__file__).parents[2] / "docs" / "stores" / "open_mirroring.md").read_text(encoding="utf-8")


def rows(heading):
    """The rows of the table whose first heading is this one."""
    return PAGE.split(f"\n| {heading} |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]


def named(lines):
    return {word for line in lines for word in re.findall(r"`([^`]+)`", line.split(" | ")[0])}


def test_every_key_of_the_store_is_in_the_table_of_keys():
    keys = {field.name for field in attrs.fields(OpenMirroringConfig)}
    signing_in = {field.name for field in attrs.fields(AccountSettings)}
    assert keys - signing_in - named(rows("key")) == set()


def test_the_documented_codecs_are_all_that_the_service_takes():
    (line,) = [row for row in rows("key") if row.startswith("| `compression`")]
    assert {word.strip('"') for word in re.findall(r'"\w+"', line.split(" | ")[1])} == CODECS


@pytest.mark.parametrize("name", sorted(mirror.commands))
def test_every_command_of_hygge_mirror_is_documented(name):
    assert any(word.startswith(f"hygge mirror {name} ") for word in named(rows("command")))


def test_the_number_of_rules_is_true():
    assert f"{len(RULES)} rules" in PAGE
