"""Any sequence of operations does the same on the local disk, in both kinds of accounts, and in a dictionary."""

from __future__ import annotations

import shutil

import pytest
from hypothesis import HealthCheck, given, settings

from adls.lake.conftest import opened
from hygge_core.lakes.local import LocalLake
from hygge_core.testing.lake_sequences import SEQUENCES, follow
from hygge_store_adls.testing import DfsServer


QUICK, LONG = 50, 10_000
PATIENT = {"deadline": None, "report_multiple_bugs": False, "suppress_health_check": list(HealthCheck)}


@pytest.fixture(scope="module")
def disk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lake")
    yield LocalLake(folder)
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def tree():
    with DfsServer(page_size=3) as server, opened(server, root="top") as lake:
        yield lake


@pytest.fixture(scope="module")
def flat():
    with DfsServer(page_size=3, hierarchical=False) as server, opened(server, root="top") as lake:
        yield lake


@given(sequence=SEQUENCES)
@settings(max_examples=QUICK, **PATIENT)
def test_an_account_with_folders_does_what_the_model_says(tree, sequence):
    follow(tree, sequence)


@given(sequence=SEQUENCES)
@settings(max_examples=QUICK, **PATIENT)
def test_a_flat_account_does_what_the_model_says(flat, sequence):
    follow(flat, sequence)


@pytest.mark.slow
@given(sequence=SEQUENCES)
@settings(max_examples=LONG, **PATIENT)
def test_the_disk_and_azure_do_the_same_in_10000_sequences(disk, tree, flat, sequence):
    follow(disk, sequence)
    follow(tree, sequence)
    follow(flat, sequence)
