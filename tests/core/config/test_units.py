from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygge_core.config.durations import parse_duration, write_duration
from hygge_core.config.sizes import parse_size


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0B", 0),
        ("1B", 1),
        ("1kB", 1000),
        ("1KB", 1000),
        ("1KiB", 1024),
        ("512MiB", 512 * 1024**2),
        ("512mib", 512 * 1024**2),
        ("2GB", 2 * 10**9),
        ("2 GiB", 2 * 1024**3),
        ("1.5TiB", 3 * 1024**4 // 2),
        ("0.1kB", 100),
        ("3TB", 3 * 10**12),
    ],
)
def test_sizes_are_what_they_say(text, expected):
    assert parse_size(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "MiB",
        "1M",
        "1 M",
        "-1MB",
        "1,5MB",
        "1.MB",
        ".5MB",
        "1  MB",
        " 1MB",
        "1MB ",
        "1XB",
        "1e3B",
        "٣MB",
        "inf MB",
    ],
)
def test_what_is_no_size_is_refused(text):
    with pytest.raises(ValueError, match="not a size with a unit"):
        parse_size(text)


def test_part_of_a_byte_is_refused():
    with pytest.raises(ValueError, match="not a whole number of bytes"):
        parse_size("1.5B")


@given(st.integers(0, 2**60), st.sampled_from(["B", "kB", "MiB", "GB", "TiB"]))
def test_whole_sizes_are_exact(number, unit):
    factor = {"B": 1, "kB": 1000, "MiB": 1024**2, "GB": 1000**3, "TiB": 1024**4}[unit]
    assert parse_size(f"{number}{unit}") == number * factor


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("500ms", timedelta(milliseconds=500)),
        ("30s", timedelta(seconds=30)),
        ("15m", timedelta(minutes=15)),
        ("1.5h", timedelta(minutes=90)),
        ("1h30m", timedelta(minutes=90)),
        ("2d12h", timedelta(hours=60)),
        ("1w", timedelta(weeks=1)),
        ("0s", timedelta(0)),
    ],
)
def test_durations_are_what_they_say(text, expected):
    assert parse_duration(text) == expected


@pytest.mark.parametrize(
    "text", ["", "15", "m", "-1s", "1 h", "1h 30m", "1h1h", "1y", "1M", "1h30", "PT1H", "1e3s", "9999999999w"]
)
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match=r"not a span of time|longer than"):
        parse_duration(text)


@given(st.integers(0, 10**12))
def test_a_written_duration_reads_as_itself(milliseconds):
    span = timedelta(milliseconds=milliseconds)
    assert parse_duration(write_duration(span)) == span


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(0), "0s"),
        (timedelta(seconds=90), "1m30s"),
        (timedelta(days=7), "7d"),
        (timedelta(seconds=1.5), "1s500ms"),
    ],
)
def test_a_duration_is_written_in_few_units(span, text):
    assert write_duration(span) == text
