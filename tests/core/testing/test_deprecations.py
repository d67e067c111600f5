"""Deprecations are found in the source, and those whose time has come are told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygge_core.testing.deprecations import deprecations_in, overdue


SOURCE = """
from hygge_core import deprecation
from hygge_core.deprecation import Deprecation, deprecated

@deprecated(Deprecation(what="roof", since="0.2", until="0.4", instead="use attic"))
def roof():
    cellar = deprecation.Deprecation(what="cellar", since="1", until="2.10", instead="dig", of="acme")
"""


@pytest.fixture
def package(tmp_path):
    folder = tmp_path / "acme"
    folder.mkdir()
    (folder / "roof.py").write_text(SOURCE, encoding="utf-8")
    return folder


def test_deprecations_are_found_wherever_they_are_made(package):
    found = {each.deprecation.what: each.where for each in deprecations_in(package)}
    assert found == {"roof": "acme/roof.py:5", "cellar": "acme/roof.py:7"}


def test_a_single_module_is_read_too(package):
    assert len(deprecations_in(package / "roof.py")) == 2


@pytest.mark.parametrize(
    ("core", "acme", "late"),
    [
        ("0.3.9", "2.9", []),
        ("0.4", "2.9", ["roof"]),
        ("0.4.1", "2.10.0", ["roof", "cellar"]),
        ("0.4.dev1", "2.9", []),
        ("1.0", "2.9.9", ["roof"]),
    ],
)
def test_what_should_be_gone_is_told_with_its_line(package, core, acme, late):
    told = overdue(package, {"hygge-core": core, "acme": acme})
    assert [text.split()[1] for text in told] == late
    if "roof" in late:
        expected = "roof is deprecated since hygge-core 0.2 and goes with 0.4: use attic, and this is hygge-core"
        assert told[0] == f"acme/roof.py:5: {expected} {core}"


def test_another_package_s_version_says_nothing(package):
    assert overdue(package, {"barn": "99"}) == []


@pytest.mark.parametrize("part", ["since=SINCE", "**parts"])
def test_a_deprecation_that_cannot_be_read_is_refused_with_its_line(package, part):
    (package / "odd.py").write_text(f"\nDeprecation(what='x', until='2', instead='y', {part})\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"^acme/odd\.py:2: write each part of a Deprecation as a plain text"):
        deprecations_in(package)


@given(versions=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=2, max_size=2))
def test_versions_are_compared_as_numbers(tmp_path_factory, versions):
    (until, now) = versions
    file = tmp_path_factory.getbasetemp() / "numbers.py"
    text = f"Deprecation(what='x', since='0', until='{until[0]}.{until[1]}', instead='y')"
    file.write_text(text, encoding="utf-8")
    assert bool(overdue(file, {"hygge-core": f"{now[0]}.{now[1]}"})) == (now >= until)
