from __future__ import annotations

import struct
import uuid
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tds.contract import MAX, TICKS_PER_DAY, Instant, SqlError, SqlType
from tds.engine.values import hierarchy, spatial
from tds.engine.values.casting import casting, storing
from tds.engine.values.collations import text_key
from tds.engine.values.ordering import guid_key, key_of


TEXT = SqlType("nvarchar", length=4000)
LAST = 3_652_059 * TICKS_PER_DAY - 1
MOMENTS = st.integers(0, LAST)
EARLIEST_DATETIME = 639_905 * TICKS_PER_DAY


def through(value, *types):
    for source, target in pairwise(types):
        value = casting(source, target)(value)
    return value


@given(MOMENTS)
def test_a_datetime2_comes_back_from_its_text(ticks):
    fine = SqlType("datetime2", scale=7)
    assert through(ticks, fine, TEXT, fine) == ticks


@given(st.integers(0, LAST - TICKS_PER_DAY), st.integers(0, 7))
def test_a_scale_rounds_to_the_nearest_of_its_steps(ticks, scale):
    rounded = casting(SqlType("datetime2", scale=7), SqlType("datetime2", scale=scale))(ticks)
    step = 10 ** (7 - scale)
    assert rounded % step == 0
    assert 2 * abs(rounded - ticks) <= step


@given(st.integers(EARLIEST_DATETIME, LAST - TICKS_PER_DAY))
def test_a_datetime_holds_three_hundredths_of_a_second(ticks):
    held = casting(SqlType("datetime2", scale=7), SqlType("datetime"))(ticks)
    assert abs(held - ticks) <= 16_667
    assert held == casting(SqlType("datetime"), SqlType("datetime"))(held)
    assert casting(SqlType("datetime2", scale=7), SqlType("datetime"))(held) == held


def test_a_datetime_that_was_written_with_5_milliseconds_shows_7():
    assert through("2024-01-01 00:00:00.005", TEXT, SqlType("datetime"), TEXT) == "Jan  1 2024 12:00AM"
    text = casting(SqlType("datetime"), TEXT, 121)(through("2024-01-01 00:00:00.005", TEXT, SqlType("datetime")))
    assert text == "2024-01-01 00:00:00.007"
    assert [through(f"00:00:00.00{digit}", TEXT, SqlType("datetime")) % 10_000_000 for digit in (3, 7)] == [
        33_333,
        66_667,
    ]


@given(st.integers(20 * TICKS_PER_DAY, LAST - 20 * TICKS_PER_DAY), st.integers(-840, 840))
def test_an_offset_comes_back_from_its_text(ticks, minutes):
    kind = SqlType("datetimeoffset", scale=7)
    assert through(Instant(ticks, minutes), kind, TEXT, kind) == Instant(ticks, minutes)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=10, min_value=-(10**20), max_value=10**20))
def test_a_decimal_comes_back_from_its_text(value):
    kind = SqlType("decimal", precision=38, scale=10)
    assert through(value, kind, TEXT, kind) == value


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("1.005", SqlType("decimal", precision=5, scale=2), Decimal("1.01")),
        ("-1.005", SqlType("decimal", precision=5, scale=2), Decimal("-1.01")),
        ("922337203685477.5807", SqlType("money"), Decimal("922337203685477.5807")),
        (" 12 ", SqlType("int"), 12),
        ("true", SqlType("bit"), True),
        ("0001-01-01", SqlType("date"), 0),
        ("23:59:59.9999999", SqlType("time", scale=7), TICKS_PER_DAY - 1),
        ("2024-02-29T23:59:30", SqlType("smalldatetime"), 738_945 * TICKS_PER_DAY),
    ],
)
def test_texts_become_values(text, kind, value):
    assert casting(TEXT, kind)(text) == value


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("x", SqlType("int"), 245),
        ("2147483648", SqlType("int"), 8115),
        ("1000", SqlType("decimal", precision=5, scale=2), 8115),
        ("x", SqlType("decimal", precision=5, scale=2), 8114),
        ("922337203685477.5808", SqlType("money"), 8115),
        ("2023-02-29", SqlType("date"), 241),
        ("2024-01-01 00:00:00.1234", SqlType("datetime"), 241),
        ("1752-12-31", SqlType("datetime"), 242),
        ("24:00", SqlType("time", scale=0), 241),
        ("no", SqlType("uniqueidentifier"), 8169),
        ("<a>", SqlType("xml"), 9400),
        ("/1", SqlType("hierarchyid"), 6522),
        ("256", SqlType("tinyint"), 8115),
    ],
)
def test_texts_that_are_no_values_are_refused_by_number(text, kind, number):
    with pytest.raises(SqlError) as caught:
        casting(TEXT, kind)(text)
    assert caught.value.number == number


@given(st.uuids(), st.uuids())
def test_uniqueidentifiers_are_ordered_by_their_last_six_bytes_first(one, other):
    if one.bytes[10:] != other.bytes[10:]:
        assert (guid_key(one) < guid_key(other)) == (one.bytes[10:] < other.bytes[10:])
    assert (guid_key(one) == guid_key(other)) == (one == other)


def test_the_first_group_of_a_uniqueidentifier_counts_least_and_backwards():
    least = uuid.UUID("01000000-0000-0000-0000-000000000000")
    more = uuid.UUID("00000001-0000-0000-0000-000000000000")
    assert guid_key(more) > guid_key(least)
    assert guid_key(uuid.UUID("00000000-0000-0100-0000-000000000000")) > guid_key(more)


@given(st.text("aAbBéÉeE ", max_size=8), st.integers(0, 3))
def test_spaces_at_the_end_never_count(text, spaces):
    for name in ("Latin1_General_CI_AS", "Latin1_General_BIN2", "Latin1_General_CS_AI"):
        assert text_key(name)(text) == text_key(name)(text + " " * spaces)


@pytest.mark.parametrize(
    ("collation", "same", "other"),
    [
        ("Latin1_General_CI_AS", "É", "E"),
        ("Latin1_General_CI_AI", "É", "f"),
        ("Latin1_General_CS_AS", "é", "É"),
        ("Latin1_General_BIN2", "e", "E"),
    ],
)
def test_collations_mind_what_their_name_says(collation, same, other):
    key = text_key(collation)
    minds_case = "_CS" in collation or "_BIN" in collation
    assert (key("é") == key("É")) != minds_case
    assert (key("é") == key("e")) == ("_AI" in collation)
    assert key(same) != key(other)


def test_letters_are_ordered_before_accents_and_case():
    key = text_key("Latin1_General_CS_AS")
    assert sorted(["b", "É", "A", "a", "e", "f"], key=key) == ["a", "A", "b", "e", "É", "f"]


@given(st.binary(max_size=6), st.integers(0, 3))
def test_zeros_at_the_end_of_bytes_do_not_count(data, zeros):
    key = key_of(SqlType("varbinary", length=20))
    assert key(data) == key(data + bytes(zeros))


def test_what_a_code_page_lacks_becomes_a_question_mark():
    narrow = SqlType("varchar", length=10, collation="Latin1_General_CI_AS")
    assert casting(TEXT, narrow)("aøΩ😀") == "aø??"
    assert casting(TEXT, SqlType("varchar", length=10, collation="Greek_CI_AS"))("Ω") == "Ω"
    utf8 = SqlType("varchar", length=6, collation="Latin1_General_100_CI_AS_SC_UTF8")
    assert casting(TEXT, utf8)("a😀øx") == "a😀"


def test_a_cast_cuts_texts_and_an_insert_refuses_to():
    short = SqlType("nvarchar", length=3)
    assert casting(TEXT, short)("abcdef") == "abc"
    assert storing(TEXT, short, "c")("abc   ") == "abc"
    with pytest.raises(SqlError, match="column 'c'"):
        storing(TEXT, short, "c")("abcd")


@given(st.lists(st.integers(0, 5199), max_size=5))
def test_a_hierarchyid_comes_back_from_its_bytes(path):
    text = "/" + "".join(f"{number}/" for number in path)
    assert hierarchy.written(hierarchy.read(text)) == text


@given(st.lists(st.integers(0, 5199), max_size=3), st.lists(st.integers(0, 5199), max_size=3))
def test_hierarchyids_are_ordered_by_their_bytes(one, other):
    first, second = ("/" + "".join(f"{number}/" for number in path) for path in (one, other))
    assert (hierarchy.read(first) < hierarchy.read(second)) == (one < other)


def test_known_bytes_of_clr_types():
    assert hierarchy.read("/1/") == b"\x58"
    assert hierarchy.read("/") == b""
    expected = bytes.fromhex("e6100000010c") + struct.pack("<dd", 47.6, -122.3)
    assert spatial.read("geography", "POINT(-122.3 47.6)", 4326) == expected
    assert spatial.written("geography", expected) == "POINT (-122.3 47.6)"


@given(st.binary(min_size=1, max_size=20))
def test_bytes_come_back_from_their_text(data):
    kind = SqlType("varbinary", length=MAX)
    assert casting(TEXT, kind, 1)(casting(kind, TEXT, 1)(data)) == data
    assert casting(kind, TEXT, 2)(data) == data.hex().upper()
