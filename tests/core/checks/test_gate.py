"""What is refused before anything is staged."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hygge_core import UsageError
from hygge_core.checks import demand_abilities, demand_checkable
from hygge_core.checks.config import ChecksConfig, Fresh
from hygge_core.commit import Column


COLUMNS = (
    Column(name="id", dtype="int64"),
    Column(name="modified_at", dtype="datetime[us]"),
    Column(name="day", dtype="date"),
)


class Blind:
    """A store and a stage that can do only what every store can."""


class Counting:
    def count(self, *_):
        return 0


class Showing:
    def rows(self, _):
        return None


def refused(**checks):
    with pytest.raises(UsageError) as caught:
        demand_checkable(ChecksConfig(**checks), COLUMNS, where="shop.teas")
    assert caught.value.exit_code == 2
    return str(caught.value)


@pytest.mark.parametrize(
    ("checks", "told"),
    [
        (
            {"unique": ("id", "modified")},
            "checks.unique names 'modified', and the table has no such column; did you mean",
        ),
        (
            {"not_null": ("xyz",)},
            "checks.not_null names 'xyz', and the table has no such column; its columns are id, mod",
        ),
        (
            {"fresh": Fresh(column="at", within=timedelta(1))},
            "checks.fresh names 'at', and the table has no such column",
        ),
        ({"fresh": Fresh(column="id", within=timedelta(1))}, "checks.fresh names 'id', which is int64 and has no age"),
    ],
)
def test_a_check_of_a_column_that_cannot_be_checked_is_refused(checks, told):
    assert refused(**checks).startswith(f"shop.teas: {told}")


@pytest.mark.parametrize("column", ["modified_at", "day"])
def test_checks_of_columns_that_are_there_are_fine(column):
    checks = ChecksConfig(unique=("id", "day"), not_null=("id",), fresh=Fresh(column=column, within=timedelta(1)))
    demand_checkable(checks, COLUMNS, where="shop.teas")


def test_checks_of_rows_need_a_stage_that_shows_them():
    checks = ChecksConfig(unique=("id",), not_null=("id", "day"))
    with pytest.raises(UsageError, match=r"cannot show staged rows, and checks.not_null, checks.unique would have to"):
        demand_abilities(checks, Blind(), Blind(), where="shop.teas")
    demand_abilities(checks, Blind(), Showing(), where="shop.teas")


def test_max_drop_needs_a_store_that_counts():
    with pytest.raises(UsageError, match=r"cannot count its rows, and checks.max_drop compares them"):
        demand_abilities(ChecksConfig(max_drop=1.0), Blind(), Blind(), where="shop.teas")
    demand_abilities(ChecksConfig(max_drop=1.0), Counting(), Blind(), where="shop.teas")


def test_checks_of_figures_alone_need_nothing():
    demand_abilities(ChecksConfig(rows_min=1, rows_max=2), Blind(), Blind(), where="shop.teas")


def test_bounds_that_exclude_each_other_are_a_mistake():
    with pytest.raises(ValueError, match="must not be below rows_min, which is 5"):
        ChecksConfig(rows_min=5, rows_max=4)
    assert ChecksConfig(rows_min=5, rows_max=5).rows_max == 5
