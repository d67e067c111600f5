"""Faults that are armed: what the client sees, and what the account holds afterwards."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from azure.core import MatchConditions
from azure.core.exceptions import (
    AzureError,
    HttpResponseError,
    ServiceRequestError,
    ServiceResponseError,
)
from azure.storage.blob import BlobServiceClient
from azure.storage.filedatalake import ExponentialRetry, generate_file_system_sas
from hypothesis import given, settings
from hypothesis import strategies as st

from hygge_store_adls.testing import DfsServer, Fault, Limits
from hygge_store_adls.testing.faults import FaultPlan


KILLED = -9 if os.name == "posix" else 15  # what SIGKILL leaves behind, and on Windows what ends a process there
LOST = (ServiceResponseError, ServiceRequestError)


@pytest.fixture
def lake(server, client):
    return client(server).get_file_system_client(server.container)


@pytest.fixture
def old(server, lake):
    """A file that is there before anything goes wrong."""
    lake.get_file_client("old").upload_data(b"green", overwrite=True)
    server.forget()
    return lake.get_file_client("old")


def names(lake):
    return [path.name for path in lake.get_paths()]


def told(server):
    return [(seen.operation, seen.status) for seen in server.requests]


def test_a_status_before_leaves_everything_as_it_was(server, lake, old, refused):
    server.arm(Fault(match="rename *", status=503, code="ServerBusy", retry_after=7))
    with refused(503, "ServerBusy") as caught:
        old.rename_file(f"{server.container}/new")
    assert caught.value.response.headers["Retry-After"] == "7"
    assert names(lake) == ["old"]
    old.rename_file(f"{server.container}/new")
    assert names(lake) == ["new"]


def test_a_status_after_hides_that_it_was_done(server, lake, old, refused):
    server.arm(Fault(match="rename *", when="after", status=500, code="OperationTimedOut"))
    with refused(500, "OperationTimedOut"):
        old.rename_file(f"{server.container}/new")
    assert names(lake) == ["new"]


@pytest.mark.parametrize(
    ("fault", "left"),
    [
        (Fault(match="rename *", what="drop"), "old"),
        (Fault(match="rename *", what="drop", when="during"), "new"),
        (Fault(match="rename *", what="drop", when="after"), "new"),
        (Fault(match="rename *", what="lost_response"), "new"),
        (Fault(match="rename *", what="truncate"), "new"),
    ],
    ids=lambda value: f"{value.what} {value.when}" if isinstance(value, Fault) else value,
)
def test_a_connection_that_drops_leaves_the_client_in_doubt(server, lake, old, fault, left):
    server.arm(fault)
    with pytest.raises(LOST):
        old.rename_file(f"{server.container}/new")
    assert server.struck() == 1
    assert names(lake) == [left]


@pytest.mark.parametrize("what", ["drop", "status"])
def test_half_a_body_changes_nothing(server, old, what):
    server.arm(Fault(match="append *", when="during", what=what))
    with pytest.raises(AzureError):
        old.append_data(b"0123456789", 5, 10)
    (seen,) = server.requests
    assert seen.received == (5 if what == "drop" else 10)
    with pytest.raises(HttpResponseError):
        old.flush_data(15)
    assert old.download_file().readall() == b"green"


def test_an_answer_that_ends_halfway_is_not_taken_for_the_file(server, old):
    server.arm(Fault(match="read *", what="truncate", times=None))
    with pytest.raises(AzureError):
        old.download_file().readall()
    assert {seen.sent for seen in server.requests} == {2}
    server.disarm()
    assert old.download_file().readall() == b"green"


def test_a_delay_outlasts_a_client_that_does_not_wait(server, client, old):
    impatient = client(server, read_timeout=0.2).get_file_system_client(server.container).get_file_client("old")
    server.arm(Fault(match="flush *", what="delay", seconds=60.0, when="after"))
    old.append_data(b" tea", 5, 4)
    with pytest.raises(LOST):
        impatient.flush_data(9)
    assert old.download_file().readall() == b"green tea"


def test_a_request_can_be_held_until_the_test_looked(server, lake, old):
    server.arm(Fault(match="rename *", what="hold", when="after"))
    thread = threading.Thread(target=old.rename_file, args=(f"{server.container}/new",))
    thread.start()
    assert server.wait_held()
    assert names(lake) == ["new"]
    assert ("rename", 0) in told(server)
    server.release()
    thread.join(30)
    assert ("rename", 201) in told(server)


def test_nothing_is_held_where_no_request_came(server):
    assert not server.wait_held(0.01)


def test_skip_and_times_choose_requests_by_number(server, lake):
    server.arm(Fault(match="create_file *", skip=2, times=2))
    outcomes = []
    for number in range(6):
        try:
            lake.get_file_client(f"{number}").create_file()
        except HttpResponseError as error:
            outcomes.append(error.status_code)
        else:
            outcomes.append(201)
    assert outcomes == [201, 201, 503, 503, 201, 201]


def test_a_fault_can_strike_the_nth_request_that_changes_something(server, old):
    server.arm(Fault(mutating=True, skip=1))
    old.exists()
    old.append_data(b"!", 5, 1)
    old.exists()
    with pytest.raises(HttpResponseError):
        old.flush_data(6)
    assert [seen.mutating for seen in server.requests] == [False, True, False, True]


def test_a_fault_is_for_the_paths_it_names(server, lake):
    server.arm(Fault(match=f"create_* {server.container}/tables/*", times=None))
    lake.create_directory("other")
    for make in (lake.create_directory, lake.create_file):
        with pytest.raises(HttpResponseError):
            make("tables/orders")
    assert names(lake) == ["other"]


def test_several_faults_strike_one_request_in_their_order(server, lake, old):
    server.arm(
        Fault(match="rename *", what="delay", seconds=0.01),
        Fault(match="rename *", when="after", status=500, code="InternalError"),
    )
    with pytest.raises(HttpResponseError):
        old.rename_file(f"{server.container}/new")
    assert server.requests[0].faults == ("delay before", "status after")
    assert names(lake) == ["new"]


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 1000), share=st.sampled_from([0.01, 0.2, 0.5]))
def test_a_probability_strikes_that_share_and_the_same_requests_for_a_seed(seed, share):
    def struck():
        plan = FaultPlan(seed)
        plan.arm([Fault(probability=share, times=None)])
        return [bool(plan.strike("append", "lake/a", mutating=True)) for _ in range(2000)]

    first = struck()
    assert first == struck()
    deviation = math.sqrt(2000 * share * (1 - share))
    assert abs(sum(first) - 2000 * share) < 6 * deviation


def test_a_client_that_retries_gets_through_a_busy_server(client):
    attempts = dict.fromkeys(("retry_total", "retry_status", "retry_read", "retry_connect"), 30)
    patience = ExponentialRetry(initial_backoff=0, increment_base=0, random_jitter_range=0, **attempts)
    with DfsServer(seed=7) as server:
        server.arm(
            Fault(probability=0.2, times=None),
            Fault(probability=0.05, times=None, retry_after=0.01),
            Fault(probability=0.05, times=None, what="drop"),
        )
        lake = client(server, retry_policy=patience).get_file_system_client(server.container)
        for number in range(20):
            lake.get_file_client(f"{number}").upload_data(b"%d" % number, overwrite=True)
        assert server.struck() > 5
        server.disarm()
        found = {lake.get_file_client(f"{number}").download_file().readall() for number in range(20)}
        assert found == {b"%d" % number for number in range(20)}


CHILD = """
import sys, http.client
port, query, *paths = sys.argv[1:]
lake = http.client.HTTPConnection("127.0.0.1", int(port), timeout=60)
for path in paths:
    lake.request("PUT", f"{path}?resource=file&{query}", headers={"Content-Length": "0"})
    lake.getresponse().read()
"""


@pytest.mark.parametrize(("when", "left"), [("before", ["one"]), ("after", ["one", "two"])])
def test_a_client_is_killed_at_the_request_that_was_chosen(server, lake, when, left):
    hour = datetime.now(UTC) + timedelta(hours=1)
    signature = generate_file_system_sas(server.account, server.container, server.key, "racwdl", hour)
    port, folder = str(urlsplit(server.url).port), f"/{server.account}/{server.container}"
    server.arm(Fault(mutating=True, skip=1, when=when, what="kill"))
    command = [sys.executable, "-c", CHILD, port, signature, f"{folder}/one", f"{folder}/two", f"{folder}/three"]
    with subprocess.Popen(command) as child:
        server.name_victim(child.pid)
        assert child.wait(60) == KILLED
    assert names(lake) == left


def test_a_kill_without_a_victim_is_a_failure_of_the_test(client):
    running = ExitStack()
    server = running.enter_context(DfsServer())
    lake = client(server, read_timeout=0.1).get_file_system_client(server.container)
    server.arm(Fault(what="kill"))
    with pytest.raises(LOST):
        lake.create_file("one")
    with pytest.raises(AssertionError, match="named none"):
        running.close()


def test_a_victim_that_is_gone_already_is_no_error(server, lake):
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait(30)
    server.arm(Fault(what="kill"))
    server.name_victim(child.pid)
    with pytest.raises(LOST):
        lake.get_file_client("one").create_file()
    assert names(lake) == []


def test_a_defect_of_the_server_is_raised_when_it_closes():
    running = ExitStack()
    server = running.enter_context(DfsServer())
    with BlobServiceClient(server.url, server.key, retry_total=0) as blobs, pytest.raises(HttpResponseError) as caught:
        blobs.get_blob_client(server.container, "tea")._client.block_blob.commit_block_list(blocks=None)
    assert caught.value.status_code == 500
    with pytest.raises(AssertionError, match="ParseError"):
        running.close()


# Limits


def test_latency_is_added_to_every_request(server, lake):
    server.limit(Limits(latency=0.05))
    started = time.monotonic()
    for _ in range(4):
        lake.exists()
    assert time.monotonic() - started >= 0.2
    server.limit(Limits())


@pytest.mark.parametrize("connections", [1, 3])
def test_bandwidth_is_shared_by_all_connections(server, lake, connections):
    lake.get_file_client("data").upload_data(os.urandom(300_000), overwrite=True)
    server.limit(Limits(upload=1_000_000, download=1_000_000))

    def up(number):
        lake.get_file_client("data").append_data(b"x" * (240_000 // connections), number, 240_000 // connections)

    def down(_):
        lake.get_file_client("data").download_file().readall()

    for work, least in ((up, 0.22), (down, 0.28 * connections)):
        threads = [threading.Thread(target=work, args=(number,)) for number in range(connections)]
        started = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert time.monotonic() - started >= least


@pytest.mark.parametrize("what", ["delay", "hold"])
def test_a_server_that_stops_waits_for_nobody(client, what):
    with DfsServer() as server:
        lake = client(server).get_file_system_client(server.container)
        server.arm(Fault(what=what, seconds=600.0))

        def create():
            with suppress(AzureError):  # it may be answered, or cut off
                lake.create_file("tea")

        thread = threading.Thread(target=create)
        thread.start()
        while not server.struck():
            time.sleep(0.01)
    thread.join(30)
    assert not thread.is_alive()


# Discard mode


def test_discarded_content_has_its_length_and_cannot_be_read(client, refused):
    with DfsServer(discard=1000) as server:
        lake = client(server).get_file_system_client(server.container)
        lake.get_file_client("large").upload_data(b"x" * 500_000, overwrite=True)
        lake.get_file_client("small").upload_data(b"x" * 1000, overwrite=True)
        assert lake.get_file_client("large").get_file_properties().size == 500_000
        assert lake.get_file_client("small").download_file().readall() == b"x" * 1000
        with refused(500, "InternalError") as caught:
            lake.get_file_client("large").download_file()
        assert "discard" in str(caught.value)
        with BlobServiceClient(server.url, server.key, retry_total=0) as blobs:
            blob = blobs.get_blob_client(server.container, "blocks")
            for name in ("x" * 63 + f"{number:03}" for number in range(20)):
                blob.stage_block(name, b"x" * 2000)
            with refused(500, "InternalError"):
                blob.commit_block_list(["x" * 63 + f"{number:03}" for number in range(20)])


def test_conditional_writes_are_seen_in_the_record(server, lake):
    lake.get_file_client("tea").create_file(match_condition=MatchConditions.IfMissing)
    (seen,) = server.requests
    assert (seen.number, seen.method, seen.path, seen.headers["if-none-match"]) == (1, "PUT", "lake/tea", "*")
    assert seen.query["resource"] == "file"
