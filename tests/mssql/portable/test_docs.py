"""docs/testing-mssql.md says what is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tds import drivers


PAGE = (Path(__file__).parents[3] / "docs" / "testing-mssql.md").read_text(encoding="utf-8")


def test_the_snippet_runs():
    if problem := drivers.missing("microsoft"):
        pytest.skip(problem)
    (snippet,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    exec(compile(snippet, "docs/testing-mssql.md", "exec"), {})  # noqa: S102 - what our own page says


def test_every_feature_that_is_asked_for_is_documented(features):
    table = PAGE.split("| feature |", 1)[1].split("\n\n", 1)[0]
    assert set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == set(features)
