"""Hash ids: what is hashed, exactly, and that nothing else has a say in it."""

# ruff: noqa: DTZ001 - moments without a zone are part of what is tested
from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygge_core.polish import Polish
from hygge_core.polish.config import HashIdConfig, PolishConfig
from hygge_core.polish.refusal import PolishError


NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
BERLIN_SUMMER = timezone(timedelta(hours=2))


def _polish(schema, columns, *, as_hex=True):
    hashed = HashIdConfig(name="hash_id", from_columns=tuple(columns), hex=as_hex)
    return Polish.compile(PolishConfig(hash_ids=(hashed,)), pl.Schema(schema), now=NOW)


def _hashes(frame, *columns, as_hex=True):
    polish = _polish(frame.schema, columns or frame.columns, as_hex=as_hex)
    return polish.apply(frame)["hash_id"].to_list()


def _sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("value", "dtype", "text"),
    [
        (0, pl.Int8, "0"),
        (-128, pl.Int8, "-128"),
        (-(2**63), pl.Int64, "-9223372036854775808"),
        (2**64 - 1, pl.UInt64, "18446744073709551615"),
        (2**127 - 1, pl.Int128, "170141183460469231731687303715884105727"),
        (Decimal("-0.05"), pl.Decimal(10, 2), "-0.05"),
        (Decimal("1.5"), pl.Decimal(38, 4), "1.5000"),
        (Decimal(7), pl.Decimal(9, 0), "7"),
        (True, pl.Boolean, "true"),
        (False, pl.Boolean, "false"),
        ("", pl.String, "0:"),
        ("hello", pl.String, "5:hello"),
        ("straße", pl.String, "7:straße"),
        ("😀;null", pl.String, "9:😀;null"),
        ("a\x00b", pl.String, "3:a\x00b"),
        ("x", pl.Categorical, "1:x"),
        ("x", pl.Enum(["x"]), "1:x"),
        (b"", pl.Binary, ""),
        (b"\x00\xff;", pl.Binary, "00ff3b"),
        (date(1, 1, 1), pl.Date, "0001-01-01"),
        (date(9999, 12, 31), pl.Date, "9999-12-31"),
        (time(0, 0), pl.Time, "00:00:00.000000000"),
        (time(23, 59, 59, 999999), pl.Time, "23:59:59.999999000"),
        (datetime(2024, 2, 29, 12, 0, 0, 5000), pl.Datetime("ms"), "2024-02-29T12:00:00.005000000"),
        (datetime(1969, 12, 31, 23, 59, 59, 999999), pl.Datetime("us"), "1969-12-31T23:59:59.999999000"),
        (datetime(2024, 2, 29), pl.Datetime("ns"), "2024-02-29T00:00:00.000000000"),
        (datetime(2024, 7, 1, 14, tzinfo=BERLIN_SUMMER), pl.Datetime("us", "UTC"), "2024-07-01T12:00:00.000000000Z"),
        (
            datetime(2024, 7, 1, 14, tzinfo=BERLIN_SUMMER),
            pl.Datetime("us", "Europe/Berlin"),
            "2024-07-01T12:00:00.000000000Z",
        ),
        (None, pl.Null, "null"),
        *(
            (None, dtype, "null")
            for dtype in (pl.Int32, pl.String, pl.Binary, pl.Boolean, pl.Date, pl.Decimal(5, 1), pl.Datetime("us"))
        ),
    ],
)
def test_each_dtype_has_one_text(value, dtype, text):
    assert _hashes(pl.DataFrame({"x": pl.Series([value], dtype=dtype)})) == [_sha(text)]


def test_nanoseconds_are_hashed_to_the_last():
    moments = pl.Series([1, 2]).cast(pl.Datetime("ns"))
    clocks = pl.Series([1, 2]).cast(pl.Time)

    assert _hashes(pl.DataFrame({"x": moments}))[1] == _sha("1970-01-01T00:00:00.000000002")
    assert _hashes(pl.DataFrame({"x": clocks}))[1] == _sha("00:00:00.000000002")


def test_golden_vectors_never_change():
    frame = pl.DataFrame(
        {
            "id": pl.Series([1, -42, None], dtype=pl.Int64),
            "line": pl.Series([7, 0, None], dtype=pl.Int32),
            "text": ["häß;lich", "", None],
        }
    )

    assert _hashes(frame) == [
        "20be3dd5fcb509485756b183e31cbfd2a6eb4717f2a7b7f92d2a6f7181ecdb34",
        "f54cb130bc5b569cf27ac97bf83db2293c6bf3979dbbff40766bb585ecc30cdd",
        "f07fd90eccb6876fe418c6c076d9bdf8bd3dd4fc9f5a9db01b84de33f68ec34a",
    ]
    assert _hashes(frame, "text")[1:] == [
        "ba768b331fd86cec803be04e56ab2b3d4c0e98ef4ee4fcd4e72ad7cce61a1d1f",
        "74234e98afe7498fb5daf1f36ac2d78acc339464f950703b8c019892f982b90b",
    ]


def test_binary_and_hexadecimal_say_the_same():
    frame = pl.DataFrame({"a": [1, None], "b": ["x", "y"]})

    assert [digest.hex() for digest in _hashes(frame, as_hex=False)] == _hashes(frame)
    assert _polish(frame.schema, ["a"], as_hex=False).schema["hash_id"] == pl.Binary
    assert all(len(digest) == 32 for digest in _hashes(frame, as_hex=False))


def test_defect_12_values_that_were_once_joined_alike_differ():
    frame = pl.DataFrame({"a": ["x|y", "x", "x;1:y", "x"], "b": ["z", "y|z", "z", "y;1:z"]})

    assert len(set(_hashes(frame))) == 4


def test_defect_12_null_empty_text_and_the_word_null_differ():
    assert len(set(_hashes(pl.DataFrame({"a": [None, "", "null", "4:null"]})))) == 4
    assert len(set(_hashes(pl.DataFrame({"a": [None, ""], "b": ["", None]})))) == 2


def test_the_order_of_the_columns_counts():
    frame = pl.DataFrame({"a": ["x"], "b": ["y"]})

    assert _hashes(frame, "a", "b") != _hashes(frame, "b", "a")


def test_a_wider_integer_or_another_unit_keeps_the_hash():
    numbers = pl.Series("x", [1, None, 100])
    moments = pl.Series("x", [datetime(2024, 1, 2, 3, 4, 5, 6000), None])

    assert len({tuple(_hashes(numbers.cast(t).to_frame())) for t in (pl.Int8, pl.UInt16, pl.Int64, pl.Int128)}) == 1
    assert len({tuple(_hashes(moments.cast(pl.Datetime(u)).to_frame())) for u in ("ms", "us", "ns")}) == 1


@pytest.mark.parametrize(
    "dtype",
    [pl.Float32, pl.Float64, pl.Duration("us"), pl.List(pl.Int8), pl.Array(pl.Int8, 2), pl.Struct({"a": pl.Int8})],
)
def test_dtypes_without_one_exact_text_are_refused_by_name(dtype):
    with pytest.raises(
        PolishError, match=r"polish\.hash_ids\['hash_id'\]: column 'price' of dtype .* has no exact text"
    ):
        _polish({"price": dtype}, ["price"])


def test_a_missing_column_is_refused_and_never_skipped():
    with pytest.raises(PolishError, match=r"has no column 'Nmae'; did you mean 'Name'\?"):
        _polish({"Name": pl.String}, ["Name", "Nmae"])


def test_hashing_nothing_or_one_column_twice_is_refused():
    with pytest.raises(PolishError, match="nothing to hash"):
        _polish({"a": pl.Int8}, [])
    with pytest.raises(PolishError, match="'a' is named twice"):
        _polish({"a": pl.Int8}, ["a", "a"])


_VALUES = {
    "i": (pl.Int64, st.integers(-(2**63), 2**63 - 1), str),
    "h": (pl.Int128, st.integers(-(2**127), 2**127 - 1), str),
    "s": (pl.String, st.text() | st.text(alphabet=";:n0123ul|", max_size=6), lambda v: f"{len(v.encode())}:{v}"),
    "x": (pl.Binary, st.binary(max_size=80), bytes.hex),
    "n": (
        pl.Decimal(20, 3),
        st.decimals(-(10**16), 10**16, places=3, allow_nan=False),
        lambda v: f"{v + 0:.3f}",
    ),
    "b": (pl.Boolean, st.booleans(), lambda v: str(v).lower()),
    "d": (pl.Date, st.dates(), date.isoformat),
    "w": (pl.Datetime("us"), st.datetimes(), lambda v: v.isoformat(timespec="microseconds") + "000"),
    "z": (
        pl.Datetime("us", "America/New_York"),
        st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(UTC)),
        lambda v: v.replace(tzinfo=None).isoformat(timespec="microseconds") + "000Z",
    ),
    "t": (pl.Time, st.times(), lambda v: v.isoformat(timespec="microseconds") + "000"),
}
ROWS = st.lists(st.tuples(*(st.none() | values for _, values, _ in _VALUES.values())), min_size=1, max_size=12)


def _frame(rows):
    return pl.DataFrame(rows, schema={name: dtype for name, (dtype, _, _) in _VALUES.items()}, orient="row")


def _text(row):
    pieces = (
        "null" if value is None else write(value) for value, (_, _, write) in zip(row, _VALUES.values(), strict=True)
    )
    return ";".join(pieces)


@given(ROWS)
def test_any_row_hashes_to_the_digest_of_its_documented_text(rows):
    assert _hashes(_frame(rows)) == [_sha(_text(row)) for row in rows]


@given(ROWS, st.integers(1, 5))
def test_batches_chunks_and_the_streaming_engine_make_no_difference(rows, size):
    frame = _frame(rows)
    polish = _polish(frame.schema, frame.columns)
    whole = polish.apply(frame)
    batches = [polish.apply(frame[at : at + size]) for at in range(0, len(frame), size)]
    chunked = pl.concat([frame[at : at + size] for at in range(0, len(frame), size)], rechunk=False)

    assert pl.concat(batches).equals(whole)
    assert polish.apply(chunked).equals(whole)
    assert polish.apply(chunked.lazy()).collect(engine="streaming").equals(whole)


_TRICKY = st.none() | st.text(alphabet=";:01null|\x00é", max_size=5)


@given(st.lists(st.tuples(_TRICKY, _TRICKY, st.none() | st.integers(-2, 12)), min_size=2, max_size=30))
def test_hashes_are_equal_exactly_where_rows_are(rows):
    frame = pl.DataFrame(rows, schema={"a": pl.String, "b": pl.String, "c": pl.Int64}, orient="row")
    hashes = _hashes(frame)

    assert len(set(zip(rows, hashes, strict=True))) == len(set(rows)) == len(set(hashes))
