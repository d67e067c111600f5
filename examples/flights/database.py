"""An airport's database: the flights of 2013 in SQLite, and what happens to them.

Everything is the same each time.  A flight's ``modified_at`` is its scheduled departure until
somebody changes the row.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import polars as pl
from attrs import frozen
from compare import opened


if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


TABLE = """
create table flights (
    flight_id integer primary key, year integer, month integer, day integer,
    dep_time integer, sched_dep_time integer, dep_delay integer,
    arr_time integer, sched_arr_time integer, arr_delay integer,
    carrier varchar(2), flight integer, tailnum varchar(6), origin varchar(3), dest varchar(3),
    air_time integer, distance integer, hour integer, minute integer,
    time_hour datetime, modified_at datetime not null
)
"""
CORRECT = """
update flights set arr_delay = arr_delay + 1, modified_at = '2014-01-01 08:00:00' where flight_id in
    (select flight_id from flights where month = 12 and arr_delay is not null order by flight_id limit 1000)
"""
DELETE = """
delete from flights where flight_id in
    (select flight_id from flights where month = 12 and dep_time is null order by flight_id limit 120)
"""
RESCHEDULE = """
update flights set arr_delay = arr_delay - 1, modified_at = (select datetime(max(modified_at), '+1 day') from flights)
    where carrier = 'EV'
"""

NEW = pl.col("modified_at") >= pl.lit("2013-12-31")
LATE = pl.col("modified_at").is_between(pl.lit("2013-12-30 20:00:00"), pl.lit("2013-12-30 21:59:00"))


@frozen(kw_only=True)
class Changes:
    """How many rows came and went."""

    new: int
    late: int
    corrected: int
    deleted: int


def flights(source: Path) -> pl.DataFrame:
    """Read the flights in the order of their departures, numbered, times as SQLite's users write them."""
    with opened(source) as lines:
        frame = pl.read_csv(lines.read().encode(), null_values=["NA"], infer_schema_length=None)
    in_order = frame.sort("year", "month", "day", "hour", "minute", "carrier", "flight", "origin")
    departure = pl.datetime("year", "month", "day", "hour", "minute").dt.strftime("%Y-%m-%d %H:%M:%S")
    return in_order.with_row_index("flight_id", offset=1).with_columns(
        pl.col("time_hour").str.replace("T", " ").str.strip_suffix("Z"), departure.alias("modified_at")
    )


def build(database: Path, frame: pl.DataFrame) -> None:
    """Make the database as it is in the night of 30 December, when some of the evening's flights are not in yet."""
    with changing(database) as connection:
        connection.execute(TABLE)
        insert(connection, frame.filter(~NEW & ~LATE))


def change(database: Path, frame: pl.DataFrame) -> Changes:
    """Let a day pass: new flights, rows that come late, corrections, and cancelled flights that get deleted."""
    with changing(database) as connection:
        return Changes(
            new=insert(connection, frame.filter(NEW)),
            late=insert(connection, frame.filter(LATE)),
            corrected=connection.execute(CORRECT).rowcount,
            deleted=connection.execute(DELETE).rowcount,
        )


def reschedule(database: Path) -> int:
    """Change every flight of one carrier, which touches rows all over the table, a day later, and count them."""
    with changing(database) as connection:
        return connection.execute(RESCHEDULE).rowcount


def insert(connection: sqlite3.Connection, frame: pl.DataFrame) -> int:
    """Insert the rows and count them."""
    places = ", ".join("?" * frame.width)
    return connection.executemany(f"insert into flights values ({places})", frame.iter_rows()).rowcount  # noqa: S608 - only marks


def ask(database: Path, question: str, *parameters: object) -> Any:
    """Return the one value that a query has."""
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(question, parameters).fetchone()[0]


@contextmanager
def changing(database: Path) -> Iterator[sqlite3.Connection]:
    """Open the database for one transaction."""
    with closing(sqlite3.connect(database)) as connection, connection:
        yield connection
