"""Values of every type, encoded as the server sends them and read as it reads parameters: always the same."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tds.buffer import Reader
from tds.contract import MAX, TICKS_PER_DAY, Instant, SqlType
from tds.decoding import read_value
from tds.encoding import encoder, type_info


MINUTE = 600_000_000
FIRST_MINUTE = 693_595 * 1440 * MINUTE  # 1900-01-01
LAST_TICK = 3_652_059 * TICKS_PER_DAY - 1
WIDE_TEXT = some.text(some.characters(exclude_categories=[]), max_size=30)  # halves of surrogate pairs too
TEXT = some.text(some.characters(exclude_categories=["Cs"]), max_size=30)


def whole(bits):
    return some.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


def decimals(precision, scale):
    digits = some.integers(-(10**precision) + 1, 10**precision - 1)
    return digits.map(lambda number: Decimal(number).scaleb(-scale) if number else Decimal(0))


def times(scale, most):
    unit = 10 ** (7 - scale)
    return some.integers(0, most // unit).map(lambda count: count * unit)


KINDS = {
    "bit": (SqlType("bit"), some.booleans()),
    "tinyint": (SqlType("tinyint"), some.integers(0, 255)),
    "smallint": (SqlType("smallint"), whole(16)),
    "int": (SqlType("int"), whole(32)),
    "bigint": (SqlType("bigint"), whole(64)),
    "real": (SqlType("real"), some.floats(width=32, allow_nan=False)),
    "float": (SqlType("float"), some.floats(allow_nan=False)),
    "decimal(5,2)": (SqlType("decimal", precision=5, scale=2), decimals(5, 2)),
    "decimal(19,0)": (SqlType("decimal", precision=19, scale=0), decimals(19, 0)),
    "numeric(28,5)": (SqlType("numeric", precision=28, scale=5), decimals(28, 5)),
    "money": (SqlType("money"), decimals(18, 4)),
    "smallmoney": (SqlType("smallmoney"), decimals(9, 4)),
    "varchar utf-8": (SqlType("varchar", 400, collation="Latin1_General_100_CI_AS_SC_UTF8"), TEXT),
    "varchar cp1252": (SqlType("varchar", 400), some.text("aé€ '\u00ff", max_size=20)),
    "varchar(max)": (SqlType("varchar", MAX), some.text("aé€ '\u00ff", max_size=20)),
    "nvarchar": (SqlType("nvarchar", 100), WIDE_TEXT),
    "nvarchar(max)": (SqlType("nvarchar", MAX), WIDE_TEXT),
    "nchar": (SqlType("nchar", 100), WIDE_TEXT),
    "xml": (SqlType("xml"), some.text("<a>é😀", max_size=20)),
    "varbinary": (SqlType("varbinary", 100), some.binary(max_size=100)),
    "varbinary(max)": (SqlType("varbinary", MAX), some.binary(max_size=100)),
    "uniqueidentifier": (SqlType("uniqueidentifier"), some.uuids()),
    "date": (SqlType("date"), some.integers(0, 3_652_058)),
    "smalldatetime": (
        SqlType("smalldatetime"),
        some.integers(0, 60_000).map(lambda n: FIRST_MINUTE + n * MINUTE),
    ),
}
for scale in range(8):
    KINDS[f"time({scale})"] = (SqlType("time", scale=scale), times(scale, TICKS_PER_DAY - 1))
    KINDS[f"datetime2({scale})"] = (SqlType("datetime2", scale=scale), times(scale, LAST_TICK))
    instants = some.builds(Instant, times(scale, LAST_TICK), some.integers(-840, 840))
    KINDS[f"datetimeoffset({scale})"] = (SqlType("datetimeoffset", scale=scale), instants)


@pytest.mark.parametrize("name", KINDS)
@settings(max_examples=30)
@given(data=some.data())
def test_what_is_encoded_reads_the_same(name, data):
    kind, values = KINDS[name]
    value = data.draw(some.none() | values)
    reader = Reader(type_info(kind) + encoder(kind)(value))
    read_kind, read = read_value(reader)
    assert (read_kind.name, read) == (kind.name, value)
    assert not reader


@given(some.integers(0, 3_652_058), some.integers(0, 300 * 86_400 - 1))
def test_a_datetime_is_a_whole_number_of_three_hundredths(day, units):
    kind = SqlType("datetime")
    ticks = day * TICKS_PER_DAY + round(units * 100_000 / 3)
    assert read_value(Reader(type_info(kind) + encoder(kind)(ticks)))[1] == ticks


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (SqlType("decimal", precision=5, scale=2), Decimal(1000)),
        (SqlType("decimal", precision=5, scale=2), Decimal("0.001")),
        (SqlType("money"), Decimal("0.00001")),
        (SqlType("decimal", precision=38, scale=0), Decimal("1E38")),
    ],
)
def test_a_value_that_its_type_has_not_is_refused(kind, value):
    with pytest.raises(ValueError, match=r"does not fit|more than"):
        encoder(kind)(value)


def test_a_message_that_ends_too_early_is_refused():
    with pytest.raises(ValueError, match="the message ends at byte"):
        read_value(Reader(b"\xe7\x10"))


@pytest.mark.parametrize("broken", [SqlType("vector"), SqlType("varchar", 5, collation="Klingon_CI_AS")])
def test_a_type_that_the_wire_has_not_is_refused(broken):
    with pytest.raises(LookupError, match="the test server"):
        type_info(broken)
