"""One writer holds a name; its hold is renewed, lapses when it dies, and is not believed in when it may have lapsed."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from contextlib import ExitStack

import pytest

from hygge_core.errors import Locked
from hygge_core.lake import Lapses
from hygge_store_adls.testing import Fault


def renewals(server):
    return [seen for seen in server.requests if seen.headers.get("x-ms-lease-action") == "renew"]


def until(condition, seconds=30):
    """Wait for what another thread does; a bound, not a measure."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def test_a_second_writer_is_told_who_holds_it_and_for_how_long(server, open_on):
    one, other = open_on(server), open_on(server)
    with one.lease("state/lease", "run 1 on atlas") as hold:
        assert isinstance(hold, Lapses)
        hold.check()
        with pytest.raises(Locked, match="run 1 on atlas") as caught, other.lease("state/lease", "run 2"):
            pytest.fail("two hold it")
        assert caught.value.holder == "run 1 on atlas"
        assert "at most 60 seconds" in caught.value.fix
        with pytest.raises(Locked), one.lease("state/lease", "run 3"):
            pytest.fail("two hold it")
    with other.lease("state/lease", "run 2"):
        pass


def test_many_that_want_it_at_once_get_it_one_by_one(lake):
    inside, most, got = [], [], []

    def try_once(number):
        try:
            with lake.lease("state/lease", f"run {number}"):
                inside.append(number)
                most.append(len(inside))
                inside.remove(number)
                got.append(number)
        except Locked:
            pass

    threads = [threading.Thread(target=try_once, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert got
    assert max(most) == 1


KILLED = """
import os, sys
from azure.core.credentials import AzureNamedKeyCredential
from hygge_store_adls.lake import LakePlace, open_lake
url, container, account, key = sys.argv[1:]
lake = open_lake(LakePlace(endpoint=url, container=container), AzureNamedKeyCredential(account, key))
with lake.lease("state/lease", "a run that dies"):
    print("held", flush=True)
    sys.stdin.read(1)
    os._exit(9)
"""


def test_a_killed_writer_is_out_of_the_way_when_its_lease_has_run_out(server, open_on):
    lake = open_on(server)
    command = [sys.executable, "-c", KILLED, server.url, server.container, server.account, server.key]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout.readline().strip() == b"held"
        child.communicate(b"x", timeout=60)
    assert child.returncode == 9
    server.clock.advance(59)
    with pytest.raises(Locked, match="a run that dies"), lake.lease("state/lease", "run 2"):
        pytest.fail("two hold it")
    server.clock.advance(2)
    with lake.lease("state/lease", "run 2") as hold:
        hold.check()


def test_a_hold_that_another_took_over_is_lost_for_good(tree_server, open_on):
    one, other = open_on(tree_server, lease=15), open_on(tree_server)
    with one.lease("state/lease", "run 1") as hold:
        tree_server.clock.advance(16)
        with other.lease("state/lease", "run 2"):
            until(lambda: renewals(tree_server))
            with pytest.raises(Locked, match="no longer holds it"):
                until(lambda: hold.check() or False)
        with pytest.raises(Locked, match="run again"):
            hold.check()


@pytest.mark.slow
def test_a_hold_is_renewed_while_it_is_wanted_and_not_longer(tree_server, open_on):
    lake = open_on(tree_server, lease=15)
    with lake.lease("state/lease", "run 1") as hold:
        until(lambda: len(renewals(tree_server)) >= 2)
        hold.check()
    until(lambda: not any(thread.name == "hygge-leases" for thread in threading.enumerate()))
    with lake.lease("state/lease", "run 2") as hold:
        hold.check()


def test_a_hold_that_cannot_be_renewed_is_doubted_before_it_ends(tree_server, open_on, monkeypatch):
    """The service is away; the clock of this machine goes on."""
    from hygge_store_adls.lake import leases

    lake = open_on(tree_server, lease=15)
    late = [0.0]
    now = leases.seconds
    monkeypatch.setattr(leases, "seconds", lambda: now() + late[0])
    with lake.lease("state/lease", "run 1") as hold:
        tree_server.arm(Fault(match="lease *", times=None))
        hold.check()
        late[0] = 13.0
        with pytest.raises(Locked, match="could not be renewed in time"):
            hold.check()
        tree_server.disarm()
        until(lambda: _holds(hold))  # the service is back, and nobody else came


def _holds(hold):
    try:
        hold.check()
    except Locked:
        return False
    return True


def test_one_thread_renews_all_that_a_lake_holds(tree_server, open_on):
    lake = open_on(tree_server, lease=15)
    with ExitStack() as held:
        for number in range(5):
            held.enter_context(lake.lease(f"state/{number}/lease", "run 1"))
        assert sum(thread.name == "hygge-leases" for thread in threading.enumerate()) == 1
        until(lambda: len({seen.path for seen in renewals(tree_server)}) == 5)


def test_asking_again_after_a_lost_answer_does_not_lock_oneself_out(server, lake):
    server.arm(Fault(match="lease *", what="lost_response"))
    with lake.lease("state/lease", "run 1") as hold:
        hold.check()
    with lake.lease("state/lease", "run 2"):
        pass


def test_a_release_that_nobody_hears_does_not_fail_what_was_done(server, open_on):
    lake = open_on(server, attempts=2)
    with lake.lease("state/lease", "run 1"):
        server.arm(Fault(match="lease *", times=None))
    server.disarm()


def test_the_error_of_what_was_done_under_a_lease_passes_through(lake):
    with pytest.raises(ZeroDivisionError), lake.lease("state/lease", "run 1"):
        raise ZeroDivisionError
    with lake.lease("state/lease", "run 2"):
        pass
