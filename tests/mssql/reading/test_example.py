"""The page that goes from SQL Server to Parquet is true: each of its steps is done, on a server."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest


ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "sqlserver-to-parquet.md"
STEP = re.compile(r"<!-- (?:erp: |file: )(?P<name>\S+) -->\n```\w+\n(?P<text>.*?)```", re.DOTALL)
TABLES = ("demo_country", "demo_customer", "demo_order")


@pytest.fixture
def own(place):
    """Give the page's tables names of their own, so that none is in the way of what a database holds."""
    names = {table: place.name(table) for table in TABLES}

    def renamed(text):
        for table, name in names.items():
            text = text.replace(table, name)
        return text

    return renamed


def connected(place, text):
    """Put the test's database where the page names one."""
    settings = {**place.settings, "password": "${ERP_PASSWORD}"}
    lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in settings.items())
    found = re.search(r'server = .*?password = "\$\{ERP_PASSWORD\}"\n', text, re.DOTALL)
    return text.replace(found[0], lines)


def test_the_page_is_true(place, hygge, own, tmp_path):
    done = []
    for step in STEP.finditer(PAGE.read_text("utf-8")):
        name, text = step["name"], own(step["text"])
        if name.endswith(".sql"):
            place.execute(text)
        elif name.endswith(".toml"):
            (tmp_path / name).write_text(connected(place, text), "utf-8")
        elif name == "python":
            subprocess.run([sys.executable, "-c", text], cwd=tmp_path, env=os.environ, check=True, timeout=120)
        else:
            converse(hygge, text)
        done.append(name)
    assert done.count("run") == 4
    assert done.count("python") == 2


def converse(hygge, text):
    said = ""
    for line in text.splitlines():
        if line.startswith("$ hygge "):
            run = hygge(*line.removeprefix("$ hygge ").split())
            said = run.stdout + run.stderr
            assert run.returncode == 0, f"{line}\n{said}"
        else:
            assert line in said, f"{line!r} is not in what was printed:\n{said}"


@pytest.mark.parametrize("name", ["hygge.toml", "tables.sql", "changes.sql"])
def test_the_files_of_the_example_are_those_of_the_page(name):
    (shown,) = [step["text"] for step in STEP.finditer(PAGE.read_text("utf-8")) if step["name"] == name]
    assert shown == (ROOT / "examples" / "mssql" / name).read_text("utf-8")
