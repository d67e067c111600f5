"""Checks of figures: rows_min, rows_max and max_drop."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygge_core import CommitRefused
from hygge_core.checks import judge
from hygge_core.checks.config import ChecksConfig

from .conftest import evidence, refusal


def test_fewer_rows_than_rows_min_are_refused_with_both_figures():
    assert refusal(evidence(rows=1234), rows_min=5000) == (
        "refused by its check: rows_min: the run brings 1,234 rows, at least 5,000 expected"
    )
    assert "the run brings 1 row, at least 2" in refusal(evidence(rows=1), rows_min=2)


def test_more_rows_than_rows_max_are_refused_with_both_figures():
    assert refusal(evidence(rows=11), rows_max=10) == (
        "refused by its check: rows_max: the run brings 11 rows, at most 10 expected"
    )


@pytest.mark.parametrize("rows", [10, 20])
def test_both_bounds_belong_to_what_is_allowed(rows):
    assert not refusal(evidence(rows=rows), rows_min=10, rows_max=20)


def test_a_table_that_shrinks_too_much_is_refused_with_its_figures():
    assert refusal(evidence(rows=850, before=1000, after=850), max_drop=10) == (
        "refused by its check: max_drop: 1,000 rows would become 850, 15 % fewer, at most 10 % allowed"
    )
    assert "0.3001 % fewer, at most 0.25 % allowed" in refusal(evidence(before=1_000_000, after=996_999), max_drop=0.25)


@given(before=st.integers(0, 10_000), after=st.integers(0, 10_000), most=st.integers(0, 100))
def test_max_drop_allows_exactly_its_percentage(before, after, most):
    too_few = before * (100 - most) > after * 100
    assert bool(refusal(evidence(before=before, after=after), max_drop=most)) == too_few


def test_there_is_nothing_to_drop_from_before_the_first_commit():
    assert not refusal(evidence(before=0, after=0), max_drop=0)
    assert not refusal(evidence(), max_drop=0)


def test_one_error_names_every_check_that_does_not_hold():
    with pytest.raises(CommitRefused) as caught:
        judge(
            ChecksConfig(rows_min=10, max_drop=5.0),
            evidence(rows=1, before=100, after=1),
            where="shop.teas",
        )
    assert str(caught.value) == (
        "shop.teas: refused by 2 of its checks: rows_min: the run brings 1 row, at least 10 expected; "
        "max_drop: 100 rows would become 1, 99 % fewer, at most 5 % allowed; "
        "the table is as it was; correct the source, or the checks of this entity"
    )
    assert caught.value.exit_code == 1
