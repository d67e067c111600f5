"""Connections are used again, and nobody notices: not another file, not a writer, not the system's table of files."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from hygge_core.home import ReadRequest


ROWS = [("INSERT INTO t VALUES (?, ?)", [(number, "x" * 100) for number in range(2000)])]
SMALL = ReadRequest(entity="t", batch_bytes=10_000)


def held(folder):
    """The files of a folder that this process holds open."""
    return [file.path for file in psutil.Process().open_files() if Path(file.path).parent == folder.resolve()]


def test_a_file_is_opened_once_for_many_readings(make, open_home, tmp_path):
    make("CREATE TABLE t (a INT)")
    home = open_home()
    for _ in range(5):
        home.read(SMALL).close()
    assert len(held(tmp_path)) == 1
    home.close()
    assert held(tmp_path) == []
    home.close()


def test_readings_at_the_same_time_have_connections_of_their_own(make, open_home):
    path = make("PRAGMA journal_mode = WAL; CREATE TABLE t (a INT); INSERT INTO t VALUES (1)")
    home = open_home()
    home.read(SMALL).close()
    before = home.read(SMALL)
    with closing(sqlite3.connect(path)) as writer, writer:
        writer.execute("INSERT INTO t VALUES (2)")
    after = home.read(SMALL)
    assert (before.count(), after.count()) == (1, 2)
    before.close()
    after.close()
    home.close()


def test_what_was_written_between_two_readings_is_seen(make, open_home):
    path = make("CREATE TABLE t (a INT)")
    home = open_home()
    assert home.count(SMALL) == 0
    with closing(sqlite3.connect(path)) as writer, writer:
        writer.execute("ALTER TABLE t ADD COLUMN b TEXT")
        writer.execute("INSERT INTO t VALUES (1, 'one')")
    reading = home.read(SMALL)
    assert [batch.rows() for batch in reading.batches()] == [[(1, "one")]]
    reading.close()
    home.close()


@pytest.mark.skipif("os.name == 'nt'", reason="Windows does not replace a file that is open")
def test_another_file_under_the_same_name_is_the_one_that_is_read(make, open_home):
    path = make("CREATE TABLE t (a INT); INSERT INTO t VALUES (1)")
    other = make("CREATE TABLE t (a INT); INSERT INTO t VALUES (1), (2)", name="other.db")
    home = open_home()
    assert home.count(SMALL) == 1
    other.replace(path)
    assert home.count(SMALL) == 2
    home.close()


def test_a_reading_that_was_left_in_the_middle_stands_in_no_writers_way(make, open_home):
    path = make("CREATE TABLE t (a INT, b TEXT)", rows=ROWS)
    home = open_home()
    reading = home.read(SMALL)
    batches = reading.batches()
    next(batches)
    reading.close()
    with closing(sqlite3.connect(path, timeout=0)) as writer, writer:
        writer.execute("DELETE FROM t")
    assert home.count(SMALL) == 0
    assert list(batches) == []
    home.close()


def test_a_thousand_files_are_not_a_thousand_open_ones(make, open_home, tmp_path):
    for number in range(40):
        make("CREATE TABLE t (a INT)", name=f"shop{number}.db")
    home = open_home(path="{entity}.db", table="t")
    for number in range(40):
        assert home.count(ReadRequest(entity=f"shop{number}")) == 0
    assert 0 < len(held(tmp_path)) <= 16
    home.close()


def test_a_home_that_nobody_closes_lets_go_when_it_is_forgotten(make, open_home, tmp_path):
    make("CREATE TABLE t (a INT)")
    open_home().read(SMALL).close()
    assert held(tmp_path) == []


def test_a_closed_reading_asks_nothing_any_more(make, open_home):
    make("CREATE TABLE t (a INT)")
    reading = open_home().read(SMALL)
    reading.close()
    reading.close()
    with pytest.raises(Exception, match="closed"):
        reading.count()
