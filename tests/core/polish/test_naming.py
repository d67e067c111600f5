"""Which columns stay, and under which names."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygge_core.polish.config import ColumnsConfig, ConstantConfig, HashIdConfig, PolishConfig, TimestampConfig
from hygge_core.polish.naming import polished_names
from hygge_core.polish.refusal import PolishError


SNAKE = ColumnsConfig(case="snake")
SNAKE_SUFFIX = ColumnsConfig(case="snake", on_collision="suffix")
NAMES = st.lists(st.text(alphabet="aAbBßİ_ -1é\u0301", min_size=1, max_size=4), unique=True, min_size=1, max_size=8)


def test_select_gives_the_columns_and_their_order():
    assert list(polished_names(PolishConfig(select=("c", "a")), ["a", "b", "c"])) == ["c", "a"]


def test_exclude_takes_columns_out_of_all_or_of_the_selected():
    assert list(polished_names(PolishConfig(exclude=("b",)), ["a", "b", "c"])) == ["a", "c"]
    assert list(polished_names(PolishConfig(select=("c", "b"), exclude=("b",)), ["a", "b", "c"])) == ["c"]


def test_rename_speaks_of_source_names_and_stands_as_written():
    config = PolishConfig(columns=SNAKE, rename={"CustNo": "CustomerNUMBER"})

    assert polished_names(config, ["CustNo", "FirstName"]) == {"CustNo": "CustomerNUMBER", "FirstName": "first_name"}


def test_two_columns_can_trade_names():
    assert polished_names(PolishConfig(rename={"a": "b", "b": "a"}), ["a", "b"]) == {"a": "b", "b": "a"}


@pytest.mark.parametrize(
    ("config", "where"),
    [
        (PolishConfig(select=("CustId",)), "polish.select"),
        (PolishConfig(exclude=("CustId",)), "polish.exclude"),
        (PolishConfig(rename={"CustId": "x"}), "polish.rename"),
    ],
)
def test_an_unknown_column_is_refused_with_the_name_that_was_meant(config, where):
    with pytest.raises(PolishError) as caught:
        polished_names(config, ["CustID", "Name"])

    assert str(caught.value) == f"{where}: the source has no column 'CustId'; did you mean 'CustID'?"
    assert caught.value.exit_code == 2


def test_an_unknown_column_unlike_any_other_shows_what_there_is():
    with pytest.raises(PolishError, match=r"no column 'zzz'; it has 'a0', .*'a11' and 8 more$"):
        polished_names(PolishConfig(select=("zzz",)), [f"a{n}" for n in range(20)])
    with pytest.raises(PolishError, match="no columns at all"):
        polished_names(PolishConfig(select=("a",)), [])


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (PolishConfig(select=("a", "a")), "polish.select: column 'a' is named twice"),
        (PolishConfig(select=()), "no column of the source is left"),
        (PolishConfig(exclude=("a", "b")), "no column of the source is left"),
        (PolishConfig(exclude=("a",), rename={"a": "x"}), "'a' is renamed but not kept"),
        (PolishConfig(constants=(ConstantConfig(name=" ", value=1),)), "constant ' ' has no name"),
        (PolishConfig(rename={"a": ""}), "column 'a' renamed to '' has no name"),
    ],
)
def test_settings_that_contradict_the_source_or_each_other_are_refused(config, message):
    with pytest.raises(PolishError) as caught:
        polished_names(config, ["a", "b"])

    assert message in str(caught.value)


def test_a_name_that_cleans_to_nothing_is_refused():
    with pytest.raises(PolishError, match=r"nothing is left of the name '%%'.*rename = \{ \"%%\" = "):
        polished_names(PolishConfig(columns=ColumnsConfig(remove_special=True)), ["a", "%%"])


@pytest.mark.parametrize(
    ("columns", "config"),
    [
        (["Cust Id", "cust_id"], SNAKE),
        (["Id", "ID"], ColumnsConfig()),
        (["straße", "STRASSE"], ColumnsConfig()),
        (["caf\u00e9", "cafe\u0301"], ColumnsConfig()),
        (["a%", "a"], ColumnsConfig(remove_special=True)),
    ],
)
def test_columns_that_some_reader_could_not_tell_apart_are_refused_by_both_names(columns, config):
    with pytest.raises(PolishError) as caught:
        polished_names(PolishConfig(columns=config), columns)

    assert all(repr(column) in str(caught.value) for column in columns)


@pytest.mark.parametrize(
    "addition",
    [
        {"hash_ids": (HashIdConfig(name="ID", from_columns=("x",)),)},
        {"constants": (ConstantConfig(name="ID", value=1),)},
        {"timestamps": (TimestampConfig(name="ID"),)},
        {"rename": {"x": "ID"}},
    ],
)
def test_an_added_name_may_not_be_that_of_a_column(addition):
    with pytest.raises(PolishError, match=r"'ID'.* and column 'id' would both be named 'id'"):
        polished_names(PolishConfig(**addition), ["x", "id"])


@pytest.mark.parametrize("on_collision", ["fail", "suffix"])
def test_two_names_that_were_written_may_never_collide(on_collision):
    config = PolishConfig(
        columns=ColumnsConfig(on_collision=on_collision),
        constants=(ConstantConfig(name="source", value=1),),
        timestamps=(TimestampConfig(name="Source"),),
    )

    with pytest.raises(PolishError, match="constant 'source' and timestamp 'Source'"):
        polished_names(config, ["a"])


def test_suffixes_number_the_later_columns_and_leave_the_others_alone():
    columns = ["Cust Id", "cust_id", "custId", "cust_id_1"]

    assert list(polished_names(PolishConfig(columns=SNAKE_SUFFIX), columns).values()) == [
        "cust_id",
        "cust_id_2",
        "cust_id_3",
        "cust_id_1",
    ]


def test_a_column_makes_way_for_a_written_name_when_suffixes_are_allowed():
    config = PolishConfig(columns=SNAKE_SUFFIX, constants=(ConstantConfig(name="source", value=1),))

    assert polished_names(config, ["Source"]) == {"Source": "source_1"}


def _key(name):
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


@given(NAMES, st.sampled_from(["snake", "pascal", "camel", "keep"]), st.booleans())
def test_suffixed_names_are_always_unique_to_readers_without_case(columns, case, special):
    cleaning = ColumnsConfig(case=case, remove_special=special, on_collision="suffix")
    try:
        names = polished_names(PolishConfig(columns=cleaning), columns)
    except PolishError as error:
        assert "nothing is left" in str(error)  # noqa: PT017 - the only refusal that may come
        return

    assert list(names) == columns
    assert len({_key(name) for name in names.values()}) == len(columns)


@given(NAMES, st.sampled_from(["snake", "pascal", "camel", "keep"]))
def test_without_suffixes_names_are_unique_or_refused(columns, case):
    suffixing = PolishConfig(columns=ColumnsConfig(case=case, on_collision="suffix"))
    failing = PolishConfig(columns=ColumnsConfig(case=case))
    try:
        names = polished_names(failing, columns)
    except PolishError as error:
        if "would both be named" in str(error):
            assert polished_names(suffixing, columns)
        return

    assert len({_key(name) for name in names.values()}) == len(columns)
    assert names == polished_names(suffixing, columns)
