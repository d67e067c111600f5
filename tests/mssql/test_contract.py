"""The home keeps the contract of homes, with the test server or the one that HYGGE_TEST_MSSQL names."""

from __future__ import annotations

import secrets

import pytest

from hygge_core.home import ReadRequest
from hygge_core.testing.frames import small
from hygge_home_mssql.conformance import TestMssqlHome as Contract
from hygge_home_mssql.conformance import drop, fill
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


class TestMssqlHome(Contract):
    secrets = (PASSWORD,)
    large = 32 << 20

    @pytest.fixture
    def place(self, opened):
        place = {**opened.settings, "prefix": f"hygge_{secrets.token_hex(4)}_"}
        yield place
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
