"""A whole polish: its order, its schema, its names, and what it leaves alone."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import attrs
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygge_core import polish as package
from hygge_core.errors import HyggeError
from hygge_core.polish import Polish
from hygge_core.polish.config import ColumnsConfig, ConstantConfig, HashIdConfig, PolishConfig, TimestampConfig


NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
FRAME = pl.DataFrame(
    {"CustID": [1, 2, None], "First Name": ["a", None, ""], "Secret": ["s", "t", "u"], "Price": [1.5, None, 0.0]}
)
FULL = PolishConfig(
    select=("First Name", "Price", "CustID"),
    rename={"CustID": "customer_number"},
    columns=ColumnsConfig(case="snake"),
    hash_ids=(
        HashIdConfig(name="key", from_columns=("CustID", "Secret")),
        HashIdConfig(name="raw_key", from_columns=("First Name",), hex=False),
    ),
    constants=(ConstantConfig(name="source", value="erp"), ConstantConfig(name="batch", value=1, type="int16")),
    timestamps=(TimestampConfig(name="loaded_at"), TimestampConfig(name="loaded", type="string", format="%Y")),
)


def _compile(config, frame=FRAME):
    return Polish.compile(config, frame.schema, now=NOW)


def test_hash_ids_come_first_then_columns_then_constants_then_timestamps():
    assert _compile(FULL).apply(FRAME).columns == [
        "key",
        "raw_key",
        "first_name",
        "price",
        "customer_number",
        "source",
        "batch",
        "loaded_at",
        "loaded",
    ]


def test_the_schema_is_known_without_rows_and_is_that_of_every_frame():
    polish = _compile(FULL)

    assert polish.schema == polish.apply(FRAME).schema == polish.apply(FRAME.clear()).schema
    assert polish.schema["key"] == pl.String
    assert polish.schema["batch"] == pl.Int16


def test_no_rows_stay_no_rows():
    assert _compile(FULL).apply(FRAME.clear()).height == 0


def test_values_and_rows_are_untouched():
    polished = _compile(FULL).apply(FRAME)

    assert polished["customer_number"].to_list() == FRAME["CustID"].to_list()
    assert polished["first_name"].to_list() == FRAME["First Name"].to_list()
    assert polished["price"].to_list() == FRAME["Price"].to_list()


def test_a_lazy_frame_stays_lazy_and_streams_to_the_same_file(tmp_path):
    polish = _compile(FULL)
    FRAME.write_parquet(tmp_path / "in.parquet")

    lazy = polish.apply(pl.scan_parquet(tmp_path / "in.parquet"))
    lazy.sink_parquet(tmp_path / "out.parquet", engine="streaming")

    assert isinstance(lazy, pl.LazyFrame)
    assert pl.read_parquet(tmp_path / "out.parquet").equals(polish.apply(FRAME))


def test_all_batches_of_a_run_have_the_same_moment():
    polish = _compile(FULL)

    assert polish.apply(FRAME[:1])["loaded_at"][0] == polish.apply(FRAME[2:])["loaded_at"][0] == NOW


def test_defect_9_keys_follow_their_columns_to_the_polished_names():
    assert dict(_compile(FULL).names) == {
        "First Name": "first_name",
        "Price": "price",
        "CustID": "customer_number",
    }


def test_a_hash_may_use_a_column_that_does_not_stay():
    hashed = HashIdConfig(name="key", from_columns=("Secret",))
    polish = _compile(PolishConfig(exclude=tuple(FRAME.columns), hash_ids=(hashed,)))

    assert polish.apply(FRAME).columns == ["key"]
    assert polish.apply(FRAME).height == 3
    assert not polish.names


def test_defect_21_what_does_not_fit_is_a_plain_error_that_names_the_column():
    broken = attrs.evolve(FULL, hash_ids=(HashIdConfig(name="key", from_columns=("CustNo",)),))

    with pytest.raises(HyggeError, match=r"polish\.hash_ids\['key'\]: the source has no column 'CustNo'"):
        _compile(broken)


@pytest.mark.parametrize(
    "config",
    [
        None,
        PolishConfig(),
        PolishConfig(select=tuple(FRAME.columns)),
        PolishConfig(rename={"Price": "Price"}),
        PolishConfig(columns=ColumnsConfig(case="keep", remove_special=True)),
    ],
)
def test_a_polish_that_changes_nothing_says_so_and_hands_frames_through(config):
    polish = _compile(config)

    assert not polish.touches
    assert polish.apply(FRAME) is FRAME
    assert polish.schema == FRAME.schema
    assert dict(polish.names) == {name: name for name in FRAME.columns}


@pytest.mark.parametrize(
    "config",
    [
        PolishConfig(exclude=("Price",)),
        PolishConfig(select=tuple(reversed(FRAME.columns))),
        PolishConfig(rename={"Price": "price"}),
        PolishConfig(rename={"Price": "Secret", "Secret": "Price"}),
        PolishConfig(select=("CustID", "First Name", "Price", "Secret"), rename={"Price": "Secret", "Secret": "Price"}),
        PolishConfig(columns=ColumnsConfig(remove_spaces=True)),
        PolishConfig(constants=(ConstantConfig(name="x", value=1),)),
        PolishConfig(timestamps=(TimestampConfig(name="x"),)),
        PolishConfig(hash_ids=(HashIdConfig(name="x", from_columns=("Secret",)),)),
    ],
)
def test_a_polish_that_changes_anything_says_so(config):
    polish = _compile(config)

    assert polish.touches
    assert not polish.apply(FRAME).equals(FRAME) or polish.apply(FRAME).columns != FRAME.columns


def test_types_that_are_not_looked_at_pass_through():
    frame = pl.DataFrame(
        {"List": [[1, 2]], "Struct": [{"a": 1}], "Float": [float("nan")], "Cat": pl.Series(["x"], dtype=pl.Categorical)}
    )
    polish = _compile(PolishConfig(columns=ColumnsConfig(case="snake")), frame)

    assert polish.apply(frame).columns == ["list", "struct", "float", "cat"]
    assert list(polish.schema.values()) == list(frame.schema.values())


def test_two_thousand_columns_with_awkward_names_are_no_trouble():
    names = [f'Col "{n}".{{x}} ^$😀 {n}' for n in range(2000)]
    frame = pl.DataFrame({name: [1] for name in names})
    polish = _compile(PolishConfig(columns=ColumnsConfig(case="snake", remove_special=True)), frame)

    assert polish.apply(frame).columns[7] == "col_7_x_7"
    assert polish.apply(frame).width == 2000


def test_names_that_look_like_patterns_are_only_names():
    frame = pl.DataFrame({"^a.*$": [1], "ab": [2], "*": [3]})
    hashed = HashIdConfig(name="key", from_columns=("*",))
    polish = _compile(PolishConfig(select=("^a.*$", "*"), rename={"*": "star"}, hash_ids=(hashed,)), frame)

    assert [row[1:] for row in polish.apply(frame).rows()] == [(1, 3)]
    assert polish.apply(frame).columns == ["key", "^a.*$", "star"]


@given(st.permutations(FRAME.columns), st.integers(1, 4))
def test_names_always_point_at_the_column_that_holds_the_values(columns, count):
    chosen = tuple(columns[:count])
    polish = _compile(PolishConfig(select=chosen, columns=ColumnsConfig(case="pascal")))
    polished = polish.apply(FRAME)

    assert tuple(polish.names) == chosen
    assert all(polished[polish.names[column]].to_list() == FRAME[column].to_list() for column in chosen)


def test_the_settings_load_without_polars():
    code = "import sys, hygge_core.polish.config, hygge_core.polish, hygge_core.drift; print('polars' in sys.modules)"

    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "False"


def test_the_package_offers_polish_and_nothing_else():
    assert package.__all__ == ["Polish"]
    with pytest.raises(AttributeError, match="Polisher"):
        package.Polisher  # noqa: B018 - reading the attribute is the test
