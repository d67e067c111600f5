"""Columns that are not plain: sparse, computed, of a CLR type, of any collation, and texts that are no Unicode."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hygge_core import HomeError
from hygge_home_mssql.types import Options, typed


EXACT, BYTES = Options(), Options(spatial="bytes")
FEW = settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
COLLATIONS = {
    "Latin1_General_100_CI_AS_SC_UTF8": "aß漢字😀é",
    "Latin1_General_100_CI_AS": "aéß€ŠŸ",
    "Polish_100_CI_AS": "aąęłżŻ€",
    "Cyrillic_General_100_CI_AS": "aжЩя№Ё",
    "Greek_100_CI_AS": "aβΩή€",
    "Turkish_100_CI_AS": "aşİğ",
    "Hebrew_100_CI_AS": "aאבש₪",
    "Arabic_100_CI_AS": "aبش€",
    "Vietnamese_100_CI_AS": "aươđ₫",
    "Thai_100_CI_AS": "aกขฮ",
    "Japanese_XJIS_100_CI_AS": "aｱ漢字表",
    "Chinese_PRC_100_CI_AS": "a汉字龙",
    "Korean_Wansung_CI_AS": "a한국어",
    "Latin1_General_BIN2": "aéß",
    "SQL_Latin1_General_CP1_CI_AS": "aéß",
}
LONE = ["NCHAR(55357)", "N'a' + NCHAR(56320) + N'b'", "NCHAR(56320) + NCHAR(55357)"]


@pytest.fixture
def column(place, reads):
    """Make a table of one column with these SQL values, and read it in every way."""

    def found(written, values, *, options=EXACT, declared="", ways=None):
        table = place.name("column")
        place.execute(f"CREATE TABLE {table} (i int NOT NULL, a {declared or written} NULL)")
        rows = ", ".join(f"({at}, {value})" for at, value in enumerate(values))
        place.execute(f"INSERT INTO {table} (i, a) VALUES {rows}")
        return reads(table, [typed("a", written)], options, ways)

    return found


@pytest.mark.parametrize("engine", ["pyodbc", "arrow"])
def test_sparse_and_computed_columns_are_columns_like_any_other(place, table, engine):
    name = place.name("odd")
    place.execute(
        f"CREATE TABLE {name} (i int NOT NULL, thin nvarchar(20) SPARSE NULL, few decimal(9, 3) SPARSE NULL, "
        "twice AS i * 2, kept AS CAST(i * 1.5 AS decimal(10, 2)) PERSISTED, word AS CONCAT('n', i))"
    )
    place.execute(f"INSERT INTO {name} (i, thin, few) VALUES (1, NULL, NULL), (2, N'é😀', -1.125)")
    frame = table(table=name, engine=engine).sort("i")
    assert frame.schema == {
        "i": pl.Int32,
        "thin": pl.String,
        "few": pl.Decimal(9, 3),
        "twice": pl.Int32,
        "kept": pl.Decimal(10, 2),
        "word": pl.String,
    }
    assert [tuple(map(str, row)) for row in frame.rows()] == [
        ("1", "None", "None", "2", "1.50", "n1"),
        ("2", "é😀", "-1.125", "4", "3.00", "n2"),
    ]


@FEW
@given(paths=st.lists(st.lists(st.integers(0, 5199), max_size=6), min_size=3, max_size=8))
def test_hierarchies_are_paths(column, paths):
    texts = ["/" + "".join(f"{number}/" for number in path) for path in paths]
    for way, frame in column("hierarchyid", [*(f"'{text}'" for text in texts), "NULL"]):
        assert frame["a"].to_list() == [*texts, None], way


def test_hierarchies_are_bytes_by_choice(place, column):
    values = ["'/'", "'/1/'", "'/1/2/'", "'/5199/80/1104/'", "NULL"]
    found = [frame["a"].to_list() for _, frame in column("hierarchyid", values, options=BYTES)]
    expected = tuple(map(bytes.fromhex, ["", "58", "5B40"]))
    for values in found:
        assert tuple(values[:3]) == expected
        assert values[4] is None
        assert place.rows("SELECT CAST(? AS hierarchyid).ToString()", values[3]) == [("/5199/80/1104/",)]


@pytest.mark.parametrize("kind", ["geography", "geometry"])
@FEW
@given(points=st.lists(st.tuples(st.integers(-89, 89), st.integers(-179, 179)), min_size=2, max_size=6))
def test_points_are_well_known_text(column, kind, points):
    texts = [f"POINT ({x} {y}.5)" for y, x in points]
    made = [f"{kind}::STGeomFromText('{text}', 4326)" for text in texts]
    for way, frame in column(kind, [*made, "NULL"]):
        assert frame["a"].to_list() == [*texts, None], way


@pytest.mark.parametrize("kind", ["geography", "geometry"])
def test_points_are_the_servers_own_bytes_by_choice(column, kind):
    for way, frame in column(kind, [f"{kind}::STGeomFromText('POINT (1 2)', 4326)", "NULL"], options=BYTES):
        point, nothing = frame["a"].to_list()
        assert point[:4] == (4326).to_bytes(4, "little"), way  # the reference system, which the text does not hold
        assert (len(point), nothing) == (22, None), way


@pytest.mark.parametrize("collation", COLLATIONS)
@pytest.mark.parametrize("written", ["varchar(80)", "varchar(max)", "char(80)"])
def test_texts_of_any_collation_come_as_they_are(place, column, collation, written):
    place.need(f"SELECT CAST('a' COLLATE {collation} AS varchar(9))")
    letters = COLLATIONS[collation]
    values = [letters, letters[::-1], ""]
    made = [f"N'{value}'" for value in values]
    expected = [value.rstrip() for value in values]
    for way, frame in column(written, [*made, "NULL"], declared=f"{written} COLLATE {collation}"):
        got = frame["a"].to_list()
        assert [value.rstrip(" ") for value in got[:3]] == expected, way
        assert got[3] is None, way


@pytest.mark.parametrize("written", ["nvarchar(20)", "nvarchar(max)", "nchar(4)"])
@pytest.mark.parametrize("value", LONE)
def test_a_text_that_is_no_unicode_stops_every_engine(column, ways, written, value):
    refused = []
    for way in ways:
        with pytest.raises(HomeError) as error:
            list(column(written, ["N'on'", value], ways=[way]))
        assert "column 'a' holds a" in error.value.what
        assert error.value.fix
        refused.append(way)
    assert refused


@pytest.mark.parametrize("written", ["nvarchar(20)", "nvarchar(max)", "nchar(1)"])
def test_the_sign_for_what_is_no_unicode_is_itself_read_where_it_can_be_told_apart(column, ways, written):
    for way in ways:
        if way == "arrow" and written != "nvarchar(max)":
            with pytest.raises(HomeError, match=r"U\+FFFD.*mssql-python") as error:
                list(column(written, ["NCHAR(65533)"], ways=[way]))
            assert 'engine = "pyodbc"' in error.value.fix
        else:
            assert [frame["a"].to_list() for _, frame in column(written, ["NCHAR(65533)"], ways=[way])] == [["\ufffd"]]


def test_a_variant_is_refused_and_its_ways_out_work(place, read, table):
    name = place.name("variant")
    place.execute(f"CREATE TABLE {name} (i int NOT NULL, v sql_variant NULL)")
    for row in ("1, 7", "2, N'x'", "3, NULL"):
        place.execute(f"INSERT INTO {name} (i, v) VALUES ({row})")
    with pytest.raises(HomeError, match="sql_variant") as error:
        read(table=name)
    assert "CAST([v] AS nvarchar(4000))" in error.value.fix
    assert table(table=name, columns=("i",))["i"].sum() == 6
    query = f"SELECT i, CAST([v] AS nvarchar(4000)) AS v FROM {name}"
    assert table(query=query).sort("i")["v"].to_list() == ["7", "x", None]


@pytest.mark.parametrize("written", ["text", "ntext", "image"])
def test_the_old_large_types_are_read_whole(column, written):
    short, long = ("0x00FF", "0x" + "ab" * 9000) if written == "image" else ("'ab'", f"'{'ab' * 9000}'")
    expected = [b"\x00\xff", b"\xab" * 9000] if written == "image" else ["ab", "ab" * 9000]
    for way, frame in column(written, [short, long, "NULL"]):
        assert frame["a"].to_list() == [*expected, None], way


def test_row_versions_are_bytes_or_numbers_that_rise(place, reads):
    name = place.name("versions")
    place.execute(f"CREATE TABLE {name} (i int NOT NULL, a rowversion)")
    place.execute(f"INSERT INTO {name} (i) VALUES (1), (2), (3)")
    numbers = [row[0] for row in place.rows(f"SELECT CAST(a AS bigint) FROM {name} ORDER BY i")]
    for way, frame in reads(name, [typed("a", "rowversion")], EXACT):
        assert [int.from_bytes(value, "big") for value in frame["a"]] == numbers, way
    for way, frame in reads(name, [typed("a", "rowversion")], Options(rowversion="uint64")):
        assert frame["a"].to_list() == numbers == sorted(set(numbers)), way


@FEW
@given(ticks=st.lists(st.integers(0, 9_999_999), min_size=1, max_size=6))
def test_the_seventh_digit_is_kept_as_nanoseconds_and_as_text_and_cut_when_asked(column, ticks):
    texts = [f"2024-02-29 23:59:59.{tick:07}" for tick in ticks]
    values = [f"'{text}'" for text in texts]
    last = 24 * 3600 - 1
    for kind, zone in (("datetime2(7)", ""), ("datetimeoffset(7)", " +00:00")):
        for way, frame in column(kind, values, options=Options(on_100ns="text")):
            assert frame["a"].to_list() == [text + zone for text in texts], way
        for way, frame in column(kind, values, options=Options(on_100ns="ns")):
            assert (frame["a"].dt.epoch("ns") % 10**9).to_list() == [tick * 100 for tick in ticks], way
        for way, frame in column(kind, values, options=Options(on_100ns="truncate")):
            assert (frame["a"].dt.epoch("us") % 10**6).to_list() == [tick // 10 for tick in ticks], way
    for way, frame in column("time(7)", [f"'{text[11:]}'" for text in texts]):
        assert frame["a"].to_physical().to_list() == [last * 10**9 + tick * 100 for tick in ticks], way


def test_a_seventh_digit_stops_every_engine_unless_chosen_otherwise(column, ways):
    for way in ways:
        with pytest.raises(HomeError, match=r"holds 2024-02-29 23:59:59\.0000001"):
            list(column("datetime2(7)", ["'2024-02-29 23:59:59.0000001'"], ways=[way]))
