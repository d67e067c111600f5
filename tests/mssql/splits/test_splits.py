"""Parts of one table hold every row once, whatever the column holds, and say what moment they show."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hygge_core import HomeError
from hygge_core.home import ReadRequest
from hygge_core.mark import Mark, Range
from hygge_home_mssql.home_config import Split
from hygge_store_parquet.config import ParquetStoreConfig
from hygge_store_parquet.store import open_parquet_store
from mssql.conftest import whole
from table_runs import entity, go


LITERALS = {
    "int": "{}",
    "bigint": "CAST({} AS bigint) * 1000000007",
    "decimal(20, 5)": "{}.12345",
    "money": "{}.1234",
    "date": "DATEADD(day, {}, '2024-01-01')",
    "datetime": "DATEADD(millisecond, {} * 3, '2024-01-01')",
    "smalldatetime": "DATEADD(minute, {}, '2024-01-01')",
    "datetime2(7)": "DATEADD(nanosecond, {} * 100, CAST('2024-01-01' AS datetime2(7)))",
    "datetimeoffset(7)": "TODATETIMEOFFSET(DATEADD(minute, {}, CAST('2024-01-01' AS datetime2(7))), {} * 7 - 60)",
    "time(7)": "DATEADD(second, {}, CAST('00:00' AS time(7)))",
    "binary(4)": "CAST({} AS binary(4))",
    "nvarchar(20)": "N'ø{}'",
    "uniqueidentifier": "NEWID()",
}


@pytest.fixture
def make(place):
    """Make a table with a column ``K`` of a type, from literals."""

    def made(kind, literals):
        name = place.name("split")
        place.execute(f"CREATE TABLE {name} (Id int NOT NULL PRIMARY KEY, K {kind} NULL)")
        for start in range(0, len(literals), 100):
            rows = ", ".join(f"({start + n}, {one})" for n, one in enumerate(literals[start : start + 100]))
            place.execute(f"INSERT INTO {name} (Id, K) VALUES {rows}")
        return name

    return made


def parts_of(reading):
    parts = reading.parts()
    frames = [whole(part) for part in parts]
    for part in parts:
        part.close()
    reading.close()
    return frames


@pytest.mark.parametrize("kind", LITERALS)
def test_every_row_is_in_one_part(make, read, kind):
    literals = [LITERALS[kind].replace("{}", str(n)) for n in range(60)] + ["NULL"] * 3
    reading = read(table=make(kind, literals), split=Split(by="K", parts=4), on_100ns="ns")
    frames = parts_of(reading)
    assert 2 <= len(frames) <= 4
    assert sorted(pl.concat(frames)["Id"]) == list(range(63))
    assert max(frame.height for frame in frames) < 63, "one part holds everything"
    assert sum(frame["K"].null_count() > 0 for frame in frames) == 1, "NULLs belong to one part"


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(st.none() | st.integers(-3, 3), max_size=25), parts=st.integers(2, 9))
def test_repeated_values_and_nulls_are_in_one_part_each(make, open_home, values, parts):
    table = make("int", ["NULL" if value is None else str(value) for value in values])
    home = open_home(table=table, split=Split(by="K", parts=parts))
    reading = home.read(ReadRequest(entity="e"))
    frames = parts_of(reading) or [whole(home.read(ReadRequest(entity="e")))]
    assert sorted(pl.concat(frames)["Id"]) == list(range(len(values)))
    for value in set(values):
        holding = [frame for frame in frames if value in frame["K"].to_list()]
        assert len(holding) == 1, f"{value} is in several parts"


def test_the_key_is_what_auto_cuts(make, read):
    reading = read(table=make("int", ["1"] * 40), split=Split(parts=4))
    frames = parts_of(reading)
    assert len(frames) == 4
    assert max(frame.height for frame in frames) <= 20


def test_a_table_without_a_key_is_read_whole(place, read):
    name = place.name("heap")
    place.execute(f"CREATE TABLE {name} (a int)")
    assert read(table=name, split=Split()).parts() == ()


def test_parts_keep_to_range_condition_and_columns(make, read):
    table = make("int", [str(n) for n in range(100)])
    wanted = Range(column="K", low=Mark(dtype="int32", text="20"), high=Mark(dtype="int32", text="79"))
    request = ReadRequest(entity="e", columns=("K",), range=wanted)
    reading = read(table=table, split=Split(by="K", parts=3), where="Id <> ?", parameters=(50,), request=request)
    frames = parts_of(reading)
    assert len(frames) == 3
    assert sorted(pl.concat(frames)["K"]) == [n for n in range(20, 80) if n != 50]
    assert frames[0].columns == ["K"]


@pytest.mark.parametrize(("by", "words"), [("Nope", "there is no column 'Nope'"), ("F", "whose ranges cannot be told")])
def test_a_column_that_cannot_be_cut_is_refused(place, read, by, words):
    name = place.name("odd")
    place.execute(f"CREATE TABLE {name} (Id int PRIMARY KEY, F float)")
    with pytest.raises(HomeError, match=words):
        read(table=name, split=Split(by=by)).parts()


@pytest.mark.parametrize("pool_size", [1, 2, 8])
@pytest.mark.parametrize("isolation", ["read_committed", "snapshot"])
def test_runs_read_in_parts_with_any_number_of_connections(  # noqa: PLR0913, PLR0917 - fixtures and cases
    place, make, open_home, tmp_path, pool_size, isolation
):
    if isolation == "snapshot" and not place.connection().facts.snapshot:
        place.need("ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION ON")
    tables = [make("int", [str(n) for n in range(80)]) for _ in range(3)]
    home = open_home(table="{entity}", split=Split(parts=4), isolation=isolation, pool_size=pool_size)
    store = open_parquet_store(ParquetStoreConfig(path="lake/{entity}"), tmp_path)
    report, _ = go(*(entity(home, store, name=table) for table in tables), concurrency=3)
    assert [outcome.error for outcome in report.tables] == [""] * 3
    for table in tables:
        assert sorted(pl.read_parquet(tmp_path / f"lake/{table}/*.parquet")["Id"]) == list(range(80))


@pytest.fixture
def snapshots(place):
    if not place.connection().facts.snapshot:
        place.need("ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION ON")


def test_snapshots_of_parts_begin_before_the_first_row_is_read(place, make, read, snapshots):  # noqa: ARG001 - a condition
    table = make("int", [str(n) for n in range(40)])
    reading = read(table=table, split=Split(parts=4), isolation="snapshot")
    assert not reading.isolation.snapshot, "they are several moments, and it says so"
    parts = reading.parts()
    place.execute(f"DELETE FROM {table} WHERE Id > 20")
    place.execute(f"INSERT INTO {table} VALUES (1000, 1)")
    assert sorted(pl.concat(whole(part) for part in parts)["Id"]) == list(range(40))


def test_under_a_lock_the_snapshots_of_all_parts_are_one(make, read, snapshots):  # noqa: ARG001 - a condition
    table = make("int", [str(n) for n in range(40)])
    reading = read(table=table, split=Split(parts=4, lock=True), isolation="snapshot")
    assert reading.isolation.snapshot
    assert sorted(pl.concat(parts_of(reading))["Id"]) == list(range(40))


def test_statistics_of_a_large_table_are_asked_before_its_values(place, make, read):
    table = make("int", [str(n) for n in range(400)])
    place.need(f"CREATE STATISTICS s_{table} ON {table} (K)")
    reading = read(table=table, split=Split(by="K", parts=4))
    seen = len(place.server.seen.statements) if place.server else 0
    frames = parts_of(reading)
    assert sorted(pl.concat(frames)["Id"]) == list(range(400))
    assert len(frames) == 4
    if place.server:
        asked = [statement.sql for statement in place.server.seen.statements[seen:]]
        assert not any("NTILE" in sql for sql in asked)


def test_parts_that_are_left_in_the_middle_or_never_begun_give_their_connections_back(make, open_home):
    home = open_home(table=make("int", ["1"] * 40), split=Split(parts=4), isolation="snapshot", pool_size=4)
    reading = home.read(ReadRequest(entity="e", batch_bytes=64))
    first, *_ = reading.parts()
    next(first.batches())
    reading.cancel()
    reading.close()
    reading.close()
    assert home.count(ReadRequest(entity="e")) == 40
