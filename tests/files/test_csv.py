from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import subprocess
import sys
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hygge_core import HomeError
from hygge_core.home import Explains, ReadRequest, Scans, Warns


def test_types_are_recognised_from_the_whole_file(table):
    text = "i,f,s,b,d,t,z\n1,1.5,x,true,2020-01-31,2020-01-31 10:00:00,2020-01-31T10:00:00Z\n"
    frame = table("csv", {"a.csv": text})
    assert frame.schema == {
        "i": pl.Int64,
        "f": pl.Float64,
        "s": pl.String,
        "b": pl.Boolean,
        "d": pl.Date,
        "t": pl.Datetime("us"),
        "z": pl.Datetime("us", "UTC"),
    }
    assert frame.row(0)[4:6] == (dt.date(2020, 1, 31), dt.datetime(2020, 1, 31, 10))  # noqa: DTZ001 - it has no zone


@pytest.mark.parametrize("last", ["x", "1.5", "9223372036854775808", "007", "+7", "2020-02-30"])
def test_a_value_in_the_last_row_decides_the_type(table, last):
    frame = table("csv", {"a.csv": "n\n" + "1\n" * 30_000 + f"{last}\n"})
    assert frame.schema["n"] == (pl.Float64 if last == "1.5" else pl.String)
    assert frame["n"][-1] == (1.5 if last == "1.5" else last)


@pytest.mark.parametrize(
    "text", ["007", "+4912", "01/02/2020", "1e999", "0x10", "1_000", " 7", "2020-02-30", "10:00:00"]
)
def test_what_would_not_survive_a_round_trip_stays_text(table, text):
    assert table("csv", {"a.csv": f"n,m\n{text},1\n"})["n"].to_list() == [text]


def test_types_are_inferred_over_all_files_together(table):
    frame = table("csv", {"t/1.csv": "n\n1\n", "t/2.csv": "n\nx\n"}, path="t")
    assert frame["n"].to_list() == ["1", "x"]


def test_a_column_without_values_is_text(table):
    assert table("csv", {"a.csv": 'a,b\n,""\n,\n'}).schema == {"a": pl.String, "b": pl.String}


def test_empty_is_null_and_quoted_empty_is_empty_text(table):
    assert table("csv", {"a.csv": 'a,b\n1,""\n,\n"",x\n'}).rows() == [(1, ""), (None, None), (None, "x")]


def test_inference_can_be_turned_off(table):
    assert table("csv", {"a.csv": "a,b\n1,true\n"}, infer="strings").rows() == [("1", "true")]


def test_declared_types_are_obeyed_and_the_rest_is_inferred(table):
    columns = {"a": "int8", "c": "decimal(10, 2)", "d": "datetime[ms, Europe/Berlin]", "e": "time", "f": "string"}
    frame = table("csv", {"a.csv": "a,b,c,d,e,f\n7,8,1.50,2020-01-01T00:00:00Z,10:30:00,9\n"}, columns=columns)
    assert frame.dtypes == [
        pl.Int8,
        pl.Int64,
        pl.Decimal(10, 2),
        pl.Datetime("ms", "Europe/Berlin"),
        pl.Time,
        pl.String,
    ]
    assert frame.row(0)[2] == Decimal("1.50")


BAD = [
    ("int64", "x"),
    ("int8", "300"),
    ("int64", "1.0"),
    ("float64", "1e999"),
    ("float64", "1,5"),
    ("boolean", "1"),
    ("date", "2020-13-01"),
    ("date", "01/02/2020"),
    ("datetime", "2020-01-01T10:00:00Z"),
    ("datetime", "2020-01-01 10:00:00.1234567"),
    ("datetime[us, UTC]", "2020-01-01 10:00:00"),
    ("time", "25:00:00"),
    ("decimal(10, 2)", "1.255"),
    ("decimal(4, 2)", "123.4"),
    ("decimal(4, 2)", "1e2"),
]


@pytest.mark.parametrize(("dtype", "value"), BAD)
def test_a_value_that_does_not_fit_fails_with_file_line_column_and_value(table, dtype, value):
    text = f'id,v\n1,\n\n2,"{value}"\n'
    with pytest.raises(HomeError) as caught:
        table("csv", {"a.csv": text}, columns={"v": dtype})
    assert caught.value.where.endswith("a.csv:4")
    assert repr(value) in caught.value.what
    assert "'v'" in caught.value.what
    assert dtype in caught.value.what


@pytest.mark.parametrize(("dtype", "value"), BAD)
def test_bad_values_are_skipped_or_nulled_only_when_asked(read, rows_of, dtype, value):
    files = {"a.csv": f'id,v\n1,\n2,"{value}"\n3,\n'}
    skipped = read("csv", files, columns={"v": dtype}, bad_rows="skip")
    assert [row[0] for row in rows_of(skipped)] == [1, 3]
    assert isinstance(skipped, Warns)
    assert "1 bad rows" in skipped.warnings()[0]
    assert "a.csv:3" in skipped.warnings()[0]
    nulled = read("csv", files, columns={"v": dtype}, bad_rows="null")
    assert rows_of(nulled) == [(1, None), (2, None), (3, None)]
    assert "a.csv:3" in nulled.warnings()[0]


@pytest.mark.parametrize("line", ["2", "2,y", "2,y,3,4", "2,y,3,", '2,"y,3"'])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_ragged_lines_are_bad_rows(read, rows_of, line, at):
    good = ["1,x,1.5", "3,z,2.5"]
    lines = [*good[:at], line, *good[at:]]
    files = {"a.csv": "\n".join(["a,b,c", *lines])}
    with pytest.raises(HomeError) as caught:
        read("csv", files)
    assert caught.value.where.endswith(f"a.csv:{at + 2}")
    assert "instead of 3" in caught.value.what
    assert rows_of(read("csv", files, bad_rows="skip")) == [(1, "x", 1.5), (3, "z", 2.5)]
    nulled = rows_of(read("csv", files, bad_rows="null"))
    assert len(nulled) == 3
    assert nulled[at][0] == 2


def test_a_short_row_and_a_comment_cannot_hide_each_other(read):
    with pytest.raises(HomeError, match=r"a\.csv:3"):
        read("csv", {"a.csv": "a,b,c\n1,2,3\n1\n#,,\n"}, comment="#")


def test_a_short_row_and_a_null_value_cannot_hide_each_other(read):
    with pytest.raises(HomeError, match=r"a\.csv:3"):
        read("csv", {"a.csv": 'a,b,c\n"n,a",2,3\n1,2\n'}, null_values=("n,a",))


def test_blank_lines_are_no_rows_unless_there_is_one_column(table):
    assert table("csv", {"a.csv": "\na,b\n\n1,2\n\n\n3,4\n\n"}).rows() == [(1, 2), (3, 4)]
    assert table("csv", {"b.csv": "a\n\n1\n\n"}).rows() == [(None,), (1,), (None,)]


def test_line_numbers_are_physical(read):
    text = 'a,b\r\n1,"x\r\ny\r\nz"\r\n#c\r\nq,2\r\n'
    with pytest.raises(HomeError, match=r"a\.csv:6: column 'a': 'q'"):
        read("csv", {"a.csv": text}, columns={"a": "int64"}, comment="#")
    with pytest.raises(HomeError, match=r"a\.csv:8"):
        read("csv", {"a.csv": "junk\njunk,\n" + text}, columns={"a": "int64"}, comment="#", skip_rows=2)


@pytest.mark.parametrize("text", ['a,b\n1,"x"y\n', 'a,b\n1,"x\n2,y\n', 'a,b\n1,x"y\n2,z\n', 'a,b\n1,"x', "a,b\r1,2\r"])
@pytest.mark.parametrize("policy", ["fail", "skip", "null"])
def test_broken_quoting_is_refused_whatever_the_policy(read, text, policy):
    with pytest.raises(HomeError, match=r"a\.csv:"):
        read("csv", {"a.csv": text}, bad_rows=policy)


def test_a_stray_quote_far_from_another_does_not_swallow_rows(read, rows_of):
    text = "a,b\n" + "1,x\n" * 50 + '2,5" disk\n' + "3,x\n" * 50 + '4,3" disk\n' + "5,x\n"
    with pytest.raises(HomeError, match=r"a\.csv:52"):
        read("csv", {"a.csv": text})
    assert len(rows_of(read("csv", {"a.csv": text}, quote=""))) == 103


def test_separator_quote_comment_null_values_and_decimal_comma(table):
    text = "# made by hand\na;b;c\n1,5;'x;y';NA\n-2,25;z;7\n"
    frame = table(
        "csv", {"a.csv": text}, separator=";", quote="'", comment="#", null_values=("NA",), decimal_comma=True
    )
    assert frame.rows() == [(1.5, "x;y", None), (-2.25, "z", 7)]
    assert frame.dtypes == [pl.Float64, pl.String, pl.Int64]
    declared = table("csv", {"b.csv": "a\n1,25\n"}, separator=";", decimal_comma=True, columns={"a": "decimal(5,2)"})
    assert declared.rows() == [(Decimal("1.25"),)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "latin-1"])
def test_encodings(table, encoding):
    text = 'ä,b\n1,"café\nñ"\n2,\n'
    frame = table("csv", {"a.csv": text.encode(encoding)}, encoding=encoding)
    assert frame.columns == ["ä", "b"]
    assert frame.rows() == [(1, "café\nñ"), (2, None)]


def test_a_byte_order_mark_is_not_part_of_a_name(table):
    marked = codecs.BOM_UTF16_LE + "a,b\n1,2\n".encode("utf-16-le")
    assert table("csv", {"c.csv": marked}, encoding="utf-16-le").columns == ["a", "b"]
    assert table("csv", {"a.csv": codecs.BOM_UTF8 + b'"a",b\n1,2\n'}).columns == ["a", "b"]
    frame = table("csv", {"b.csv": codecs.BOM_UTF8 + b"1,2\n"}, header=False)
    assert frame.rows() == [(1, 2)]


def test_bytes_of_another_encoding_are_an_error_with_their_line(read):
    with pytest.raises(HomeError, match=r"a\.csv:3: the bytes e9 are not utf-8"):
        read("csv", {"a.csv": b"a,b\n1,x\n2,caf\xe9\n"})
    with pytest.raises(HomeError, match=r"b\.csv:3: the bytes 81 are not cp1252"):
        read("csv", {"b.csv": b"a,b\n1,x\n2,caf\x81\n"}, encoding="cp1252")


def test_files_without_a_header_get_names(table):
    assert table("csv", {"a.csv": "1,x\n"}, header=False).columns == ["column_1", "column_2"]
    assert table("csv", {"a.csv": "1,x\n"}, header=False, names=("id", "name")).rows() == [(1, "x")]
    assert table("csv", {"a.csv": ",a\n1,x\n"}, names=("id", "name")).columns == ["id", "name"]


@pytest.mark.parametrize(
    ("text", "message"),
    [("a,a\n1,2\n", "two columns"), ("a,\n1,2\n", "column 2 has no name"), (",b\n", "column 1 has no name")],
)
def test_headers_must_name_each_column_once(read, text, message):
    with pytest.raises(HomeError, match=message):
        read("csv", {"a.csv": text})
    with pytest.raises(HomeError, match="'names' gives 3"):
        read("csv", {"a.csv": text}, names=("a", "b", "c"))


def test_names_with_a_meaning_in_polars_are_just_names(table):
    text = "^.*$,*,a b,😀,rows,q.r\n1,2,3,4,5,6\n"
    frame = table("csv", {"a.csv": text}, columns={"*": "string"})
    assert frame.columns == ["^.*$", "*", "a b", "😀", "rows", "q.r"]
    assert frame.row(0) == (1, "2", 3, 4, 5, 6)


def test_files_with_other_headers_are_united_by_name(read, table):
    files = {"t/1.csv": "a,b\n1,2\n", "t/2.csv": "b,a\n4,3\n", "t/3.csv": "a,b\n5,6\n"}
    assert table("csv", files, path="t").rows() == [(1, 2), (3, 4), (5, 6)]
    files["t/2.csv"] = "a\n3\n"
    with pytest.raises(HomeError, match=r"2\.csv: lacks columns of the table: 'b'"):
        read("csv", files, path="t")
    assert table("csv", files, path="t", missing_columns="null").rows() == [(1, 2), (3, None), (5, 6)]
    files["t/2.csv"] = "a,b,c\n3,4,x\n"
    with pytest.raises(HomeError, match=r"2\.csv: has columns that .*1\.csv does not have: 'c'"):
        read("csv", files, path="t")
    assert table("csv", files, path="t", extra_columns="ignore").columns == ["a", "b"]
    added = table("csv", files, path="t", extra_columns="add", missing_columns="null")
    assert added.rows() == [(1, 2, None), (3, 4, "x"), (5, 6, None)]


def test_a_declared_column_must_be_there(read):
    with pytest.raises(HomeError, match="lacks columns of the table: 'nmae'"):
        read("csv", {"a.csv": "name\nx\n"}, columns={"nmae": "string"})


def test_empty_files_and_files_of_a_header_only(read, rows_of, table):
    assert table("csv", {"h.csv": "a,b\n"}).shape == (0, 2)
    assert table("csv", {"h.csv": "a,b"}, columns={"a": "date"}).schema == {"a": pl.Date, "b": pl.String}
    among = read("csv", {"t/1.csv": "", "t/2.csv": "a\n1\n", "t/3.csv": "\n\n"}, path="t")
    assert rows_of(among) == [(1,)]
    assert [warning.split("/")[-1] for warning in among.warnings()] == ["1.csv is empty", "3.csv is empty"]
    with pytest.raises(HomeError, match="columns are unknown"):
        read("csv", {"e.csv": ""})
    assert table("csv", {"e.csv": ""}, columns={"a": "int64"}).schema == {"a": pl.Int64}


def test_two_thousand_columns(table):
    names = [f"c{number}" for number in range(2000)]
    frame = table("csv", {"a.csv": ",".join(names) + "\n" + ",".join(["1"] * 1999 + ["x"]) + "\n"})
    assert frame.columns == names
    assert frame.row(0) == (1,) * 1999 + ("x",)


def test_a_very_long_field_is_read(table):
    assert table("csv", {"a.csv": "a,b\n1," + "x" * 3_000_000 + "\n"})["b"].str.len_chars().to_list() == [3_000_000]


def test_fields_longer_than_the_csv_module_likes_do_not_stop_the_search_for_a_bad_row(read):
    with pytest.raises(HomeError, match=r"a\.csv:3"):
        read("csv", {"a.csv": "a,b\n1," + "x" * 300_000 + "\n2\n"})


def test_a_reading_has_the_abilities_it_should(read):
    reading = read("csv", {"a.csv": "a\n1\n"})
    assert isinstance(reading, Scans)
    assert isinstance(reading, Warns)
    assert isinstance(reading, Explains)
    assert reading.warnings() == ()


def test_batches_stay_near_the_size_asked_for(read):
    text = "a,b\n" + "".join(f"{number},{'x' * 90}\n" for number in range(30_000))
    reading = read("csv", {"a.csv": text}, request=ReadRequest(entity="e", batch_bytes=200_000))
    batches = list(reading.batches())
    assert all(batch.schema == reading.schema for batch in batches)
    assert pl.concat(batches)["a"].to_list() == list(range(30_000))
    assert max(batch.estimated_size() for batch in batches) < 400_000
    assert len(batches) > 10


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=8)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(st.integers(-(2**63), 2**63 - 1), TEXT.filter(bool), st.booleans()), min_size=1, max_size=20
    ),
    separator=st.sampled_from(",;\t|:"),
    quote=st.sampled_from("\"'"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32-be"]),
    newline=st.sampled_from(["\n", "\r\n"]),
)
def test_what_the_csv_module_writes_is_read_back(  # noqa: PLR0913, PLR0917 - one argument for each thing that varies
    table, rows, separator, quote, encoding, newline
):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, quotechar=quote, lineterminator=newline)
    writer.writerows([("n", "s", "b"), *rows])
    frame = table(
        "csv",
        {"a.csv": text.getvalue().encode(encoding)},
        separator=separator,
        quote=quote,
        encoding=encoding,
        columns={"s": "string"},
    )
    assert frame.rows() == rows


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(
            st.one_of(st.none(), st.floats(allow_nan=False)),
            st.one_of(st.none(), TEXT),
            st.one_of(st.none(), st.datetimes(dt.datetime(1, 1, 1), dt.datetime(9999, 1, 1))),  # noqa: DTZ001
            st.one_of(st.none(), st.dates()),
        ),
        max_size=20,
    )
)
def test_what_polars_writes_is_read_back(table, rows):
    schema = {"f": pl.Float64, "s": pl.String, "t": pl.Datetime("us"), "d": pl.Date}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    columns = {"f": "float64", "s": "string", "t": "datetime", "d": "date"}
    assert table("csv", {"a.csv": frame.write_csv().encode()}, columns=columns).rows() == frame.rows()


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 399), byte=st.sampled_from([b"", b",", b'"', b"\n", b"\xff", b"x", b"-"]), keep=st.booleans())
def test_corruption_is_an_error_or_leaves_the_other_rows_alone(read, rows_of, at, byte, keep):
    good = "id,name,amount\n" + "".join(f'{number:03},"name, {number}",{number}.5\n' for number in range(20))
    data = good.encode()
    at = 15 + at % (len(data) - 15)
    line = data[:at].count(b"\n") - 1
    columns = {"id": "int64", "name": "string", "amount": "float64"}
    try:
        reading = read("csv", {"a.csv": data[:at] + byte + data[at + keep :]}, columns=columns)
    except HomeError as error:
        assert "a.csv:" in error.where  # noqa: PT017 - either outcome is allowed
        return
    expected = [(number, f"name, {number}", number + 0.5) for number in range(20)]
    found = rows_of(reading)
    assert found[:line] == expected[:line]
    tail = expected[line + 2 :]
    assert not tail or found[-len(tail) :] == tail


def test_the_first_bad_row_stops_the_table_and_the_first_three_are_shown(read, rows_of):
    lines = [f"{number},{'x' if number % 10 == 7 else number}" for number in range(100)]
    lines[4] = "4"
    files = {"a.csv": "\n".join(["a,b", *lines])}
    with pytest.raises(HomeError, match=r"a\.csv:6: the row has 1 fields"):
        read("csv", files, columns={"b": "int64"})
    reading = read("csv", files, columns={"b": "int64"}, bad_rows="skip")
    assert len(rows_of(reading)) == 89
    assert "11 bad rows" in reading.warnings()[0]
    assert [f"a.csv:{line}" in reading.warnings()[0] for line in (6, 9, 19, 29)] == [True, True, True, False]


def test_a_quote_that_is_never_closed_does_not_fill_the_memory(read):
    text = 'a,b\n1,"' + ("x" * 99 + "\n") * 700_000
    with pytest.raises(HomeError, match=r"a\.csv:2: a record is longer than .* bytes; a quote may never be closed"):
        read("csv", {"a.csv": text})


def test_bad_rows_are_found_in_any_of_many_files_and_chunks(read, rows_of):
    files = {f"t/{part}.csv": "a,b\n" + "".join(f"{number},x\n" for number in range(25_000)) for part in range(3)}
    files["t/1.csv"] += "oops\n"
    with pytest.raises(HomeError, match=r"1\.csv:25002"):
        read("csv", files, path="t")
    assert len(rows_of(read("csv", files, path="t", bad_rows="skip"))) == 75_000


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="resource is not there")
def test_memory_stays_bounded_when_a_large_file_is_surveyed_and_read(tmp_path):
    script = """
import resource, sys
from pathlib import Path
from hygge_core.home import ReadRequest
from hygge_core.plugin import Context
from hygge_home_files.plugin import hygge_homes
home = next(home for home in hygge_homes() if home.name == "csv")
context = Context(project=Path(sys.argv[1]), connections=None, memory=1 << 28, log=None)
reading = home.open(home.config(path=sys.argv[2]), context).read(ReadRequest(entity="e", batch_bytes=1 << 20))
print(sum(batch.height for batch in reading.batches()), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
    rows = {}
    peaks = {}
    for name, count in {"small": 4_000_000, "large": 16_000_000}.items():
        with (tmp_path / name).open("w", encoding="utf-8") as out:
            out.write("a,b,c\n")
            out.writelines(f"{number},text {number},{number}.5\n" for number in range(count))
        found = subprocess.run(
            [sys.executable, "-c", script, str(tmp_path), name], check=True, capture_output=True, text=True
        )
        rows[name], peaks[name] = map(int, found.stdout.split())
    assert rows == {"small": 4_000_000, "large": 16_000_000}
    assert peaks["large"] < peaks["small"] * 1.5
