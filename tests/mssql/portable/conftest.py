"""What these tests ask of any server: a table of their own, and whether it can do what they are about."""

from __future__ import annotations

import pytest


FEATURES = {
    "snapshot": "SET TRANSACTION ISOLATION LEVEL SNAPSHOT; SELECT COUNT(*) FROM {table}; "
    "SET TRANSACTION ISOLATION LEVEL READ COMMITTED",
    "rowversion": "SELECT CAST(MIN_ACTIVE_ROWVERSION() AS bigint)",
    "describe": "EXEC sp_describe_first_result_set @tsql = N'SELECT 1 AS one'",
    "partitions": "SELECT SUM(rows) FROM sys.partitions WHERE object_id = OBJECT_ID('{table}')",
    "clr_types": "SELECT CAST('/1/' AS hierarchyid).ToString(), geography::Point(1, 2, 4326).STAsText()",
    "change_tracking": "ALTER TABLE {table} ENABLE CHANGE_TRACKING",
}


@pytest.fixture
def make(place):
    """Make a table of columns with some rows, each written as T-SQL, and return its name; it is dropped in the end."""

    def made(columns, *rows):
        name = place.name()
        place.execute(f"CREATE TABLE {name} ({columns})")
        for row in rows:
            place.execute(f"INSERT INTO {name} VALUES ({row})")
        return name

    return made


@pytest.fixture
def able(place, make):
    """Skip the test, with the reason, where the server cannot do something; the test server has no excuse."""

    def demanded(feature):
        table = make("id int PRIMARY KEY")
        place.need(FEATURES[feature].format(table=table))

    return demanded


@pytest.fixture
def features():
    """The names that `able` takes."""
    return FEATURES
