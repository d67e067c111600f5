from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygge_core.cli import figures


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.0 KiB"),
        (12_897_485, "12.3 MiB"),
        (3 * 1024**3, "3.0 GiB"),
        (1024**4, "1.0 TiB"),
        (5000 * 1024**4, "5,000.0 TiB"),
    ],
)
def test_sizes_are_in_the_binary_unit_that_suits_them(octets, text):
    assert figures.size(octets) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0.0s"),
        (0.84, "0.8s"),
        (59.4, "59.4s"),
        (59.97, "1m 00s"),
        (185, "3m 05s"),
        (3599.6, "1h 00m"),
        (3720, "1h 02m"),
    ],
)
def test_durations_read_like_a_clock(seconds, text):
    assert figures.duration(seconds) == text


@given(st.floats(min_value=0, max_value=1e7))
def test_no_duration_shows_sixty_of_anything(seconds):
    assert "60" not in figures.duration(seconds).replace(",", "").split("h")[-1]


def test_counts_have_separators_and_a_plural():
    assert figures.count(1, "row") == "1 row"
    assert figures.count(0, "row") == "0 rows"
    assert figures.count(336_776, "row") == "336,776 rows"
    assert figures.count(2, "entity", "entities") == "2 entities"


def test_a_rate_needs_rows_and_time():
    assert figures.rate(1_000_000, 12.0) == "83,333 rows/s"
    assert not figures.rate(0, 12.0)
    assert not figures.rate(10, 0.0)
