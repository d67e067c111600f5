from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hygge_core import HomeError


def lines(*values):
    return "".join(value if isinstance(value, str) else json.dumps(value) + "\n" for value in values)


def test_types_come_from_every_line(table):
    frame = table("ndjson", {"a.ndjson": lines(*[{"a": 1}] * 30_000, {"a": 1.5, "b": "x"})})
    assert frame.schema == {"a": pl.Float64, "b": pl.String}
    assert frame.row(-1) == (1.5, "x")
    assert frame["b"].null_count() == 30_000


def test_nested_objects_and_lists_are_kept_whole(table):
    values = [{"a": {"b": 1}, "l": [1, None]}, {"a": {"c": ["x"]}, "l": []}, {"a": None}, {"l": [2.5]}]
    frame = table("ndjson", {"a.ndjson": lines(*values)})
    assert frame.schema == {"a": pl.Struct({"b": pl.Int64, "c": pl.List(pl.String)}), "l": pl.List(pl.Float64)}
    assert frame["l"].to_list() == [[1.0, None], [], None, [2.5]]
    assert frame["a"].to_list()[:2] == [{"b": 1, "c": None}, {"b": None, "c": ["x"]}]


def test_nulls_and_empty_objects_alone_are_text(table):
    frame = table("ndjson", {"a.ndjson": lines({"a": None, "b": {}, "c": []})})
    assert frame.schema == {"a": pl.String, "b": pl.String, "c": pl.List(pl.String)}


@pytest.mark.parametrize("other", ["x", True, [1], {"b": 1}])
def test_kinds_that_do_not_mix_name_both_lines(read, other):
    files = {"a.ndjson": lines(*[{"a": 1}] * 3, {"a": other})}
    with pytest.raises(HomeError) as caught:
        read("ndjson", files)
    assert caught.value.where.endswith("a.ndjson:4")
    assert "a.ndjson:1" in caught.value.what
    nested = {"a.ndjson": lines({"q": {"a": [1]}}, {"q": {"a": [other]}})}
    with pytest.raises(HomeError, match=r"'q\.a\[\]'"):
        read("ndjson", nested)


def test_a_column_declared_as_text_takes_any_value(table):
    values = [{"a": 1}, {"a": "x"}, {"a": {"b": [1, 2]}}, {"a": True}, {"a": None}]
    frame = table("ndjson", {"a.ndjson": lines(*values)}, columns={"a": "string"})
    assert [json.loads(text) if text not in {"x", None} else text for text in frame["a"]] == [
        1,
        "x",
        {"b": [1, 2]},
        True,
        None,
    ]


def test_declared_types(table):
    value = {"i": 7, "d": "2020-01-31", "t": "2020-01-31T10:00:00Z", "m": 1.25, "c": "10:00:00", "f": 3, "b": True}
    columns = {
        "i": "int8",
        "d": "date",
        "t": "datetime[us, UTC]",
        "m": "decimal(10,2)",
        "c": "time",
        "f": "float64",
        "b": "boolean",
    }
    frame = table("ndjson", {"a.ndjson": lines(value, {"m": "-3.5", "x": 1.5})}, columns=columns)
    assert frame.row(0, named=True)["m"] == Decimal("1.25")
    assert frame.row(1, named=True)["m"] == Decimal("-3.50")
    assert frame.schema["i"] == pl.Int8
    assert frame.row(0, named=True)["c"] == dt.time(10)
    assert frame.row(0, named=True)["f"] == 3.0
    assert frame.row(0, named=True)["b"] is True


BAD_VALUES = [("int8", 300), ("int64", 1.5), ("int64", "x"), ("boolean", 1), ("date", "31.1.2020"), ("float64", [1])]


@pytest.mark.parametrize(("dtype", "value"), [*BAD_VALUES, ("decimal(4,2)", 1.255), ("decimal(4,2)", 123.0)])
def test_a_value_that_does_not_fit_fails_with_file_line_column_and_value(read, rows_of, dtype, value):
    files = {"a.ndjson": lines({"n": 1, "v": None}, "\n", {"n": 2, "v": value}, {"n": 3})}
    with pytest.raises(HomeError, match=r"a\.ndjson:3: column 'v'"):
        read("ndjson", files, columns={"v": dtype})
    skipped = read("ndjson", files, columns={"v": dtype}, bad_rows="skip")
    assert rows_of(skipped) == [(1, None), (3, None)]
    assert "1 bad rows" in skipped.warnings()[0]
    nulled = read("ndjson", files, columns={"v": dtype}, bad_rows="null")
    assert rows_of(nulled) == [(1, None), (2, None), (3, None)]


@pytest.mark.parametrize(
    "line",
    [
        '{"a":1',
        '{"a":1}{"a":2}',
        '{"a":1},',
        "[1]",
        "5",
        '{"a":NaN}',
        '{"a":1e999}',
        '{"s":"\\ud800"}',
        "x" * 10_000,
        '{"s":"\xff"}',
        '{"s":"a\tb"}',
        '{"a":"x","a":1}',
        '{"a" :1,"a":2}',
        '{"o":{"b":1,"b":2}}',
        "[" * 100_000,
    ],
)
def test_a_broken_line_is_a_bad_row(read, rows_of, line):
    bad = line.encode("latin-1") if "\xff" in line else line.encode()
    files = {"a.ndjson": b'{"a":1}\n' + bad + b'\n{"a":2}'}
    with pytest.raises(HomeError, match=r"a\.ndjson:2: "):
        read("ndjson", files)
    for policy in ("skip", "null"):
        reading = read("ndjson", files, bad_rows=policy)
        assert rows_of(reading) == [(1,), (2,)]
        assert "a.ndjson:2" in reading.warnings()[0]


def test_integers_beyond_64_bits_must_be_declared(read, table):
    files = {"a.ndjson": lines({"a": 1}, {"a": 2**63})}
    with pytest.raises(HomeError, match=r"a\.ndjson:2: column 'a' holds an integer beyond 64 bits"):
        read("ndjson", files)
    assert table("ndjson", files, columns={"a": "decimal(38, 0)"})["a"].to_list() == [1, 2**63]
    assert table("ndjson", {"b.ndjson": lines({"a": -(2**63)}, {"a": 2**63 - 1})})["a"].to_list() == [
        -(2**63),
        2**63 - 1,
    ]


def test_a_decimal_with_more_digits_than_the_number_keeps_is_refused(read):
    for number in ("1234567890123456789.25", "123456789012345.678"):
        with pytest.raises(HomeError, match=rf"a\.ndjson:1: .*{number}"):
            read("ndjson", {"a.ndjson": f'{{"a":{number}}}\n'}, columns={"a": "decimal(38, 3)"})


def test_blank_lines_windows_lines_byte_order_marks_and_encodings(table):
    content = '{"a":"é"}\r\n\r\n  \n{"a":"x"}'
    assert table("ndjson", {"a.ndjson": content.encode("utf-8-sig")})["a"].to_list() == ["é", "x"]
    assert table("ndjson", {"b.ndjson": content.encode("utf-16")}, encoding="utf-16")["a"].to_list() == ["é", "x"]


def test_no_lines(read, table):
    with pytest.raises(HomeError, match="columns are unknown"):
        read("ndjson", {"a.ndjson": ""})
    with pytest.raises(HomeError, match="columns are unknown"):
        read("ndjson", {"a.ndjson": "{}\n{}\n"})
    assert table("ndjson", {"a.ndjson": ""}, columns={"a": "date"}).schema == {"a": pl.Date}
    frame = table("ndjson", {"t/1.ndjson": "", "t/2.jsonl": '{"a":1}\n'}, path="t")
    assert frame.rows() == [(1,)]


def test_a_declared_column_that_never_comes_is_mentioned(read):
    reading = read("ndjson", {"a.ndjson": '{"a":1}\n'}, columns={"b": "int64"})
    assert reading.warnings() == ("column 'b' of 'columns' is in no line",)
    assert reading.schema == {"a": pl.Int64, "b": pl.Int64}


@pytest.mark.parametrize("name", ["a[1].ndjson", "{b}.ndjson", "we ird %20.ndjson", "q'uo😀.ndjson"])
def test_odd_file_names_are_literal(table, name):
    assert table("ndjson", {name: '{"^a.*$":1}\n'}).rows() == [(1,)]


VALUES = st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"]), max_size=5))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {
                "i": st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)),
                "f": st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)),
                "s": VALUES,
                "l": st.one_of(st.none(), st.lists(st.booleans(), max_size=3)),
                "o": st.fixed_dictionaries({"x": VALUES, "y": st.lists(st.integers(0, 9), max_size=2)}),
            }
        ),
        min_size=1,
        max_size=15,
    )
)
def test_what_the_json_module_writes_is_read_back(table, rows):
    frame = table("ndjson", {"a.ndjson": lines(*rows)})
    for name in ("i", "f", "s", "l", "o"):
        if any(row[name] is not None for row in rows):
            assert frame[name].to_list() == [row[name] for row in rows]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 10_000), byte=st.sampled_from([b"", b'"', b"\n", b"{", b"}", b"\xff", b"\\", b"0"]))
def test_corruption_is_an_error_or_leaves_the_other_rows_alone(read, rows_of, at, byte):
    data = lines(*({"id": number, "name": f"n{number}"} for number in range(20))).encode()
    at %= len(data)
    line = data[:at].count(b"\n")
    try:
        reading = read("ndjson", {"a.ndjson": data[:at] + byte + data[at + 1 :]}, columns={"id": "int64"})
    except HomeError as error:
        assert "a.ndjson:" in error.where  # noqa: PT017 - either outcome is allowed
        return
    expected = [(number, f"n{number}") for number in range(20)]
    found = [
        (row[reading.schema.names().index("id")], row[reading.schema.names().index("name")]) for row in rows_of(reading)
    ]
    assert found[:line] == expected[:line]
    assert found[len(found) - 20 + line + 2 :] == expected[line + 2 :]
