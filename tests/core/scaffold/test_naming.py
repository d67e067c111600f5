"""One word gives a package all its names, or is refused with what to type instead."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import canonicalize_name

from hygge_core import UsageError
from hygge_core.scaffold.naming import named


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("acme", ("hygge-store-acme", "hygge_store_acme", "acme", "Acme")),
        ("acme-cloud", ("hygge-store-acme-cloud", "hygge_store_acme_cloud", "acme_cloud", "AcmeCloud")),
        ("acme_cloud", ("hygge-store-acme-cloud", "hygge_store_acme_cloud", "acme_cloud", "AcmeCloud")),
        ("s3", ("hygge-store-s3", "hygge_store_s3", "s3", "S3")),
        ("hygge-store-acme", ("hygge-store-acme", "hygge_store_acme", "acme", "Acme")),
        ("class", ("hygge-store-class", "hygge_store_class", "class", "Class")),
    ],
)
def test_one_word_gives_all_names(name, expected):
    naming = named("store", name)
    assert (naming.distribution, naming.module, naming.word, naming.classes) == expected


@pytest.mark.parametrize(
    "name", ["", "Acme", "acme!", "1acme", "acme--cloud", "-acme", "acme-", "a cme", "блок", "../x"]
)
def test_a_name_that_is_no_type_is_refused_with_an_example(name):
    with pytest.raises(UsageError, match="use lower case words, such as 'acme' or 'acme-cloud'") as refused:
        named("home", name)
    assert repr(name) in str(refused.value)


def test_a_name_that_would_say_hygge_twice_is_refused():
    with pytest.raises(UsageError, match="leave out 'hygge'"):
        named("lake", "hygge-store-acme")


def test_a_name_that_no_line_of_code_has_room_for_is_refused():
    assert named("store", "a" * 24)
    with pytest.raises(UsageError, match="longer than 24 characters; choose a shorter name"):
        named("store", "a" * 25)


@given(st.sampled_from(["store", "home", "lake"]), st.from_regex(r"[a-z][-_a-z0-9]{0,26}", fullmatch=True) | st.text())
def test_every_name_is_refused_or_good_for_each_of_its_uses(kind, name):
    try:
        naming = named(kind, name)
    except UsageError:
        return
    assert canonicalize_name(naming.distribution) == naming.distribution
    assert naming.module.isidentifier()
    assert naming.classes.isidentifier()
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", naming.word), "what plugins may call a type"
