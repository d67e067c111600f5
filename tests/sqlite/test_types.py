"""What was put into a database is what comes out, exactly, or an error that says where it stands."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, time
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hygge_core import HomeError
from hygge_core.home import ReadRequest
from hygge_home_sqlite.declared import dtype_text


INTEGERS = st.integers(-(2**63), 2**63 - 1)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
FLOATS = st.floats(allow_nan=False)
MOMENTS = st.datetimes()
ZONED = st.datetimes(timezones=st.timezones()).filter(lambda value: 1 < value.year < 9999)
CENTS = st.integers(-(10**15) + 1, 10**15 - 1).map(lambda cents: Decimal(cents).scaleb(-2))

# declared type: what is put in, how it is stored, and as what it comes out
KINDS = {
    "BIGINT": (INTEGERS, None, pl.Int64()),
    "UNSIGNED BIG INT": (INTEGERS, None, pl.Int64()),
    "BOOLEAN": (st.booleans(), None, pl.Boolean()),
    "DOUBLE PRECISION": (FLOATS, None, pl.Float64()),
    "NUMERIC": (FLOATS, None, pl.Float64()),
    "DECIMAL(17, 2)": (CENTS, float, pl.Decimal(17, 2)),
    "DECIMAL(38,6)": (INTEGERS.map(Decimal), int, pl.Decimal(38, 6)),
    "VARCHAR(20)": (TEXTS, None, pl.String()),
    "BLOB": (st.binary(max_size=12), None, pl.Binary()),
    "": (INTEGERS, None, pl.Int64()),
    "ANY": (TEXTS.map(lambda text: f"x{text}"), None, pl.String()),
    "DATE": (st.dates(), date.isoformat, pl.Date()),
    "DATETIME": (MOMENTS, lambda value: value.isoformat(" "), pl.Datetime("us")),
    "TIMESTAMP(6)": (MOMENTS, datetime.isoformat, pl.Datetime("us")),
    "TIMESTAMPTZ": (ZONED.map(lambda value: value.astimezone(UTC)), datetime.isoformat, pl.Datetime("us", "UTC")),
    "TIME": (st.times(), time.isoformat, pl.Time()),
}
QUICK = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def stored(tmp_path):
    """Put values into a table of one column, and return what SQLite made of them."""

    def put(declared, values):
        with closing(sqlite3.connect(tmp_path / "shop.db")) as connection:
            connection.execute("PRAGMA synchronous = OFF")  # no test is about power that fails
            connection.execute("DROP TABLE IF EXISTS t")
            connection.execute(f"CREATE TABLE t (a {declared})")
            connection.executemany("INSERT INTO t VALUES (?)", [(value,) for value in values])
            connection.commit()

    return put


def request(size=32 << 20, **more):
    return ReadRequest(entity="t", flow="f", batch_bytes=size, **more)


@pytest.mark.parametrize("declared", KINDS)
@QUICK
@given(data=st.data(), size=st.sampled_from([1, 40, 4096, 1 << 20]))
def test_every_value_of_every_declared_type_comes_back_as_it_was(stored, table, declared, data, size):
    strategy, write, dtype = KINDS[declared]
    values = data.draw(st.lists(strategy | st.none(), min_size=declared in ("", "ANY"), max_size=30))
    if declared in ("", "ANY"):
        values.append(data.draw(strategy))
    stored(declared, [value if write is None or value is None else write(value) for value in values])
    frame = table(request=request(size))
    assert frame.schema == {"a": dtype}
    assert frame["a"].to_list() == values


@pytest.mark.parametrize(
    ("declared", "dtype"),
    [
        ("INT", "int64"),
        ("tinyint(1)", "int64"),
        ("FLOATING POINT", "int64"),
        ("NATIVE CHARACTER(70)", "string"),
        ("clob", "string"),
        ("double", "float64"),
        ("FLOAT(8)", "float64"),
        ("bool", "boolean"),
        ("Timestamp Without  Nothing", None),
        ("timestamp  with time zone", "datetime[us, UTC]"),
        ("DateTimeOffset", "datetime[us, UTC]"),
        ("decimal", "float64"),
        ("NUMERIC(5)", "decimal(5, 0)"),
        ("decimal ( 5 , 5 )", "decimal(5, 5)"),
        ("DECIMAL(5,6)", "float64"),
        ("DECIMAL(39,6)", "float64"),
        ("DECIMAL(0)", "float64"),
        ("", None),
        ("ANY", None),
        ("JSON", None),
    ],
)
def test_declared_types_follow_their_names_and_then_the_rules_of_sqlite(declared, dtype):
    assert dtype_text(declared) == dtype


# what does not fit: declared type, a value, and how the error shows it
MISFITS = [
    ("INTEGER", "abc", "'abc'", "int64"),
    ("INTEGER", 1.5, "1.5", "int64"),
    ("INTEGER", b"\x01\xff", "X'01FF'", "int64"),
    ("BOOLEAN", 2, "2", "boolean"),
    ("BOOLEAN", "maybe", "'maybe'", "boolean"),
    ("REAL", "n/a", "'n/a'", "float64"),
    ("NUMERIC", 2**53 + 1, "9007199254740993", "float64"),
    ("DECIMAL(5, 2)", 0.125, "0.125", "decimal(5, 2)"),
    ("DECIMAL(5, 2)", 1000, "1000", "decimal(5, 2)"),
    ("DECIMAL(5, 2)", 0.1 + 0.2, "0.30000000000000004", "decimal(5, 2)"),
    ("DECIMAL(38, 2)", float("inf"), "inf", "decimal(38, 2)"),
    ("TEXT", b"\x00", "X'00'", "string"),
    ("BLOB", "abc", "'abc'", "binary"),
    ("DATE", "2026-02-30", "'2026-02-30'", "date"),
    ("DATE", "2026-1-1", "'2026-1-1'", "date"),
    ("DATE", 20260101, "20260101", "date"),
    ("DATETIME", "2026-01-01 9:05", "'2026-01-01 9:05'", "datetime[us]"),
    ("DATETIME", "2026-01-01", "'2026-01-01'", "datetime[us]"),
    ("DATETIME", "2026-01-01 09:05:00Z", "'2026-01-01 09:05:00Z'", "datetime[us]"),
    ("DATETIME", "2026-01-01 09:05:00.1234567", "'2026-01-01 09:05:00.1234567'", "datetime[us]"),
    ("DATETIME", 1767225600, "1767225600", "datetime[us]"),
    ("TIMESTAMPTZ", "2026-01-01 09:05:00", "'2026-01-01 09:05:00'", "datetime[us, UTC]"),
    ("TIME", "25:00", "'25:00'", "time"),
    ("TEXT", b"x" * 100, f"X'{'78' * 29}...", "string"),
]


@pytest.mark.parametrize("misfit", MISFITS)
def test_a_value_that_does_not_fit_is_named_with_table_column_and_row(stored, table, misfit):
    declared, value, shown, dtype = misfit
    stored(declared, [None] * 40 + [value] + [None] * 3)
    with pytest.raises(HomeError) as refused:
        table(request=request(2000))
    error = refused.value
    assert error.where.endswith("shop.db: t")
    assert error.what == f"column 'a': rowid 41 holds {shown}, which does not fit {dtype}"
    assert 'columns = { "a" = "text" }' in error.fix


@pytest.mark.parametrize("misfit", MISFITS)
def test_the_whole_column_is_text_by_choice(stored, read, misfit):
    declared, value, shown, dtype = misfit
    stored(declared, [None, value])
    text = value if isinstance(value, str) else f"X'{value.hex().upper()}'" if isinstance(value, bytes) else repr(value)
    reading = read(on_misfit="text")
    (batch,) = reading.batches()
    assert batch.to_dict(as_series=False) == {"a": [None, text]}
    assert list(reading.warnings()) == [
        f"column 'a' is read as text: rowid 2 holds {shown}, which does not fit {dtype}"
    ]


def test_columns_that_fit_keep_their_dtype_beside_one_that_does_not(make, read):
    make("CREATE TABLE t (i INT, d DATE, x); INSERT INTO t VALUES (1, '2026-01-01', 1), ('a', '2026-01-02', 'b')")
    reading = read(on_misfit="text")
    (batch,) = reading.batches()
    assert batch.schema == {"i": pl.String, "d": pl.Date, "x": pl.String}
    assert batch["i"].to_list() == ["1", "a"]
    assert batch["x"].to_list() == ["1", "b"]
    assert len(reading.warnings()) == 1


@QUICK
@given(values=st.lists(INTEGERS | FLOATS | TEXTS | st.binary(max_size=5) | st.none(), max_size=20))
def test_a_column_that_is_text_by_declaration_takes_any_value_and_loses_no_digit(stored, table, values):
    stored("", values)
    texts = table(columns={"a": "text"})["a"].to_list()
    assert len(texts) == len(values)
    for value, text in zip(values, texts, strict=True):
        match value:
            case None | str():
                assert text == value
            case bytes():
                assert bytes.fromhex(text[2:-1]) == value
            case _:
                assert type(value)(text) == value


@pytest.mark.parametrize(
    "case",
    [
        (["12.50", "-3", None], "TEXT", "decimal(5, 2)", [Decimal("12.50"), Decimal(-3), None]),
        (["12", "-3"], "TEXT", "int32", [12, -3]),
        (["2.5", "-inf"], "TEXT", "float64", [2.5, float("-inf")]),
        (["true", "False"], "TEXT", "boolean", [True, False]),
        (["true", 1, 0], "", "boolean", [True, True, False]),
        ([12.25, "7", 3, 9007199254740993], "", "decimal(38, 2)", [Decimal("12.25"), 7, 3, 9007199254740993]),
        ([1e20, 12.5], "", "decimal(38, 1)", [Decimal(10**20), Decimal("12.5")]),
        ([1, 2.5], "", "float64", [1.0, 2.5]),
        (["2026-01-01T10:00"], "TEXT", "datetime[ms]", [datetime(2026, 1, 1, 10)]),  # noqa: DTZ001 - without a zone
        (["2026-01-01 10:00:00+02:00"], "", "datetime[us, UTC]", [datetime(2026, 1, 1, 8, tzinfo=UTC)]),
        ([255, 0], "INT", "uint8", [255, 0]),
        ([1767225600], "DATETIME", "int64", [1767225600]),
        ([b"a", None], "", "binary", [b"a", None]),
    ],
)
def test_a_declared_dtype_reads_what_means_its_value_exactly(stored, table, case):
    values, declared, dtype, expected = case
    stored(declared, values)
    assert table(columns={"a": dtype})["a"].to_list() == expected


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ([1, "x"], "int64"),
        ([300], "uint8"),
        (["1.5"], "int64"),
        (["2.5", 2**53 + 1], "float64"),
        (["1.255"], "decimal(5, 2)"),
    ],
)
def test_a_declared_dtype_refuses_what_does_not_mean_its_value(stored, table, values, dtype):
    stored("", values)
    with pytest.raises(HomeError, match=f"does not fit {dtype[:5]}"):
        table(columns={"a": dtype})


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ([1, None], pl.Int64),
        ([1.5, None], pl.Float64),
        ([1, 1.5], pl.Float64),
        (["a", None], pl.String),
        ([b"a"], pl.Binary),
        ([None], pl.String),
        ([], pl.String),
    ],
)
def test_a_column_without_a_telling_type_is_what_all_its_values_are(stored, table, values, dtype):
    for declared in ("", "JSON", "WHATEVER"):
        stored(declared, values)
        frame = table()
        assert frame.schema == {"a": dtype}
        assert frame["a"].to_list() == values


def test_a_column_without_a_telling_type_and_mixed_values_is_refused_before_the_first_row(stored, read):
    stored("", [1] * 5000 + ["a", b"b"])
    with pytest.raises(HomeError, match="holds integer and text and blob values") as refused:
        read()
    assert 'columns = { "a" = "text" }' in refused.value.fix


def test_a_change_of_storage_after_many_rows_is_noticed_and_not_rounded(stored, table):
    stored("", [0.5] * 5000 + [2**53 + 1])
    with pytest.raises(HomeError, match="rowid 5001 holds 9007199254740993"):
        table()


def test_decimals_stored_in_three_ways_in_one_batch_are_all_exact(stored, table):
    values = [0.25] * 3000 + [10**14] * 3000 + [12.75] * 3000
    stored("DECIMAL(38, 2)", values)
    assert table()["a"].to_list() == [Decimal(str(value)) for value in values]


def test_text_that_is_not_utf_8_is_named_with_its_row(make, table):
    make("CREATE TABLE t (b TEXT, a TEXT); INSERT INTO t VALUES ('é', 'x'), ('', CAST(X'FF41' AS TEXT))")
    with pytest.raises(HomeError, match="column 'a': rowid 2 holds a text that is not UTF-8"):
        table()


def test_texts_of_a_utf_16_database_come_back(make, table):
    make("PRAGMA encoding = 'UTF-16le'; CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('ß😀'), ('')")
    assert table()["a"].to_list() == ["ß😀", ""]


def test_a_zero_byte_is_a_character(stored, table):
    stored("TEXT", ["a\0b", "\0"])
    assert table()["a"].to_list() == ["a\0b", "\0"]


def test_strict_tables_are_read(make, table):
    if sqlite3.sqlite_version_info < (3, 37):
        pytest.skip("this SQLite has no STRICT tables")
    make("CREATE TABLE t (i INT, r REAL, s TEXT, b BLOB, a ANY) STRICT; INSERT INTO t VALUES (1, 2, '3', X'04', '007')")
    assert table().rows() == [(1, 2.0, "3", b"\4", "007")]
