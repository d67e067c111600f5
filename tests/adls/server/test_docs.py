"""docs/testing-azure.md says what is true."""

from __future__ import annotations

import re
from inspect import signature
from pathlib import Path
from typing import get_args

import attrs

from hygge_store_adls.testing import Control, DfsServer, Fault, operations
from hygge_store_adls.testing.faults import What, When


PAGE = (Path(__file__).parents[3] / "docs" / "testing-azure.md").read_text(encoding="utf-8")
TABLES = (
    operations.DFS_PATH,
    operations.DFS_CONTAINER,
    operations.BLOB_PATH,
    operations.BLOB_CONTAINER,
    operations.ACCOUNT,
)


def rows(heading):
    """The words in code of each row of the table whose first heading is this one."""
    lines = PAGE.split(f"\n| {heading} |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    return [re.findall(r"`([^`]+)`", line) for line in lines]


def test_every_operation_is_documented_and_no_other():
    known = {operation.name for table in TABLES for operation in table.values()}
    assert {word for row in rows("dialect") for word in row} == known


def test_every_field_of_a_fault_is_documented():
    told = {word for row in rows("field") for word in row}
    fields = {field.name for field in attrs.fields(Fault)}
    assert fields <= told
    assert {*get_args(When), *get_args(What)} <= told


def test_every_argument_of_the_server_is_documented():
    told = {word.partition("=")[0] for row in rows("argument") for word in row}
    assert set(signature(DfsServer).parameters) <= told


def test_another_process_can_ask_for_what_the_server_offers():
    calls = {name for name in vars(Control) if not name.startswith("_")}
    assert calls <= {name for name in dir(DfsServer) if not name.startswith("_")}
