"""Every type on its way to the client: its smallest and largest values, awkward ones, and NULL."""

from __future__ import annotations

import datetime as dt
import struct
import uuid
from contextlib import closing
from decimal import Decimal

import pytest

from tds import Column, SqlType, drivers
from tds.contract import MAX, TICKS_PER_DAY, Instant, Variant


D = Decimal
NINES = "9" * 38
LONG = "æ😀" * 20_000
GUID = uuid.UUID("00112233-4455-6677-8899-aabbccddeeff")
UTF8, JAPANESE, CYRILLIC = "Latin1_General_100_CI_AS_SC_UTF8", "Japanese_CI_AS", "Cyrillic_General_CI_AS"


def day(date: dt.date) -> int:
    return date.toordinal() - 1


def ticks(moment: dt.datetime) -> int:
    return day(moment.date()) * TICKS_PER_DAY + clock(moment.time())


def clock(time: dt.time) -> int:
    return ((time.hour * 60 + time.minute) * 60 + time.second) * 10_000_000 + time.microsecond * 10


def at(minutes: int, *fields: int) -> dt.datetime:
    return dt.datetime(*fields, tzinfo=dt.timezone(dt.timedelta(minutes=minutes)))


def instant(moment: dt.datetime) -> Instant:
    offset = moment.utcoffset() // dt.timedelta(minutes=1)
    return Instant(ticks(moment.replace(tzinfo=None)) - offset * 600_000_000, offset)


def same(*values):
    return {value: value for value in values}


def by(convert, *values):
    return {convert(value): value for value in values}


FIRST, LAST = dt.datetime.min, dt.datetime(9999, 12, 31, 23, 59, 59)
CASES = {  # the type, and what the client must get for each value of the engine
    "bit": (SqlType("bit"), same(*(True, False))),
    "tinyint": (SqlType("tinyint"), same(0, 255)),
    "smallint": (SqlType("smallint"), same(-(2**15), 2**15 - 1)),
    "int": (SqlType("int"), same(-(2**31), 2**31 - 1)),
    "bigint": (SqlType("bigint"), same(-(2**63), 2**63 - 1)),
    "real": (SqlType("real"), same(-3.4028234663852886e38, 0.10000000149011612)),
    "float": (SqlType("float"), same(-1.7976931348623157e308, 0.1, 2.2250738585072014e-308)),
    "decimal(9)": (SqlType("decimal", precision=9, scale=4), same(D("-99999.9999"), D("0.0001"))),
    "decimal(19)": (SqlType("decimal", precision=19, scale=0), same(D("-" + "9" * 19), D(1))),
    "decimal(28)": (SqlType("numeric", precision=28, scale=28), same(D("-0." + "9" * 28), D("1E-28"))),
    "decimal(38)": (SqlType("decimal", precision=38, scale=10), same(D(NINES[:28] + "." + NINES[28:]), D("-1E-10"))),
    "money": (SqlType("money"), same(D("-922337203685477.5808"), D("922337203685477.5807"), D("0.0001"))),
    "smallmoney": (SqlType("smallmoney"), same(D("-214748.3648"), D("214748.3647"))),
    "char": (SqlType("char", 5), same("æ    ", "abcde")),
    "varchar": (SqlType("varchar", 20), same("", "naïve €", "a'b")),
    "varchar utf-8": (SqlType("varchar", 40, collation=UTF8), same("æ😀漢", "")),
    "varchar cp932": (SqlType("varchar", 40, collation=JAPANESE), same("日本語")),
    "varchar cp1251": (SqlType("varchar", 40, collation=CYRILLIC), same("Привет")),
    "varchar(max)": (SqlType("varchar", MAX), same("", "é" * 100_000)),
    "text": (SqlType("text"), same("é" * 10_000)),
    "nchar": (SqlType("nchar", 4), same("漢   ", "😀ab")),
    "nvarchar": (SqlType("nvarchar", 40), same("", "æ😀漢\u0000x", "e\u0301")),
    "nvarchar(max)": (SqlType("nvarchar", MAX), same("", LONG)),
    "ntext": (SqlType("ntext"), same(LONG)),
    "xml": (SqlType("xml"), same("<a>æ😀</a>", "<a>" + LONG + "</a>")),
    "binary": (SqlType("binary", 4), same(b"\0\xff\0\0")),
    "varbinary": (SqlType("varbinary", 8000), same(b"", bytes(range(256)) * 31)),
    "varbinary(max)": (SqlType("varbinary", MAX), same(b"", bytes(range(256)) * 1000)),
    "image": (SqlType("image"), same(bytes(range(256)) * 100)),
    "timestamp": (SqlType("timestamp"), same(b"\0\0\0\0\0\0\x07\xd1")),
    "uniqueidentifier": (SqlType("uniqueidentifier"), {GUID: GUID}),
    "date": (SqlType("date"), by(day, dt.date.min, dt.date.max, dt.date(1900, 2, 28))),
    "time(0)": (SqlType("time", scale=0), by(clock, dt.time(0), dt.time(23, 59, 59))),
    "time(3)": (SqlType("time", scale=3), by(clock, dt.time(23, 59, 59, 999_000))),
    "time(7)": (SqlType("time", scale=7), by(clock, dt.time(23, 59, 59, 999_999))),
    "datetime2(0)": (SqlType("datetime2", scale=0), by(ticks, FIRST, LAST)),
    "datetime2(3)": (SqlType("datetime2", scale=3), by(ticks, FIRST, LAST.replace(microsecond=999_000))),
    "datetime2(7)": (SqlType("datetime2", scale=7), by(ticks, FIRST, LAST.replace(microsecond=999_999))),
    "datetimeoffset(0)": (
        SqlType("datetimeoffset", scale=0),
        by(instant, at(-840, 1, 1, 1), at(840, 9999, 12, 31, 23)),
    ),
    "datetimeoffset(7)": (SqlType("datetimeoffset", scale=7), by(instant, at(-330, 2024, 2, 29, 12, 0, 0, 999_999))),
    "smalldatetime": (SqlType("smalldatetime"), by(ticks, dt.datetime(1900, 1, 1), dt.datetime(2079, 6, 6, 23, 59))),
    "hierarchyid": (SqlType("hierarchyid"), same(b"", b"\x5a\xc0")),
    "geography": (SqlType("geography"), same(bytes(22), bytes(range(256)) * 100)),
}
DATETIMES = {  # ticks of the engine, and the milliseconds that datetime keeps of them
    dt.datetime(1753, 1, 1): dt.datetime(1753, 1, 1),
    dt.datetime(9999, 12, 31, 23, 59, 59, 997_000): dt.datetime(9999, 12, 31, 23, 59, 59, 997_000),
    dt.datetime(2024, 2, 29, 12, 0, 0, 3_333): dt.datetime(2024, 2, 29, 12, 0, 0, 3_000),
    dt.datetime(2024, 2, 29, 12, 0, 0, 6_667): dt.datetime(2024, 2, 29, 12, 0, 0, 7_000),
    dt.datetime(2024, 2, 29, 23, 59, 59, 999_000): dt.datetime(2024, 3, 1),
}


def fetched(server, cursor, kind: SqlType, values, *, nullable: bool = True) -> list:
    server.create("t", (Column("before", SqlType("int"), nullable=False), Column("x", kind, nullable)), rows_of(values))
    return [(row[0], row[1]) for row in cursor.execute("SELECT * FROM t").fetchall()]


def rows_of(values) -> list:
    return list(enumerate(values))


@pytest.mark.parametrize("case", CASES)
def test_every_value_of_every_type_arrives(server, cursor, case):
    kind, values = CASES[case]
    sent, wanted = [*values, None], [*values.values(), None]
    got = [(number, plain(value)) for number, value in fetched(server, cursor, kind, sent)]
    assert got == rows_of(wanted)


@pytest.mark.parametrize("case", CASES)
def test_a_column_that_is_never_null_says_so_and_arrives_too(server, cursor, case):
    kind, values = CASES[case]
    got = [plain(value) for _, value in fetched(server, cursor, kind, values, nullable=False)]
    assert got == [*values.values()]
    assert [bool(column[6]) for column in cursor.description] == [False, False]


def test_a_datetime_has_three_hundredths_of_a_second(server, cursor):
    got = fetched(server, cursor, SqlType("datetime"), [ticks(moment) for moment in DATETIMES])
    assert [value for _, value in got] == [*DATETIMES.values()]


def test_what_a_code_page_lacks_is_a_question_mark(server, cursor):
    assert fetched(server, cursor, SqlType("varchar", 20), ["Привет €"]) == [(0, "?????? €")]


def test_the_seventh_digit_reaches_the_client(server, cursor, driver):
    """Python's own times have six digits; the digits are asked of the driver's structure."""
    if driver == "mssql-python":
        pytest.skip("mssql-python gives no raw values")
    cursor.connection.add_output_converter(93, lambda data: struct.unpack("<hHHHHHI", data)[-1])
    moment = ticks(dt.datetime(2024, 2, 29)) + 1_234_567
    assert fetched(server, cursor, SqlType("datetime2", scale=7), [moment]) == [(0, 123_456_700)]


VARIANTS = {
    "int": (Variant(SqlType("int"), 5), 5),
    "bit": (Variant(SqlType("bit"), True), True),  # noqa: FBT003 - a value
    "float": (Variant(SqlType("float"), 1.5), 1.5),
    "money": (Variant(SqlType("money"), D("1.5")), D("1.5")),
    "decimal": (Variant(SqlType("decimal", precision=10, scale=2), D("-1.50")), D("-1.50")),
    "nvarchar": (Variant(SqlType("nvarchar", 10), "æ😀"), "æ😀"),
    "varchar": (Variant(SqlType("varchar", 10), "æ"), "æ"),
    "varbinary": (Variant(SqlType("varbinary", 3), b"abc"), b"abc"),
    "uniqueidentifier": (Variant(SqlType("uniqueidentifier"), GUID), GUID),
    "date": (Variant(SqlType("date"), day(dt.date(2024, 2, 29))), dt.date(2024, 2, 29)),
    "datetime2": (Variant(SqlType("datetime2", scale=3), ticks(dt.datetime(2024, 2, 29))), dt.datetime(2024, 2, 29)),
}


@pytest.mark.parametrize("case", VARIANTS)
def test_a_sql_variant_brings_its_own_type(server, case):
    """pyodbc takes the type of the first row for all, and no NULL."""
    if problem := drivers.missing("mssql-python"):
        pytest.skip(problem)
    sent, wanted = VARIANTS[case]
    with closing(drivers.connect("mssql-python", server)) as connection:
        got = fetched(server, connection.cursor(), SqlType("sql_variant"), [sent, None])
    assert got == [(0, wanted), (1, None)]


def plain(value):
    """Return a uniqueidentifier as such: pyodbc gives it as text."""
    return uuid.UUID(value) if isinstance(value, str) and len(value) == 36 else value
