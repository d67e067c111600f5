"""docs/journal.md says what is true; its snippets are run by tests/e2e/test_docs.py."""

from __future__ import annotations

import re
from pathlib import Path

import attrs

from hygge_core.journal import JournalRecord
from hygge_core.journal.frame import SCHEMA
from hygge_core.journal.journal import MANY
from hygge_core.schema import text_of


PAGE = (Path(__file__).parents[3] / "docs" / "journal.md").read_text(encoding="utf-8")
ORIGINAL = {
    "entity_run_id",
    "coordinator_run_id",
    "flow_run_id",
    "coordinator",
    "flow",
    "entity",
    "start_time",
    "finish_time",
    "status",
    "run_type",
    "row_count",
    "duration",
    "primary_key",
    "watermark_column",
    "watermark_type",
    "watermark",
    "message",
    "schema_version",
}


def rows(heading):
    lines = PAGE.split(f"\n| {heading} |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def test_every_column_is_documented_with_its_dtype_and_meaning():
    told = [(name.strip("`"), dtype.strip("`")) for name, dtype, _ in rows("column | dtype | meaning")]
    assert told == [(name, text_of(dtype)) for name, dtype in SCHEMA.items()]
    for field, (_, _, meaning) in zip(attrs.fields(JournalRecord), rows("column | dtype | meaning"), strict=True):
        assert meaning.startswith(field.metadata["doc"]), field.name


def test_the_columns_of_the_original_have_their_places():
    table = rows("column of 0.6 | here")
    assert sorted(word for old, _ in table for word in re.findall(r"`(\w+)`", old) if word in ORIGINAL) == sorted(
        ORIGINAL
    )
    places = {word for _, new in table for word in re.findall(r"`(\w+)`", new)}
    assert places <= {*SCHEMA, "committed", "failed", "kept", "stopped"}


def test_the_page_knows_when_a_run_merges():
    assert f"{MANY} records" in PAGE
