"""Who says only `hygge` gets help, and not a complaint."""

from __future__ import annotations

import json

import pytest


@pytest.mark.parametrize("words", [(), ("journal",)])
def test_a_group_without_a_command_shows_its_help(hygge, words):
    done = hygge(*words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("Usage: hygge ")
    assert "error" not in done.stderr.partition("Exit codes")[0]
    assert done.stderr.rstrip() == hygge(*words, "--help").stdout.rstrip()


def test_a_table_of_one_row_has_one_row(hygge, tmp_path):
    (tmp_path / "in.csv").write_text("id\n1\n", "utf-8")
    flow = 'home = { type = "csv", path = "in.csv" }\nstore = { type = "parquet", path = "out/{entity}" }\n'
    (tmp_path / "hygge.toml").write_text(f"[flows.teas]\n{flow}", "utf-8")
    assert hygge("go").returncode == 0
    assert ", 1 row\n" in hygge("plan").stdout
    told = [json.loads(line) for line in hygge("debug", "--output", "json").stdout.splitlines()]
    assert any(event["data"].get("what", "").endswith(", 1 row") for event in told)
