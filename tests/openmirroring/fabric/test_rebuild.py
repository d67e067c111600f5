"""A table in OneLake is rebuilt by what Fabric says of it, and by its folder where Fabric does not say."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from hygge_core.commit import CommitRecord, Table, TableRun
from hygge_core.schema import columns_of
from openmirroring.fabric.rest import Rest, table
from openmirroring.onelake.fabric import MIRROR, WORKSPACE, fabric, store_on


class FollowingRest(Rest):
    """Tells of the tables that the replicator has."""

    def answer(self, *request):
        self.tables = [table(name.table, name.schema) for name in self.replicator.tables]
        return super().answer(*request)


@pytest.fixture
def cloud():
    with fabric() as (server, sign_in, database), FollowingRest(WORKSPACE, token=None) as rest:
        rest.replicator = database.replicator
        rest.database(known=MIRROR, status="Running")
        yield server, sign_in, database, rest


def replaced(store, number, frame):
    """Replace the table as a run does."""
    wanted = Table(name="Order", columns=columns_of(frame.schema))
    run = TableRun(id=f"run{number}", flow="f", entity="Order", started=datetime.now(UTC))
    with store.lease(wanted, run):
        stage = store.stage(wanted, run)
        writer = stage.writer()
        writer.write(frame)
        staged = stage.seal(writer.close())
        stage.commit(staged, CommitRecord(run=run, table=staged.table, parts=staged.parts))


@pytest.mark.parametrize("answers", [True, False])
def test_a_rebuild_waits_for_the_table_to_go_and_to_come_back(cloud, answers, caplog):
    server, sign_in, database, rest = cloud
    if not answers:
        rest.token = "one that nobody has"
    for number, ids in enumerate(([1, 2], [3])):
        store = store_on(server, sign_in, database, fabric=rest.url)
        replaced(store, number, pl.DataFrame({"Id": ids}))
        store.close()
        database.poll()
    assert [rows for rows in database.seen if rows not in (None, [])][-1] == [(3,)]
    assert {str(rows) for rows in database.seen} <= {"None", "[]", "[(1,), (2,)]", "[(3,)]"}
    assert any(path.endswith("getTablesMirroringStatus") for _, path, _, _ in rest.seen)
    assert ("Fabric's REST interface does not tell" in caplog.text) is not answers
