"""The home keeps the contract of homes, with the test server or the one that HYGGE_TEST_MSSQL names."""

from __future__ import annotations

import secrets

import pytest

from hygge_core.home import ReadRequest
from hygge_core.testing.frames import small
from hygge_home_mssql.conformance import TestMssqlHome as Contract
from hygge_home_mssql.conformance import drop, execute, fill
from mssql_place import open_place
from tds.accounts import PASSWORD
from tds.contract import MAX, Column, SqlType


MANY = 150
SHORT = 400


def columns_of(frame):
    """The columns of a table of the kit's usual rows."""
    length = SHORT if frame["name"].str.len_chars().max() <= SHORT else MAX
    types = {"id": SqlType("bigint"), "name": SqlType("nvarchar", length), "amount": SqlType("float")}
    return tuple(Column(name, kind) for name, kind in types.items())


@pytest.fixture(scope="module")
def opened():
    with open_place() as place:
        yield place


def new_place(opened):
    return {**opened.settings, "prefix": f"hygge_{secrets.token_hex(4)}_"}


def test_only_the_tables_and_views_of_one_place_are_dropped(opened):
    mine, other = new_place(opened), new_place(opened)
    for place in (mine, other):
        fill(place, "kept", small(0, 3))
    execute(mine, f"CREATE VIEW dbo.[{mine['prefix']}view] AS SELECT 1 AS one")
    drop(mine)
    names = [name for (name,) in execute(other, "SELECT name FROM sys.objects WHERE type IN ('U', 'V')")]
    drop(other)
    assert f"{other['prefix']}kept" in names
    assert not [name for name in names if name.startswith(mine["prefix"])]


class TestMssqlHome(Contract):
    secrets = (PASSWORD,)
    large = 32 << 20

    @pytest.fixture
    def place(self, opened):
        place = new_place(opened)
        yield place
        if opened.server is None:  # the test server goes, and its tables with it
            drop(place)

    @pytest.fixture
    def fill(self, opened, place):
        def filled(name, frame):
            if opened.server is not None and frame.height > MANY and frame.schema == small().schema:
                opened.server.create(f"dbo.{place['prefix']}{name}", columns_of(frame), frame.rows())
            else:
                fill(place, name, frame)
            return ReadRequest(entity=name, flow="kit")

        return filled
