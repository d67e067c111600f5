"""A reading shows one moment, whoever writes meanwhile, and waits for locks before it says so."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import timedelta

import polars as pl
import pytest

from hygge_core import HomeError, HomeUnavailable, Retryable
from hygge_core.home import ReadRequest
from hygge_core.mark import Mark, Range


SMALL = ReadRequest(entity="t", batch_bytes=1000, range=Range(column="a", nulls=True))
ROWS = [("INSERT INTO t VALUES (?, ?)", [(at, "x" * 100) for at in range(2000)])]
HOLDS = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute(sys.argv[2])
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def hold():
    """Let another process hold a lock until the test ends, or lets go of it."""
    held = []

    def start(path, how):
        process = subprocess.Popen(
            [sys.executable, "-c", HOLDS, str(path), how], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        held.append(process)
        assert process.stdout.readline() == "held\n"
        return process

    yield start
    for process in held:
        process.stdin.close()
        process.wait(timeout=60)
        process.stdout.close()


@pytest.mark.parametrize("mode", ["WAL", "DELETE", "TRUNCATE", "PERSIST"])
def test_rows_written_during_a_reading_stay_out_of_it(make, open_home, mode):
    path = make(f"PRAGMA journal_mode = {mode}; CREATE TABLE t (a INT, b TEXT)", rows=ROWS)
    reading = open_home().read(SMALL)
    batches = reading.batches()
    found = [next(batches)]
    with closing(sqlite3.connect(path, timeout=0)) as writer:
        changes = "UPDATE t SET a = -1; DELETE FROM t WHERE a = 1999; INSERT INTO t VALUES (9999, '')"
        if mode == "WAL":
            writer.executescript(changes)
        else:
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                writer.executescript(f"BEGIN; {changes}; COMMIT")
            writer.rollback()
        found += list(batches)
        assert pl.concat(found)["a"].to_list() == list(range(2000))
        assert reading.high() == Mark(dtype="int64", text="1999")
        assert not reading.has_nulls()
        reading.close()
        if mode != "WAL":
            writer.executescript(f"BEGIN; {changes}; COMMIT")
    reading = open_home().read(SMALL)
    assert reading.high() == Mark(dtype="int64", text="9999")
    reading.close()


def test_a_writer_that_never_stops_is_seen_at_one_moment_by_each_reading(make, open_home):
    """The writer keeps two rows of equal numbers; a reading that mixed two moments would see them differ."""
    path = make("PRAGMA journal_mode = WAL; CREATE TABLE t (a INT, b TEXT)", rows=ROWS)
    make("UPDATE t SET a = 2000 WHERE rowid IN (1, 2000)")
    stop = threading.Event()

    def write():
        with closing(sqlite3.connect(path, timeout=60)) as connection:
            number = 2000
            while not stop.is_set():
                number += 1
                connection.execute("UPDATE t SET a = ? WHERE rowid IN (1, 2000)", (number,))
                connection.commit()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        seen = set()
        for _ in range(15):
            reading = open_home().read(SMALL)
            numbers = pl.concat(reading.batches())["a"]
            high = reading.high()
            reading.close()
            assert numbers[0] == numbers[-1]
            assert int(high.text) == numbers.max()
            seen.add(numbers[0])
    finally:
        stop.set()
        writer.join()
    assert seen


def test_a_locked_database_is_waited_for_and_then_named(make, open_home, hold):
    path = make("CREATE TABLE t (a INT)")
    other = hold(path, "BEGIN EXCLUSIVE")
    with pytest.raises(HomeUnavailable) as refused:
        open_home(busy_timeout=timedelta(milliseconds=50)).read(ReadRequest(entity="t"))
    assert isinstance(refused.value, Retryable)
    assert refused.value.what == "another program holds the database locked, for longer than busy_timeout (0.05 s)"
    assert str(path) in refused.value.where
    assert "WAL" in refused.value.fix
    other.stdin.close()
    reading = open_home(busy_timeout=timedelta(seconds=60)).read(ReadRequest(entity="t"))
    reading.close()


def test_a_lock_that_goes_in_time_is_not_noticed(make, open_home, hold):
    other = hold(make("CREATE TABLE t (a INT); INSERT INTO t VALUES (1)"), "BEGIN EXCLUSIVE")
    timer = threading.Timer(0.3, other.stdin.close)
    timer.start()
    assert open_home().count(ReadRequest(entity="t")) == 1
    timer.join()


def test_a_writer_that_has_not_committed_does_not_stand_in_the_way(make, open_home, hold):
    path = make("CREATE TABLE t (a INT); INSERT INTO t VALUES (1)")
    hold(path, "BEGIN IMMEDIATE")
    assert open_home().count(ReadRequest(entity="t")) == 1


def test_a_file_that_is_not_there_is_not_made(tmp_path, open_home):
    with pytest.raises(HomeError, match="there is no such file; check 'path'"):
        open_home(path="nope.db").read(ReadRequest(entity="t"))
    with pytest.raises(HomeError, match="is a folder"):
        open_home(path=".").read(ReadRequest(entity="t"))
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_to_the_file_or_beside_it(make, open_home, tmp_path):
    path = make("CREATE TABLE t (a INT); INSERT INTO t VALUES (1)")
    before = path.read_bytes()
    home = open_home(query="SELECT * FROM t")
    assert home.count(ReadRequest(entity="t")) == 1
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["shop.db"]
    reading = open_home().read(ReadRequest(entity="t"))
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reading._frames.snapshot._connection.execute("INSERT INTO t VALUES (2)")
    reading.close()


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"name,price\n" * 100, "is not a SQLite database"), (None, "the database is damaged")],
)
def test_a_file_that_is_no_sound_database_is_named(make, open_home, content, said):
    path = make("CREATE TABLE t (a INT, b TEXT)", rows=ROWS)
    pages = bytearray(path.read_bytes())
    pages[4096:] = b"\xff" * (len(pages) - 4096)
    path.write_bytes(pages if content is None else content)
    with pytest.raises(HomeError, match=said):
        list(open_home().read(ReadRequest(entity="t")).batches())


def test_a_file_in_wal_mode_that_needs_more_rights_says_which(make, open_home, tmp_path):
    make("PRAGMA journal_mode = WAL; CREATE TABLE t (a INT)")
    (tmp_path / "shop.db-wal").mkdir()
    with pytest.raises(HomeError, match="SQLite cannot open it; in WAL mode even readers need to write"):
        open_home().read(ReadRequest(entity="t"))


def test_an_empty_file_is_a_database_without_tables(tmp_path, open_home):
    (tmp_path / "shop.db").touch()
    with pytest.raises(HomeError, match="no tables at all"):
        open_home().read(ReadRequest(entity="t"))


def test_what_a_killed_writer_left_is_not_read_over(make, open_home, tmp_path):
    """A journal beside the file: pages in it may be half new, and a reader that may not write cannot mend that."""
    path = make("CREATE TABLE t (a INT, b TEXT)", rows=ROWS)
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("PRAGMA cache_size = 1")
        writer.execute("UPDATE t SET a = a + 1")
        for name in ("shop.db", "shop.db-journal"):
            shutil.copy(tmp_path / name, tmp_path / name.replace("shop", "torn"))
        writer.rollback()
    with pytest.raises(HomeError, match="a program was killed while it wrote"):
        open_home(path="torn.db").read(ReadRequest(entity="t"))
    with closing(sqlite3.connect(tmp_path / "torn.db")) as mending:
        mending.execute("SELECT COUNT(*) FROM t").fetchone()
    assert open_home(path="torn.db").count(ReadRequest(entity="t")) == 2000


def test_closing_in_the_middle_ends_the_batches(make, open_home):
    make("CREATE TABLE t (a INT, b TEXT)", rows=ROWS)
    reading = open_home().read(SMALL)
    batches = reading.batches()
    next(batches)
    reading.close()
    reading.close()
    assert list(batches) == []


def test_paths_with_signs_of_urls_are_files(make, open_home):
    make("CREATE TABLE t (a INT)", name="a b#c?d%20.db")
    assert open_home(path="a b#c?d%20.db").count(ReadRequest(entity="t")) == 0
