"""Servers that only resemble SQL Server: what they lack degrades and is said; types are never guessed."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from hygge_core import HomeError
from hygge_core.home import ReadRequest
from hygge_core.mark import Range
from hygge_home_mssql.home import MssqlHome
from hygge_home_mssql.home_config import MssqlConfig, Split
from mssql.conftest import whole
from mssql_place import place_of
from tds import SqlError, SqlServer
from tds.engine import open_engine
from tds.faults import Fail


@contextmanager
def lacking(*names):
    """Run a server that lacks some of what SQL Server has, with one table of 40 rows."""
    with SqlServer(open_engine(lacks=names)) as server:
        place = place_of(server)
        place.execute("CREATE TABLE t (Id int NOT NULL PRIMARY KEY, Name varchar(10), Ver rowversion)")
        values = ", ".join(f"({n}, 'n{n}')" for n in range(40))
        place.execute(f"INSERT INTO t (Id, Name) VALUES {values}")
        connection = place.connection()
        try:
            yield place, lambda **more: MssqlHome(settings=MssqlConfig(**_words(more)), connection=connection)
            assert connection.pool.counts.lent == 0
        finally:
            connection.close()
            place.close()


def _words(more):
    return {"connection": "erp", **({} if "query" in more else {"table": "t"}), **more}


def read(home, request=None):
    reading = home.read(request or ReadRequest(entity="e"))
    try:
        return reading, whole(reading)
    finally:
        reading.close()


def test_rows_are_counted_where_the_server_keeps_no_books():
    with lacking("sys.partitions") as (place, _):
        connection = place.connection()
        (found,) = connection.find_tables(["*"])
        connection.close()
        assert (found.rows, found.key) == (40, ("Id",))


def test_parts_are_cut_by_values_where_there_are_no_statistics():
    with lacking("sys.dm_db_stats_histogram") as (_, home):
        reading = home(split=Split(parts=4)).read(ReadRequest(entity="e"))
        frames = [whole(part) for part in reading.parts()]
        reading.close()
        assert [frame.height for frame in frames] == [10, 10, 10, 10]


def test_a_query_is_not_read_where_nobody_describes_it():
    with lacking("sp_describe_first_result_set") as (_, home), pytest.raises(HomeError, match="sp_describe_first"):
        read(home(query="SELECT Id FROM t"))


def test_a_database_without_snapshots_refuses_them_before_it_is_read():
    with lacking("snapshot") as (_, home):
        with pytest.raises(HomeError, match="does not allow snapshot isolation"):
            read(home(isolation="snapshot"))
        assert read(home())[1].height == 40


def test_a_server_that_does_not_know_change_tracking_is_told():
    with lacking("change_tracking") as (_, home), pytest.raises(HomeError, match=r"(?i)change_tracking"):
        read(home(changes="change_tracking"))


def test_a_rowversion_is_not_followed_where_nobody_says_which_are_settled():
    with lacking() as (place, home):
        unknown = SqlError(195, "'MIN_ACTIVE_ROWVERSION' is not a recognized built-in function name.", severity=15)
        place.server.faults.on_statement(Fail(unknown), matching="MIN_ACTIVE_ROWVERSION")
        with pytest.raises(HomeError, match="which rowversions are settled") as refused:
            read(home(), ReadRequest(entity="e", range=Range(column="Ver")))
        assert "follow another column than 'Ver'" in refused.value.fix


def test_a_probe_tells_what_the_server_would_not_say():
    with lacking("sys.dm_exec_connections") as (place, _):
        connection = place.connection()
        found = {finding.probe: finding for finding in connection.probe("erp")}
        connection.close()
        assert "does not say" in found["encryption"].what
        assert all(finding.ok for finding in found.values())
