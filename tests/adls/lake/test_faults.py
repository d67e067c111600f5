"""Whatever goes wrong with a request, every operation ends as if nothing had, and says how often it asked again."""

from __future__ import annotations

import itertools
from threading import Thread

import pytest
from attrs import evolve

from hygge_core.errors import Retryable, StoreError
from hygge_store_adls.lake.uploads import BLOCK
from hygge_store_adls.testing import Fault


LARGE = bytes(range(256)) * (BLOCK // 256) + b"more"
READ = bytes(range(256)) * 400


def create(lake, data):
    with lake.create("new/created") as file:
        file.write(data)


def hold(lake):
    with lake.lease("state/lease", "run 1") as held:
        held.check()


def read_large(lake):
    with lake.open("full/large") as file:
        return file.read()


def entries(lake, path, **how):
    return [(entry.path, entry.size) for entry in lake.list(path, **how)]


OPERATIONS = {
    "put": lambda lake: lake.put("full/small", b"other"),
    "put if absent": lambda lake: lake.put("new/small", b"tea", if_absent=True),
    "create small": lambda lake: create(lake, b"tea"),
    "create large": lambda lake: create(lake, LARGE),
    "read": lambda lake: lake.read("full/small"),
    "open": read_large,
    "stat": lambda lake: lake.stat("full/small").size,
    "list": lambda lake: entries(lake, "", recursive=True),
    "make directory": lambda lake: lake.make_directory("new/folder"),
    "rename": lambda lake: lake.rename("full/small", "full/renamed"),
    "rename into a new folder": lambda lake: lake.rename("full/small", "new/renamed"),
    "replace": lambda lake: lake.rename("full/small", "full/large", replace=True),
    "rename directory": lambda lake: lake.rename_directory("full", "moved"),
    "delete": lambda lake: lake.delete("full/small"),
    "delete directory": lambda lake: lake.delete_directory("full"),
    "lease": hold,
}

QUICK = ("busy before", "answer lost")
QUICK_ON_FLAT = ("put if absent", "rename", "replace", "list")
FAULTS = {
    "busy before": Fault(status=503, code="ServerBusy"),
    "busy, with a time to wait": Fault(status=503, code="ServerBusy", retry_after=0.05),
    "throttled": Fault(status=429, code="TooManyRequests"),
    "failed before": Fault(status=500, code="InternalError"),
    "failed after all": Fault(when="after", status=500, code="OperationTimedOut"),
    "dropped before": Fault(what="drop"),
    "dropped midway": Fault(what="drop", when="during"),
    "answer lost": Fault(what="lost_response"),
    "answer cut short": Fault(what="truncate"),
}


NOT_DONE = ("busy before", "busy, with a time to wait", "throttled", "failed before", "dropped before")


def fill(lake):
    lake.put("full/small", b"tea")
    with lake.create("full/large") as file:
        file.write(READ)
    lake.put("full/deep/er/file", b"cake")
    lake.put("state/lease", b"run 0")


def everything(lake):
    found = list(lake.list("", recursive=True))
    files = {entry.path: lake.read(entry.path) for entry in found if not entry.is_directory}
    return [(entry.path, entry.is_directory) for entry in found], files


def undisturbed(name, server, open_on):
    """What an operation answers and leaves where nothing goes wrong."""
    lake = open_on(server, root="calm", hierarchical=server.service.account.hierarchical)
    fill(lake)
    return OPERATIONS[name](lake), everything(lake)


def cases():
    """Every operation with every fault on both kinds of accounts, most of them slow together."""
    for kind, name, fault in itertools.product(("tree", "flat"), OPERATIONS, FAULTS):
        quick = fault in QUICK and (kind == "tree" or name in QUICK_ON_FLAT)
        yield pytest.param(kind, name, fault, marks=[] if quick else pytest.mark.slow)


@pytest.mark.parametrize(("server", "name", "fault"), list(cases()), indirect=["server"])
def test_each_request_may_go_wrong_once(server, name, fault, open_on, retries):
    calm = undisturbed(name, server, open_on)
    lake = open_on(server, root="rough", hierarchical=server.service.account.hierarchical, attempts=4)
    skip = 0
    while True:
        lake.delete_directory("")
        fill(lake)
        server.disarm()
        server.arm(evolve(FAULTS[fault], match="* lake*", skip=skip, times=1))
        answer = OPERATIONS[name](lake)
        struck = server.service.faults.struck()
        server.disarm()
        assert (answer, everything(lake)) == calm, f"with request {skip + 1} struck"
        if not struck:
            break
        skip += 1
    assert skip
    assert len(retries) >= skip or fault not in NOT_DONE


@pytest.mark.parametrize("name", ["put", "create large", "stat", "list", "rename", "delete directory", "lease"])
def test_a_service_that_stays_away_is_unavailable_after_so_many_attempts(name, server, open_on, retries):
    lake = open_on(server, hierarchical=server.service.account.hierarchical, attempts=3)
    fill(lake)
    server.arm(Fault(times=None, retry_after=0.01))
    with pytest.raises(StoreError, match="503 ServerBusy") as caught:
        OPERATIONS[name](lake)
    server.disarm()
    assert isinstance(caught.value, Retryable)
    assert isinstance(caught.value, OSError)
    assert caught.value.where.startswith(server.url)
    assert "run again" in caught.value.fix
    assert {told[1] for told in retries} == {"503 ServerBusy"}


def test_what_is_being_deleted_is_waited_for(tree_server, tree, retries):
    tree.put("a", b"tea")
    fault = Fault(match="rename *", status=409, code="DestinationPathIsBeingDeleted", times=3)
    tree_server.arm(fault, Fault(match="put_blob *", status=409, code="BlobBeingDeleted", times=2))
    tree.rename("a", "b")
    tree.put("a", b"cake")
    assert (tree.read("a"), tree.read("b")) == (b"cake", b"tea")
    assert len(retries) == 5


def test_a_rename_that_another_process_overtook_is_not_taken_for_done(tree_server, tree):
    """The answer is lost, and before the look another process moved what had been renamed."""
    tree.put("a", b"tea")
    tree_server.arm(Fault(match="rename *", what="lost_response"), Fault(match="head *", what="hold"))
    failed = []

    def rename():
        try:
            tree.rename("a", "b")
        except FileNotFoundError as error:
            failed.append(error)

    thread = Thread(target=rename)
    thread.start()
    assert tree_server.service.gate.wait_held()
    tree_server.disarm()
    tree.rename("b", "c")
    tree_server.service.gate.release()
    thread.join(timeout=30)
    assert failed
    assert tree.read("c") == b"tea"


def test_a_name_that_was_taken_meanwhile_is_taken_and_not_ours(server, lake, open_on):
    """The first request never arrived; before the second another writer came."""
    server.arm(Fault(match="put_blob *", what="drop", times=1), Fault(match="put_blob *", what="hold", skip=1))
    other = open_on(server, root="some/where")
    refused = []

    def put():
        try:
            lake.put("file", b"mine", if_absent=True)
        except FileExistsError as error:
            refused.append(error)

    thread = Thread(target=put)
    thread.start()
    assert server.service.gate.wait_held()
    server.disarm()
    other.put("file", b"theirs", if_absent=True)
    server.service.gate.release()
    thread.join(timeout=30)
    assert refused
    assert lake.read("file") == b"theirs"
