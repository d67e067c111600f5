"""The journal of a project in a storage account: any number of processes write it, and nothing is lost."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import UTC, datetime

import pytest
from azure.core.credentials import AzureNamedKeyCredential

from adls.load.shipping import build, go
from hygge_core.cli import main
from hygge_core.errors import Locked
from hygge_core.journal import Journal, JournalRecord
from hygge_store_adls.lake import LakePlace, open_lake
from hygge_store_adls.testing import DfsServer, Fault, Limits


START = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture(params=[True, False], ids=["hierarchical", "flat"])
def server(request):
    with DfsServer(hierarchical=request.param) as served:
        yield served


@pytest.fixture
def open_journal(server):
    with ExitStack() as opened:

        def new():
            place = LakePlace(endpoint=server.url, container=server.container, root="notes/journal")
            lake = open_lake(place, AzureNamedKeyCredential(server.account, server.key))
            opened.callback(lake.close)
            return Journal(lake, tell=pytest.fail)

        yield new


def forget(server):
    credential = AzureNamedKeyCredential(server.account, server.key)
    with closing(open_lake(LakePlace(endpoint=server.url, container=server.container), credential)) as lake:
        lake.delete_directory("notes")


def record(run, entity):
    return JournalRecord(
        id="", kind="run", run=run, project="p", flow="f", entity=entity, started=START, finished=START, seconds=0.0,
        state="committed",
    )  # fmt: skip


@pytest.fixture
def hygge(server, tmp_path, monkeypatch, capsys):
    """Call `hygge journal` on the project, in this process."""
    monkeypatch.setenv("LAKE_KEY", server.key)

    def call(*args):
        with pytest.raises(SystemExit) as left:
            main(["journal", *args, "--project", str(tmp_path)])
        said = "".join(capsys.readouterr())
        assert left.value.code == 0, said
        return said

    return call


def with_journal(folder):
    config = (folder / "hygge.toml").read_text("utf-8")
    options = '[options]\njournal = { connection = "lake", path = "notes/journal" }'
    (folder / "hygge.toml").write_text(config.replace("[options]", options), "utf-8")


def test_runs_are_noted_shown_merged_and_rebuilt(server, open_journal, hygge, tmp_path):
    names = build(tmp_path, server, 3)
    with_journal(tmp_path)
    go(tmp_path, server)
    journal = open_journal()
    assert sorted(one.entity for one in journal.records()) == names
    assert not (tmp_path / "journal").exists()
    (told,) = [json.loads(line) for line in hygge("runs", "--output", "json").splitlines()]
    assert told["data"]["committed"] == 3
    assert "/lake/notes/journal/segments/" in hygge("compact")
    forget(server)
    assert list(journal.records()) == []
    assert "3 records written anew" in hygge("rebuild")


def test_many_write_and_some_merge_and_nothing_is_lost(open_journal):
    def write(writer):
        journal = open_journal()
        return [journal.append(record(f"run-{writer}", f"table-{number}")).id for number in range(25)]

    def merge(_):
        journal = open_journal()
        for _ in range(4):
            try:
                journal.compact()
            except Locked:
                continue
            read = [one.id for one in journal.records()]
            assert len(set(read)) == len(read)

    with ThreadPoolExecutor(6) as threads:
        merging = threads.map(merge, range(2))
        written = [name for names in threads.map(write, range(4)) for name in names]
        list(merging)
    journal = open_journal()
    assert sorted(one.id for one in journal.records()) == sorted(written)
    journal.compact()
    assert sorted(one.id for one in journal.records()) == sorted(written)


def test_a_record_whose_answer_was_lost_is_there_once(server, open_journal):
    journal = open_journal()
    server.arm(Fault(match="put_blob */records/*", what="lost_response"))
    journal.append(record("run", "teas"))
    assert [one.entity for one in journal.records()] == ["teas"]


def test_a_journal_that_drops_out_is_a_warning_and_the_tables_settle(server, tmp_path):
    build(tmp_path, server, 2)
    with_journal(tmp_path)
    server.arm(Fault(match="* lake/notes/*", what="status", status=403, code="AuthorizationFailure", times=None))
    report, said = go(tmp_path, server)
    assert {table["state"] for table in report["tables"]} == {"committed"}
    assert "the journal cannot be written" in said


def test_a_journal_of_many_records_is_read_several_at_a_time(server, open_journal):
    journal = open_journal()
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: journal.append(record("run", f"table-{number}")), range(64)))
    server.limit(Limits(latency=0.02))
    server.arm(Fault(match="read */records/*", what="hold"))  # while the first waits, others are asked for
    with ThreadPoolExecutor(1) as apart:
        reading = apart.submit(lambda: list(journal.records()))
        assert server.service.gate.wait_held()
        deadline = datetime.now(UTC).timestamp() + 30
        while sum(seen.operation == "read" for seen in server.requests) < 10:
            assert datetime.now(UTC).timestamp() < deadline
        server.service.gate.release()
        assert len(reading.result()) == 64
