"""Tables, views and queries with any name and shape, and what is said of those that are not there."""

# ruff: noqa: S608 - names in SQL are what is tested

from __future__ import annotations

import sqlite3
from contextlib import closing

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hygge_core import HomeError
from hygge_core.home import Counts, Discovers, Isolated, Probes, Ranged, ReadRequest, Splits, Warns


ODD = st.text(
    st.sampled_from("\"'[]`.;-*{}%^$ \ntß😀") | st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    min_size=1,
    max_size=12,
).filter(lambda name: not name.lower().startswith("sqlite_"))


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table_name=ODD, columns=st.lists(ODD, min_size=1, max_size=4, unique_by=str.lower))
def test_any_name_of_table_and_columns_is_read(tmp_path, table, table_name, columns):
    with closing(sqlite3.connect(tmp_path / "shop.db")) as connection:
        connection.execute("PRAGMA synchronous = OFF")  # no test is about power that fails
        declared = ", ".join(f"{quoted(name)} INTEGER" for name in columns)
        connection.execute(f"DROP TABLE IF EXISTS {quoted(table_name)}")
        connection.execute(f"CREATE TABLE {quoted(table_name)} ({declared})")
        connection.execute(f"INSERT INTO {quoted(table_name)} VALUES ({', '.join('7' * len(columns))})")
        connection.commit()
    assert table(table_name).to_dict(as_series=False) == {name: [7] for name in columns}
    some = columns[-1:]
    request = ReadRequest(entity=table_name, flow="f", columns=tuple(some))
    assert table(request=request).to_dict(as_series=False) == {name: [7] for name in some}
    of_query = table("e", query=f"SELECT * FROM {quoted(table_name)} -- all")
    assert of_query.to_dict(as_series=False) == {in_a_query(name, n): [7] for n, name in enumerate(columns, 1)}


def in_a_query(name, number):
    """Name a column as SQLite does in a query of a query, where it takes two names for values."""
    return f"column{number}" if name.upper() in {"TRUE", "FALSE"} else name


def test_a_column_named_like_a_value_is_told_by_its_number_in_a_query(make, table):
    make('CREATE TABLE t (a INT, "FALSE" INT); INSERT INTO t VALUES (1, 2)')
    assert table("t").columns == ["a", "FALSE"]
    assert table("e", query="SELECT * FROM t").columns == ["a", "column2"]


def test_a_table_of_another_name_or_with_its_schema_is_read(make, table):
    make('CREATE TABLE "stg.t" (a INT); INSERT INTO "stg.t" VALUES (1); CREATE TABLE t_old (a INT)')
    assert table("t", table='"stg.{entity}"')["a"].to_list() == [1]
    assert table("t", table='main."stg.{entity}"')["a"].to_list() == [1]
    assert table("t", table="{entity}_old").height == 0
    assert table("stg.t")["a"].to_list() == [1]


def test_a_table_is_found_whatever_the_case_of_its_name(make, table):
    make("CREATE TABLE Orders (a INT); INSERT INTO Orders VALUES (1)")
    assert table("ORDERS")["a"].to_list() == [1]


def test_an_empty_table_has_its_columns_and_no_batch(make, read):
    make("CREATE TABLE t (a INT, b TEXT)")
    reading = read()
    assert reading.schema == {"a": pl.Int64, "b": pl.String}
    assert list(reading.batches()) == []


def test_a_view_has_the_types_of_the_columns_it_shows(make, table):
    make("""CREATE TABLE t (id INTEGER PRIMARY KEY, d DATE); INSERT INTO t VALUES (1, '2026-01-01');
            CREATE VIEW v AS SELECT id, d, id + 0.5 AS half, 'x' || id AS tag FROM t""")
    frame = table("v")
    assert frame.schema == {"id": pl.Int64, "d": pl.Date, "half": pl.Float64, "tag": pl.String}
    assert frame.height == 1


def test_a_query_has_the_types_of_the_columns_it_passes_on(make, table):
    make("CREATE TABLE t (a INT, d DATETIME); INSERT INTO t VALUES (1, '2026-01-01 10:00'), (2, NULL)")
    frame = table(
        "t", query="WITH x AS (SELECT * FROM {entity}) SELECT d, COUNT(*) AS n FROM x GROUP BY d ORDER BY d -- !"
    )
    assert frame.schema == {"d": pl.Datetime("us"), "n": pl.Int64}
    assert frame["n"].to_list() == [1, 1]


def test_a_query_names_its_entity_as_a_quoted_name(make, table):
    make('CREATE TABLE "a\'b; DROP TABLE t" (a INT); CREATE TABLE t (a INT)')
    assert table("a'b; DROP TABLE t", query="SELECT * FROM {entity}").height == 0
    assert table("t").height == 0


def test_tables_without_row_ids_are_read_and_their_rows_are_counted_in_errors(make, table):
    make("CREATE TABLE t (k TEXT PRIMARY KEY, n INT) WITHOUT ROWID; INSERT INTO t VALUES ('a', 1), ('b', 'x')")
    with pytest.raises(HomeError, match="column 'n': row 2 holds 'x'"):
        table()


@pytest.mark.parametrize(
    ("taken", "said"), [("rowid", "_rowid_ 1"), ("rowid, _ROWID_", "oid 1"), ("rowid, _rowid_, oid", "row 1")]
)
def test_columns_named_like_the_row_id_do_not_stand_in_for_it(make, table, taken, said):
    make(f"CREATE TABLE t (n INT, {taken}); INSERT INTO t (n) VALUES ('x')")
    with pytest.raises(HomeError, match=f"column 'n': {said} holds 'x'"):
        table()


def test_generated_columns_are_read_and_hidden_ones_are_not(make, table):
    make("""CREATE TABLE t (a INT, b INT AS (a * 2), c INT AS (a * 3) STORED); INSERT INTO t (a) VALUES (1);
            CREATE VIRTUAL TABLE f USING fts5(words); INSERT INTO f VALUES ('hello')""")
    assert table("t").rows() == [(1, 2, 3)]
    assert table("f").to_dict(as_series=False) == {"words": ["hello"]}


def test_two_thousand_columns_are_read(make, table):
    names = [f"c{at}" for at in range(2000)]
    values = ", ".join(str(at) for at in range(2000))
    make(f"CREATE TABLE t ({', '.join(names)}); INSERT INTO t VALUES ({values}), ({values})")
    frame = table(request=ReadRequest(entity="t", batch_bytes=1000))
    assert frame.columns == names
    assert frame.row(1) == tuple(range(2000))


def test_the_row_id_becomes_a_column_by_choice(make, table, read):
    make("CREATE TABLE t (a INT); INSERT INTO t VALUES (7), (8)")
    frame = table(row_id="nr")
    assert frame.schema == {"nr": pl.Int64, "a": pl.Int64}
    assert frame["nr"].to_list() == [1, 2]
    make("INSERT INTO t VALUES ('x')")
    with pytest.raises(HomeError, match="column 'a': \"nr\" 3 holds 'x'"):
        table(row_id="nr")
    with pytest.raises(HomeError, match="a column 'A' already"):
        read(row_id="A")
    make("CREATE VIEW v AS SELECT * FROM t")
    with pytest.raises(HomeError, match="no row id"):
        read("v", row_id="nr")


@pytest.mark.parametrize(
    ("settings_", "what", "fix"),
    [
        ({"table": "order"}, "there is no table or view 'order'", "did you mean orders?"),
        ({"table": "zzz"}, "there is no table or view 'zzz'", "it holds 'orders'"),
        ({"table": "nope.orders"}, "unknown database", ""),
        ({"table": "a.b.orders"}, "the name of the table has 3 parts", "such as main.orders"),
        ({"query": "SELECT * FROM nope"}, "no such table", ""),
        ({"query": "SELECT nope FROM orders"}, "SQLite says: no such column: nope", ""),
        ({"query": "SELEC 1"}, 'SQLite says: near "1": syntax error', ""),
        ({"query": "SELECT ?"}, "SQLite says: parameters are not allowed in views", ""),
        ({"query": "DELETE FROM orders"}, 'SQLite says: near "DELETE": syntax error', ""),
        ({"table": "orders", "columns": {"idd": "text"}}, "there is no column 'idd'", "did you mean id?"),
        ({"table": "orders", "columns": {"x": "text"}}, "there is no column 'x'", "it has 'id'"),
    ],
)
def test_what_is_not_there_is_named_beside_what_is(make, read, settings_, what, fix):
    make("CREATE TABLE orders (id INT)")
    with pytest.raises(HomeError) as refused:
        read("e", **settings_)
    assert what in refused.value.what
    assert fix in refused.value.fix
    assert "shop.db" in refused.value.where


def test_a_query_that_fails_on_its_way_says_why(make, table):
    make("CREATE TABLE t (a INT); INSERT INTO t VALUES (1), (-9223372036854775808)")
    with pytest.raises(HomeError, match="SQLite says: integer overflow"):
        table(query="SELECT abs(a) AS a FROM t", columns={"a": "int64"})


def test_columns_that_are_asked_for_must_be_there(make, read):
    make("CREATE TABLE t (a INT)")
    with pytest.raises(HomeError, match="no column 'A'; did you mean a"):
        read(request=ReadRequest(entity="t", columns=("a", "A")))


def test_a_database_without_tables_says_so(make, read):
    make()
    with pytest.raises(HomeError, match="it holds no tables at all"):
        read()


def test_many_tables_are_not_all_listed(make, read):
    make("".join(f"CREATE TABLE table{at:02} (a);" for at in range(30)))
    with pytest.raises(HomeError, match=r"it holds 'table00', .*'table19' and 10 more"):
        read("zzz")


def test_entity_and_flow_stand_in_path_and_table(make, open_home, tmp_path):
    make("CREATE TABLE a_f (x INT)", name="f-a.db")
    home = open_home(path="{flow}-{entity}.db", table="{entity}_{flow}")
    request = ReadRequest(entity="a", flow="f")
    assert home.locate(request) == f"{tmp_path / 'f-a.db'}: a_f"
    reading = home.read(request)
    assert reading.schema == {"x": pl.Int64}
    reading.close()
    assert open_home(query="SELECT 1").locate(request) == f"{tmp_path / 'shop.db'}: query"


def test_entities_are_discovered_by_table_or_by_file(make, open_home):
    make("CREATE TABLE b (x); CREATE VIEW a AS SELECT 1 AS x; CREATE TABLE stg_c (x INTEGER PRIMARY KEY AUTOINCREMENT)")
    assert list(open_home().discover()) == ["a", "b", "stg_c"]
    assert list(open_home(table='main."stg_{entity}"').discover()) == ["c"]
    assert list(open_home(table="b").discover()) == []
    assert list(open_home(query="SELECT * FROM {entity}").discover()) == []
    make("CREATE TABLE t (x)", name="one.db")
    assert list(open_home(path="{entity}.db", table="t").discover()) == ["one", "shop"]
    assert list(open_home(path="nowhere/{entity}/x.db", table="t").discover()) == []
    assert list(open_home(path="{entity}/x.db", table="t").discover()) == []


@pytest.mark.parametrize("parts", [1, 2, 3, 7, 1000])
def test_parts_hold_every_row_once_and_count_like_the_whole(make, open_home, parts):
    make(
        "CREATE TABLE t (a INT)",
        rows=[("INSERT INTO t (rowid, a) VALUES (?, ?)", [(at * at - 50, at) for at in range(20)])],
    )
    home = open_home()
    whole = ReadRequest(entity="t", flow="f", columns=("a",))
    pieces = home.split(whole, parts)
    assert 1 <= len(pieces) <= parts
    make("INSERT INTO t (rowid, a) VALUES (-1000, 20), (1000, 21)")
    found = []
    for piece in pieces:
        reading = home.read(piece)
        rows = [value for batch in reading.batches() for value in batch["a"]]
        assert reading.isolation.snapshot is False, "connections do not share a snapshot"
        reading.close()
        assert home.count(piece) == len(rows)
        found += rows
    assert sorted(found) == list(range(22))
    assert home.count(whole) == 22


def test_what_has_no_row_ids_or_no_rows_stays_whole(make, open_home):
    make("CREATE TABLE t (a INT); CREATE VIEW v AS SELECT 1 AS a")
    for entity in ("t", "v"):
        request = ReadRequest(entity=entity)
        assert open_home().split(request, 4) == [request]


def test_a_home_and_its_readings_say_what_they_can(make, open_home, read):
    make("CREATE TABLE t (a INT)")
    home, reading = open_home(), read()
    assert all(isinstance(home, ability) for ability in (Counts, Discovers, Splits, Probes))
    assert all(isinstance(reading, ability) for ability in (Ranged, Isolated, Warns))
    assert reading.isolation.name == "snapshot"
    assert reading.isolation.snapshot is True
    home.close()
    home.close()


def test_probes_say_what_is_there_and_the_first_fault(make, open_home):
    make("CREATE TABLE t (a INT, b INT); CREATE TABLE one (a INT)")
    file, columns = open_home().probe("t")
    assert file.ok
    assert "journal mode delete: writers wait while a table is read" in file.what
    assert (columns.ok, columns.what) == (True, "2 columns can be read")
    assert [finding.what for finding in open_home().probe("one")][1] == "1 column can be read"
    make("PRAGMA journal_mode = WAL", name="wal.db")
    assert "do not wait for each other" in next(open_home(path="wal.db").probe("t")).what
    (file,) = open_home(path="nope.db").probe("t")
    assert not file.ok
    assert "there is no such file" in file.what
    file, columns = open_home().probe("tt")
    assert file.ok
    assert not columns.ok
    assert columns.fix
