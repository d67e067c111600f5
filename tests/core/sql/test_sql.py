"""SQL as homes put it together, tried on a real SQLite database and read word for word for another dialect."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygge_core.sql import (
    Dialect,
    Span,
    Statement,
    all_of,
    any_of,
    check_query,
    check_table,
    count,
    exists,
    highest,
    lowest,
    of_query,
    of_table,
    select,
    table_parts,
    within,
)


LITE = Dialect(quotes=(('"', '"'), ("[", "]"), ("`", "`")))
SERVER = Dialect(quotes=(("[", "]"), ('"', '"')), first="TOP ({rows}) ", last="", derives_with=False)
HOSTILE = st.text(
    st.sampled_from("\"'[]`.;-/*{}\\%?:@$# \n\tß😀é")
    | st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    min_size=1,
    max_size=20,
).filter(lambda name: not name.lower().startswith("sqlite_"))
INTEGERS = st.none() | st.integers(-5, 5)


@pytest.fixture(scope="module")
def database():
    with closing(sqlite3.connect(":memory:")) as connection:
        yield connection


def run(connection, statement):
    return connection.execute(statement.text, statement.parameters).fetchall()


@given(table=HOSTILE, column=HOSTILE)
def test_any_name_means_itself_as_table_and_as_column(database, table, column):
    source, quoted = of_table("{entity}", LITE, entity=table), LITE.quote(column)
    database.execute(f"CREATE TABLE {source} ({quoted})")
    try:
        database.execute(f"INSERT INTO {source} VALUES (?)", (column,))  # noqa: S608 - the point of the test
        cursor = database.execute(select(LITE, [quoted], source).text)
        assert [name for name, *_ in cursor.description] == [column]
        assert cursor.fetchall() == [(column,)]
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master")]
        assert names == [table]
    finally:
        database.execute(f"DROP TABLE {source}")


@given(entity=HOSTILE, flow=HOSTILE)
def test_names_in_a_query_and_in_a_table_stay_what_they_are(database, entity, flow):
    source = of_query("SELECT 7 AS {entity}, 8 AS f UNION ALL SELECT 9, 9", LITE, entity=entity, flow=flow)
    column = LITE.quote(entity)
    if entity.lower() != "f":
        where = within(LITE, column, [Span(low=7, high=8)])
        assert run(database, select(LITE, [column, "f"], source, where)) == [(7, 8)]
    assert table_parts("x.{flow}.y{entity}", LITE, entity=entity, flow=flow) == ("x", flow, f"y{entity}")


@pytest.mark.parametrize(
    ("template", "written"),
    [
        ("{entity}", "[a.b]]c]"),
        ("dbo.{entity}", "[dbo].[a.b]]c]"),
        ("[dbo].[x.{entity}]", "[dbo].[x.a.b]]c]"),
        ('"d""b".{entity}_v', '[d"b].[a.b]]c_v]'),
        ("[a]]b].t", "[a]]b].[t]"),
        ("srv.db.{flow}.{entity}", "[srv].[db].[f].[a.b]]c]"),
        ("a b.c-d", "[a b].[c-d]"),
    ],
)
def test_the_parts_of_a_name_are_quoted_one_by_one(template, written):
    check_table(template, SERVER)
    assert of_table(template, SERVER, entity="a.b]c", flow="f") == written


@pytest.mark.parametrize("template", ["", ".t", "a.", "a..b", "[a", '"a""', "[a]b", "[].b", "a\0b"])
def test_what_cannot_be_a_name_is_refused(template):
    with pytest.raises(ValueError, match="is not the name of a table"):
        check_table(template, SERVER)


def test_a_zero_byte_cannot_be_quoted():
    with pytest.raises(ValueError, match="zero byte"):
        LITE.quote("a\0b")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT 1 AS x -- and a comment",
        "SELECT 1 AS x /* and a comment; */",
        "WITH one AS (SELECT 1 AS x) SELECT * FROM one",
        "SELECT ';' = '' OR 1 AS x",
        "VALUES (1)",
        "SELECT 1 AS x ORDER BY 1 LIMIT 1",
    ],
)
def test_a_query_is_read_like_a_table_however_it_ends(database, query):
    check_query(query, LITE)
    source = of_query(query, LITE, entity="e")
    assert run(database, count(source)) == [(1,)]
    assert run(database, select(LITE, ["*"], source, rows=5)) == [(1,)]


@pytest.mark.parametrize("query", ["SELECT 1 /* never closed", "DELETE FROM t", "SELECT 1; SELECT 2"])
def test_what_is_not_one_query_does_not_run(database, query):
    with pytest.raises(sqlite3.Error):
        run(database, count(of_query(query, LITE, entity="e") + " WHERE 1 = 1"))


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("  \n", "empty"),
        ("SELECT 1;", "semicolon"),
        ("SELECT 1 ;\n ", "semicolon"),
        ("with a AS (SELECT 1) SELECT * FROM a", "begins with WITH"),
        ("-- first\n /* then */ WITH\ta AS (SELECT 1) SELECT * FROM a", "begins with WITH"),
    ],
)
def test_a_query_that_cannot_stand_in_brackets_is_refused(query, fault):
    with pytest.raises(ValueError, match=fault):
        check_query(query, SERVER)


def test_a_query_may_begin_with_a_word_like_with():
    check_query("WITHIN", SERVER)


def test_rows_are_limited_where_the_dialect_has_it():
    assert select(LITE, ["a"], "t", Statement("a = ?", (1,)), rows=3) == Statement(
        "SELECT a FROM t WHERE a = ? LIMIT 3", (1,)
    )
    assert select(SERVER, ["a", "b"], "t", rows=3) == Statement("SELECT TOP (3) a, b FROM t")


@given(
    values=st.lists(INTEGERS, max_size=8),
    spans=st.lists(st.builds(Span, low=INTEGERS, high=INTEGERS), min_size=1, max_size=3),
    nulls=st.booleans(),
)
def test_a_condition_keeps_exactly_the_rows_of_its_spans(database, values, spans, nulls):
    database.execute("CREATE TABLE t (a)")
    try:
        database.executemany("INSERT INTO t VALUES (?)", [(value,) for value in values])
        kept = [value for value in values if (nulls if value is None else any(_inside(value, span) for span in spans))]
        where = within(LITE, "a", spans, nulls=nulls)
        assert sorted(run(database, select(LITE, ["a"], "t", where)), key=str) == sorted([(v,) for v in kept], key=str)
        assert run(database, count("t", where)) == [(len(kept),)]
        known = [value for value in kept if value is not None]
        assert run(database, highest("a", "t", where)) == [(max(known, default=None),)]
        assert run(database, lowest("a", "t", where)) == [(min(known, default=None),)]
        if where is not None:
            assert run(database, exists("t", where)) == [(int(bool(kept)),)]
    finally:
        database.execute("DROP TABLE t")


def _inside(value, span):
    return (span.low is None or span.low <= value) and (span.high is None or value <= span.high)


def test_conditions_are_joined_with_their_parameters_in_order():
    one, two = Statement("a = ? OR b = ?", (1, 2)), Statement("c = ?", (3,))
    assert all_of([one, None, two]) == Statement("(a = ? OR b = ?) AND (c = ?)", (1, 2, 3))
    assert any_of([two, one]) == Statement("(c = ?) OR (a = ? OR b = ?)", (3, 1, 2))
    assert all_of([None]) is None
    with pytest.raises(ValueError, match="no conditions"):
        any_of([])


def test_parameters_do_not_show():
    assert "secret" not in repr(Statement("a = ?", ("secret",)))
