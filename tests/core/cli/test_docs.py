"""docs/command-line.md says what is true."""

from __future__ import annotations

import json
import re
from importlib import import_module
from pathlib import Path
from typing import get_args

import attrs
import click
import pytest

from hygge_core.cli.group import BUILT_IN
from hygge_core.engine import TablePlan
from hygge_core.engine.events import Kind
from hygge_core.engine.report import RowChain, RunReport, State, TableOutcome
from hygge_core.journal import JournalRecord
from hygge_core.verify import TableVerdict


PAGE = (Path(__file__).parents[3] / "docs" / "command-line.md").read_text(encoding="utf-8")


def rows(heading):
    """The cells of the table whose first heading is this one."""
    lines = PAGE.split(f"\n| {heading} |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def words(cell):
    return re.findall(r"`([^`]+)`", cell)


def test_every_kind_of_event_is_documented_and_no_other():
    documented = [words(row[0])[0] for row in rows("kind | data")]
    assert documented == list(get_args(Kind))


def test_events_of_a_real_run_hold_the_documented_data(hygge, theatre, stage_door):
    documented = {words(row[0])[0]: set(words(row[1])) if len(row) > 1 else set() for row in rows("kind | data")}
    theatre(hamlet="", lear="fault = 'home'", macbeth="fault = 'unavailable'", options="attempts = 2\nconcurrency = 1")
    told = [json.loads(line) for line in hygge("go", "--output", "json", env=stage_door).stdout.splitlines()]
    seen = {event["kind"]: set(event["data"]) for event in told}
    assert {"run.started", "table.waiting", "table.started", "table.retry", "table.staged", "table.committed"} <= set(
        seen
    )
    for kind, data in seen.items():
        if kind != "report.saved":
            assert data == documented[kind], kind


def test_events_of_the_command_line_are_documented(hygge, theatre, stage_door):
    elsewhere = ("`mirror", "`migrate")  # of a plugin; see tests/core/migrate
    told_by_core = [row for row in rows("kind | said by | data") if not row[1].startswith(elsewhere)]
    documented = {words(row[0])[0]: set(words(row[2])) for row in told_by_core}
    documented["record"] = {field.name for field in attrs.fields(JournalRecord)}  # in journal.md
    folder = theatre(hamlet="")
    followed = folder / "followed"
    (followed / "in").mkdir(parents=True)
    (followed / "in" / "teas.csv").write_text("id\n1\n", encoding="utf-8")
    home, store = 'type = "csv", path = "in/{entity}.csv"', 'type = "parquet", path = "out/{entity}"'
    flow = f'home = {{ {home} }}\nstore = {{ {store} }}\nwatermark = {{ column = "id", key = ["id"] }}'
    (followed / "hygge.toml").write_text(f'[flows.shop]\n{flow}\nentities = ["teas"]\n', encoding="utf-8")
    told = hygge("new", "home", "acme", "--output", "json").stdout
    for command in (["go"], ["plan"], ["debug"], ["verify"], ["go", "-f", "x"], ["init", "new"]):
        told += hygge(*command, "--output", "json", env=stage_door).stdout
    journal = (["runs"], ["set", "teas", "3"], ["watermarks"], ["show", "teas"], ["export", "f"], ["rebuild"])
    for command in (["go"], *(["journal", *words] for words in journal), ["journal", "compact"]):
        told += hygge(*command, "--output", "json", cwd=followed).stdout
    seen = {event["kind"]: set(event["data"]) for event in map(json.loads, told.splitlines()) if "run" not in event}
    assert set(seen) == set(documented) - {"flow.created"}  # which needs a connection, see test_init_from.py
    for kind in set(seen) - {"error"}:
        assert seen[kind] == documented[kind], kind
    assert seen["error"] <= documented["error"]
    assert documented["table.planned"] == {field.name for field in attrs.fields(TablePlan)}
    assert documented["table.verified"] == {field.name for field in attrs.fields(TableVerdict)}


def test_the_report_is_documented_key_by_key():
    told = [word for row in rows("key | meaning") for word in words(row[0])]
    assert sorted(told) == sorted(field.name for field in attrs.fields(RunReport))
    of_table = rows("key of a table | meaning")
    told = [word for row in of_table for word in words(row[0])]
    assert sorted(told) == sorted(field.name for field in attrs.fields(TableOutcome))
    meanings = {word: set(words(row[1])) for row in of_table for word in words(row[0])}
    assert meanings["state"] == set(get_args(State))
    assert meanings["rows"] == {field.name for field in attrs.fields(RowChain)}


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_command_and_option_is_documented(name):
    assert f"`hygge {name}" in PAGE
    command = import_module(f"hygge_core.cli.{name}").command
    commands = [command, *(command.commands.values() if isinstance(command, click.Group) else ())]
    options = {name for one in commands for option in one.params for name in option.opts if name.startswith("--")}
    assert {option for option in options if option not in PAGE} == set()
