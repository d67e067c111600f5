"""How one column name is cleaned."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygge_core.polish.config import ColumnsConfig
from hygge_core.polish.words import clean, words


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("HTTPServerID", "HTTP Server ID"),
        ("CustomerId", "Customer Id"),
        ("customerID", "customer ID"),
        ("customer_id", "customer id"),
        ("Order-Date  (UTC)", "Order Date (UTC)"),
        ("Address2Line", "Address2 Line"),
        ("2ndLine", "2nd Line"),
        ("HTTP2Server", "HTTP2 Server"),
        ("sha256", "sha256"),
        ("ÄrgerÜber", "Ärger Über"),
        ("ДатаЗаказа", "Дата Заказа"),
        ("订单ID", "订单 ID"),
        ("straßeName", "straße Name"),
        ("हिन्दी नाम", "हिन्दी नाम"),
        ("__row__", "row"),
        ("A", "A"),
        ("", ""),
        (" _-_ ", ""),
    ],
)
def test_names_split_into_the_words_a_reader_sees(name, expected):
    assert words(name) == expected.split()


@pytest.mark.parametrize(
    ("case", "expected"),
    [("snake", "http_server_id"), ("pascal", "HttpServerId"), ("camel", "httpServerId"), ("keep", "HTTPServerID")],
)
def test_each_case_joins_words_its_own_way(case, expected):
    assert clean("HTTPServerID", ColumnsConfig(case=case)) == expected


@pytest.mark.parametrize(
    ("name", "config", "expected"),
    [
        ("Growth % (net)", ColumnsConfig(remove_special=True), "Growth  net"),
        ("Growth % (net)", ColumnsConfig(remove_special=True, remove_spaces=True), "Growthnet"),
        ("Growth % (net)", ColumnsConfig(remove_spaces=True), "Growth%(net)"),
        ("first-name", ColumnsConfig(case="snake", remove_special=True), "first_name"),
        ("first.name", ColumnsConfig(case="snake", remove_special=True), "first_name"),
        ("Growth % (net)", ColumnsConfig(case="pascal", remove_special=True), "GrowthNet"),
        ("Growth%", ColumnsConfig(case="snake"), "growth%"),
        ("Smile 😀 Count", ColumnsConfig(case="snake", remove_special=True), "smile_count"),
        ("a\u00a0b\tc", ColumnsConfig(remove_spaces=True), "abc"),
        ("Größe_m²", ColumnsConfig(remove_special=True), "Größe_m²"),
        ("😀", ColumnsConfig(remove_special=True), ""),
    ],
)
def test_special_characters_and_spaces_go_when_asked(name, config, expected):
    assert clean(name, config) == expected


def test_composed_and_decomposed_letters_clean_to_the_same_name():
    decomposed = unicodedata.normalize("NFD", "CaféÅngström")

    assert clean(decomposed, ColumnsConfig(case="snake")) == clean("CaféÅngström", ColumnsConfig(case="snake"))


def test_a_name_is_kept_byte_for_byte_when_nothing_is_asked_for():
    assert clean("Cafe\u0301 % ", ColumnsConfig()) == "Cafe\u0301 % "


@given(st.text(), st.booleans(), st.booleans())
def test_snake_case_of_snake_case_is_itself(name, special, spaces):
    config = ColumnsConfig(case="snake", remove_special=special, remove_spaces=spaces)
    once = clean(name, config)

    assert clean(once, config) == once


@given(st.lists(st.from_regex(r"[a-z]{2,5}[0-9]?", fullmatch=True), min_size=1), st.sampled_from(["pascal", "camel"]))
def test_pascal_and_camel_are_stable_for_words_of_two_letters_and_more(parts, case):
    config = ColumnsConfig(case=case)
    once = clean(" ".join(parts), config)

    assert clean(once, config) == once


@given(st.text())
def test_no_letter_or_digit_is_ever_lost_in_snake_case(name):
    def solid(text):
        return [char for char in unicodedata.normalize("NFC", text.lower()) if char.isalnum()]

    assert solid(clean(name, ColumnsConfig(case="snake", remove_special=True))) == solid(
        unicodedata.normalize("NFC", name)
    )


@given(st.text(), st.sampled_from(["snake", "pascal", "camel", "keep"]))
def test_a_cleaned_name_holds_nothing_special_and_no_spaces(name, case):
    cleaned = clean(name, ColumnsConfig(case=case, remove_special=True, remove_spaces=True))

    assert all(char == "_" or unicodedata.category(char)[0] in "LMN" for char in cleaned)
