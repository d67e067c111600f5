"""What a reading guarantees is what it says."""

from __future__ import annotations

from contextlib import closing

import polars as pl
import pytest

from hygge_core import HomeError


@pytest.fixture
def tea(place):
    name = place.name("tea")
    place.execute(f"CREATE TABLE {name} (Id int NOT NULL PRIMARY KEY, Name varchar(20))")
    place.execute(f"INSERT INTO {name} VALUES (1, 'rooibos'), (2, 'sencha')")
    return name


@pytest.fixture
def snapshots(place):
    """Skip where the database allows no snapshots, and cannot be made to."""
    if not place.connection().facts.snapshot:
        place.need("ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION ON")


def test_a_snapshot_shows_the_moment_in_which_it_began(place, read, tea, engine, snapshots):  # noqa: ARG001 - a condition
    reading = read(table=tea, isolation="snapshot", engine=engine)
    assert reading.isolation.snapshot
    assert reading.count() == 2
    place.execute(f"INSERT INTO {tea} VALUES (3, 'late')")
    place.execute(f"UPDATE {tea} SET Name = 'changed' WHERE Id = 1")
    assert sorted(pl.concat(reading.batches()).rows()) == [(1, "rooibos"), (2, "sencha")]


def test_read_committed_is_the_default_and_says_so(read, tea):
    isolation = read(table=tea).isolation
    assert isolation.name in {"read committed", "read committed snapshot"}
    assert not isolation.snapshot


def test_uncommitted_rows_are_read_only_when_asked_for_and_with_a_warning(place, read, tea, engine):
    with closing(place.connect()) as other:
        other.autocommit = False
        other.cursor().execute(f"INSERT INTO {tea} VALUES (9, 'open')")
        reading = read(table=tea, isolation="read_uncommitted", engine=engine)
        assert reading.isolation.name == "read uncommitted"
        assert pl.concat(reading.batches()).height == 3
        assert "read uncommitted" in reading.warnings()[0]
        other.rollback()


def test_the_next_borrower_of_a_connection_reads_committed_rows_again(open_home, tea):
    from hygge_core.home import ReadRequest

    first = open_home(table=tea, isolation="read_uncommitted", pool_size=1)
    reading = first.read(ReadRequest(entity="e"))
    list(reading.batches())
    reading.close()
    with first.connection.pool.borrow("arrow") as raw, closing(raw.cursor()) as cursor:
        level = cursor.execute(
            "SELECT transaction_isolation_level FROM sys.dm_exec_sessions WHERE session_id = @@SPID"
        ).fetchone()
    assert level[0] == 2, "read committed"


def test_a_snapshot_that_the_database_does_not_allow_is_refused_with_the_line_that_allows_it(place, open_home, tea):
    from hygge_core.home import ReadRequest

    if place.server is None:
        pytest.skip("this server cannot be told to forbid snapshots by a plain login")
    place.execute("ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION OFF")
    home = open_home(table=tea, isolation="snapshot")
    with pytest.raises(HomeError, match="does not allow snapshot isolation") as refused:
        home.read(ReadRequest(entity="e"))
    assert "ALLOW_SNAPSHOT_ISOLATION ON" in refused.value.fix
