"""The pages of the stores name every key, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import attrs
import pytest

from hygge_store_adls.config import AdlsConnection, AdlsStore, OneLakeConnection, OneLakeStore
from hygge_store_adls.credentials.kinds import WANTS
from hygge_store_adls.files import FileSettings


PAGES = Path(__file__).parents[3] / "docs" / "stores"
ADLS = (PAGES / "adls.md").read_text("utf-8")
ONELAKE = (PAGES / "onelake.md").read_text("utf-8")


def words(text):
    return set(re.findall(r"`\"?(\w+)\"?`", text))


def keys(*kinds):
    return {attribute.name for kind in kinds for attribute in attrs.fields(kind)}


def test_every_key_of_adls_is_on_its_page():
    assert keys(AdlsStore, AdlsConnection) - words(ADLS) - {"credential"} == set()


def test_every_key_that_onelake_has_for_itself_is_on_its_page():
    own = keys(OneLakeStore, OneLakeConnection) - keys(AdlsConnection, FileSettings)
    assert own - words(ONELAKE) == set()


@pytest.mark.parametrize(("page", "kinds"), [(ADLS, (AdlsStore, AdlsConnection)), (ONELAKE, (OneLakeStore,))])
def test_no_page_has_a_key_that_is_none(page, kinds):
    tabled = set(re.findall(r"^\| `(\w+)` \|", page, flags=re.MULTILINE))
    assert tabled - keys(*kinds) == set()


@pytest.mark.parametrize("kind", WANTS)
def test_the_keys_of_each_way_of_signing_in_are_those_that_are_checked(kind):
    (row,) = re.findall(rf'^\| `"{kind}"` \| (.*?) \|', ADLS, flags=re.MULTILINE)
    assert words(row) == set(WANTS[kind].all)
