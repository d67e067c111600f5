"""The tables of guarantees.md are what was found, and what was found is of today's contracts."""

from __future__ import annotations

import json
import runpy
from importlib import import_module
from importlib.metadata import distribution
from pathlib import Path

import pytest

from hygge_core.conformance import find
from hygge_core.testing import StoreContract
from hygge_core.testing.contract import cases_of, promise_of


DOCS = Path(__file__).parents[2] / "docs"
FOUND = sorted((DOCS / "conformance").glob("*.json"))
OF_TODAY = "run `nox -s conformance`"


def document(file):
    return json.loads(file.read_text("utf-8"))


def contracts(package):
    """Return the test classes that a package names, by their names."""
    modules = [import_module(name) for name in find(package).modules]
    found = {name: thing for module in modules for name, thing in vars(module).items() if name.startswith("Test")}
    return {name: thing for name, thing in found.items() if isinstance(thing, type)}


def test_each_of_our_stores_was_tried():
    assert {file.stem for file in FOUND} == {"hygge-store-adls", "hygge-store-openmirroring", "hygge-store-parquet"}


def test_the_page_shows_what_was_found():
    made = runpy.run_path(str(DOCS / "guarantees.py"))
    assert made["page"]() == (DOCS / "guarantees.md").read_text("utf-8"), "run `python docs/guarantees.py`"


@pytest.mark.parametrize("file", FOUND, ids=lambda file: file.stem)
def test_what_was_found_is_of_todays_contracts(file):
    found, today = document(file), contracts(file.stem)
    assert not found["broken"], "our own stores keep what they promise"
    assert found["version"] == distribution(file.stem).version, OF_TODAY
    named = {contract["name"]: contract for contract in found["contracts"]}
    missing = {name for name, each in today.items() if issubclass(each, StoreContract)} - named.keys()
    assert not missing, OF_TODAY
    for name, contract in named.items():
        tried = {(case["case"], promise["promise"]) for promise in contract["promises"] for case in promise["cases"]}
        assert tried == {(case, promise_of(today[name], case)) for case in cases_of(today[name])}, OF_TODAY


@pytest.mark.parametrize("file", FOUND, ids=lambda file: file.stem)
def test_no_publish_that_was_stopped_did_harm(file):
    points = [
        kind
        for contract in document(file)["contracts"]
        for promise in contract["promises"]
        for case in promise["cases"]
        for name, crash in case.get("properties", [])
        if name == "crash"
        for kind in crash["kinds"].values()
    ]
    assert sum(kind["points"] for kind in points) > 100, "the matrix was tried"
    assert not any(kind["violations"] for kind in points)
