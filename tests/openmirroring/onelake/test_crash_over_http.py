"""A publish into OneLake, stopped at its requests: processes killed, answers lost, a second writer, an outage.

Run with ``-s`` to see the number of points of each matrix.
"""

from __future__ import annotations

import sys

import pytest

from hygge_core.testing.plan import Scenario
from hygge_core.testing.process import warm
from hygge_store_adls.testing import DfsServer
from hygge_store_adls.testing.crash import KINDS, request_matrix
from openmirroring.onelake.mirror_subject import MIRROR, SUBJECT


warm("openmirroring.onelake.mirror_subject", "azure.storage.filedatalake", "hygge_store_adls.lake.adls")

FIRST = Scenario(name="onelake mirror: first load, two files", mode="replace", over_old=False, writers=2)
REBUILD = Scenario(name="onelake mirror: rebuild, two files", mode="replace", atomic=False, writers=2)
UPSERT = Scenario(name="onelake mirror: upsert, two files", mode="upsert", writers=2)


def serve():
    server = DfsServer(onelake=True, tls=True)
    server.add_item(MIRROR)
    return server


def demand_none(matrix, least):
    print(f"\n{matrix}", file=sys.stderr)  # noqa: T201 - the figures are part of what the test shows
    assert len(matrix.verdicts) >= least, f"only {matrix}"
    assert not matrix.violations, matrix.explained()


def test_no_request_of_an_upsert_can_be_the_last():
    demand_none(request_matrix(SUBJECT, UPSERT, serve, kinds=["killed after"]), least=8)


@pytest.mark.slow
@pytest.mark.parametrize("scenario", [FIRST, REBUILD, UPSERT], ids=lambda scenario: scenario.name)
def test_no_request_can_be_stopped_to_harm(scenario):
    demand_none(request_matrix(SUBJECT, scenario, serve, kinds=KINDS), least=50)
