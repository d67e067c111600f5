"""No request of a publish can be stopped to harm: real kills, a real client over HTTP, and pyarrow as the reader.

Run with ``-s`` to see the number of points of each matrix.
"""

from __future__ import annotations

import sys

import pytest

from adls.crash.adls_subject import ITEM, subject
from hygge_core.testing.plan import Scenario
from hygge_core.testing.process import warm
from hygge_store_adls.testing import DfsServer
from hygge_store_adls.testing.crash import KINDS, QUICK, request_matrix
from hygge_store_adls.testing.standstill import POSSIBLE


warm("adls.crash.adls_subject", "azure.storage.filedatalake", "hygge_store_adls.lake.adls")


def adls():
    return DfsServer()


def flat():
    return DfsServer(hierarchical=False)


def onelake():
    server = DfsServer(onelake=True, tls=True)
    server.add_item(ITEM)
    return server


def scenario(serve, layout, mode, **rest):
    parts = "many parts" if rest.get("writers", 1) > 1 else "one part"
    first = "" if rest.get("over_old", True) else ", first"
    return serve, layout, Scenario(name=f"{serve.__name__}: {mode}/{layout}/{parts}{first}", mode=mode, **rest)


HIERARCHICAL = [
    scenario(serve, *rest, **more)
    for serve in (adls, onelake)
    for rest, more in [
        (("folder", "replace"), {"atomic": False}),  # two renames, with no table between them, as the store declares
        (("folder", "replace"), {"atomic": False, "writers": 3}),
        (("folder", "replace"), {"writers": 2, "over_old": False}),
        (("folder", "append"), {}),
        (("folder", "append"), {"atomic": False, "writers": 3}),
        (("folder", "append"), {"over_old": False}),
        (("folder", "upsert"), {"atomic": False}),
        (("runs", "replace"), {"atomic": False, "writers": 2}),
        (("runs", "append"), {"writers": 3}),
        (("file", "replace"), {}),
        (("file", "replace"), {"over_old": False}),
    ]
]
FLAT = [
    scenario(flat, *rest, atomic=False, mixed=True, **more)
    for rest, more in [
        (("folder", "replace"), {}),
        (("folder", "replace"), {"writers": 3, "over_old": False}),
        (("folder", "append"), {"writers": 3}),
        (("folder", "upsert"), {}),
        (("runs", "append"), {"writers": 2}),
        (("file", "replace"), {}),
    ]
]
EVERY = [*HIERARCHICAL, *FLAT]


def cases(chosen):
    return pytest.mark.parametrize(
        ("serve", "layout", "of"), [pytest.param(*case, id=case[2].name.replace(": ", "/")) for case in chosen]
    )


def demand_none(matrix, least):
    print(f"\n{matrix}", file=sys.stderr)  # noqa: T201 - the figures are part of what the test shows
    assert len(matrix.verdicts) >= least, f"only {matrix}"
    assert not matrix.violations, matrix.explained()


@cases([HIERARCHICAL[0], HIERARCHICAL[3], FLAT[0]])
def test_no_request_can_be_the_last(serve, layout, of):
    demand_none(request_matrix(subject(layout), of, serve, kinds=QUICK), least=20)


@pytest.mark.slow
@cases(EVERY)
def test_no_request_can_be_stopped_to_harm(serve, layout, of):
    demand_none(request_matrix(subject(layout), of, serve, kinds=KINDS, thorough=True), least=100)


@pytest.mark.slow
@pytest.mark.skipif(not POSSIBLE, reason="this system cannot stop a process")
@cases([HIERARCHICAL[0], HIERARCHICAL[4], HIERARCHICAL[11], FLAT[0]])
def test_a_writer_that_stood_still_for_longer_than_its_lease_harms_nobody(serve, layout, of):
    demand_none(request_matrix(subject(layout), of, serve, kinds=["lease lost"]), least=5)
