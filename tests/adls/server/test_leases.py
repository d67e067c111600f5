"""Leases on files, folders and containers, through the real SDK; time passes by the server's clock."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from azure.core.exceptions import HttpResponseError, ResourceExistsError
from azure.storage.filedatalake import DataLakeLeaseClient


MINE, OTHER = "11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"


@pytest.fixture
def file(lake):
    made = lake.get_file_client("in/file")
    made.upload_data(b"tea", overwrite=True)
    return made


@pytest.fixture
def own(server, client):
    """A file on a server of its own, whose clock the test may move."""
    made = client(server).get_file_system_client(server.container).get_file_client("in/file")
    made.upload_data(b"tea", overwrite=True)
    return made


def state(file):
    lease = file.get_file_properties().lease
    return lease.status, lease.state


def test_a_leased_file_is_written_only_with_the_lease(lake, file, refused):
    lease = file.acquire_lease(15)
    assert state(file) == ("locked", "leased")
    with refused(412, "LeaseIdMissing"):
        file.append_data(b"pot", 3, 3)
    with refused(412, "LeaseIdMismatch"):
        file.append_data(b"pot", 3, 3, lease=OTHER)
    with refused(412, "LeaseIdMissing"):
        file.create_file()
    with refused(412, "LeaseIdMissing"):
        file.delete_file()
    with refused(412, "LeaseIdMissing"):
        file.rename_file(f"{lake.file_system_name}/in/new")
    with refused(412, "LeaseIdMissing"):
        file.set_metadata({"a": "b"})
    file.append_data(b"pot", 3, 3, lease=lease)
    file.flush_data(6, lease=lease)
    assert file.download_file().readall() == b"teapot"
    lease.release()
    assert state(file) == ("unlocked", "available")
    file.delete_file()


def test_a_lease_that_is_not_there_cannot_be_shown(file, refused):
    with refused(412, "LeaseNotPresent"):
        file.append_data(b"pot", 3, 3, lease=OTHER)
    with refused(412, "LeaseNotPresentWithBlobOperation"):
        file.set_metadata({"a": "b"}, lease=OTHER)


def test_a_leased_file_is_not_replaced_by_a_rename_without_its_lease(lake, file, refused):
    lake.get_file_client("in/new").upload_data(b"new", overwrite=True)
    lease = file.acquire_lease(15)
    target = f"{lake.file_system_name}/in/file"
    with refused(412, "LeaseIdMissing"):
        lake.get_file_client("in/new").rename_file(target)
    lake.get_file_client("in/new").rename_file(target, lease=lease)
    assert file.download_file().readall() == b"new"


def test_a_leased_file_moves_with_its_lease(lake, file):
    lease = file.acquire_lease(15)
    moved = file.rename_file(f"{lake.file_system_name}/in/new", source_lease=lease)
    assert state(moved) == ("locked", "leased")


def test_one_holder_at_a_time(file, refused):
    held = DataLakeLeaseClient(file, lease_id=MINE)
    held.acquire(15)
    with refused(409, "LeaseAlreadyPresent", ResourceExistsError):
        DataLakeLeaseClient(file, lease_id=OTHER).acquire(15)
    held.acquire(20)
    held.renew()
    held.change(OTHER)
    with refused(409, "LeaseIdMismatchWithLeaseOperation", ResourceExistsError):
        DataLakeLeaseClient(file, lease_id=MINE).renew()
    with refused(409, "LeaseIdMismatchWithLeaseOperation", ResourceExistsError):
        DataLakeLeaseClient(file, lease_id=MINE).release()
    DataLakeLeaseClient(file, lease_id=OTHER).release()
    with refused(409, "LeaseNotPresentWithLeaseOperation", ResourceExistsError):
        DataLakeLeaseClient(file, lease_id=OTHER).renew()


@pytest.mark.parametrize("seconds", [14, 61, 0, -2])
def test_a_lease_lasts_15_to_60_seconds_or_for_ever(file, refused, seconds):
    with refused(400, "InvalidHeaderValue"):
        file.acquire_lease(seconds)
    file.acquire_lease(-1).release()


def test_of_many_that_want_a_lease_one_gets_it(file):
    won, barrier = [], Barrier(16)

    def take(number):
        barrier.wait()
        try:
            DataLakeLeaseClient(file).acquire(15)
        except ResourceExistsError:
            return
        won.append(number)

    threads = [Thread(target=take, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1


def test_folders_and_containers_can_be_leased(lake, refused):
    folder = lake.get_directory_client("folder")
    folder.create_directory()
    lease = folder.acquire_lease(15)
    with refused(412, "LeaseIdMissing"):
        folder.delete_directory()
    folder.delete_directory(lease=lease)
    lease = lake.acquire_lease(15)
    with refused(412, "LeaseIdMissing"):
        lake.delete_file_system()
    lease.release()


def test_a_broken_lease_is_free_after_its_period(file, refused):
    lease = file.acquire_lease(60)
    assert lease.break_lease(lease_break_period=10) == 10
    assert state(file) == ("locked", "breaking")
    with refused(409, "LeaseIsBrokenAndCannotBeRenewed", ResourceExistsError):
        lease.renew()
    with refused(409, "LeaseIsBreakingAndCannotBeChanged", ResourceExistsError):
        lease.change(OTHER)
    with refused(409, "LeaseIsBreakingAndCannotBeAcquired", ResourceExistsError):
        DataLakeLeaseClient(file, lease_id=OTHER).acquire(15)
    assert lease.break_lease(lease_break_period=0) == 0
    assert state(file) == ("unlocked", "broken")
    file.acquire_lease(15).release()


def test_an_endless_lease_breaks_at_once(file):
    assert file.acquire_lease(-1).break_lease() == 0
    assert state(file) == ("unlocked", "broken")


def test_what_is_not_leased_cannot_be_broken(file, refused):
    with refused(409, "LeaseNotPresentWithLeaseOperation", ResourceExistsError):
        DataLakeLeaseClient(file).break_lease()


def test_a_lease_lapses_unless_it_is_renewed(server, own, refused):
    lease = own.acquire_lease(60)
    server.clock.advance(45)
    lease.renew()
    server.clock.advance(59)
    assert state(own) == ("locked", "leased")
    server.clock.advance(1)
    assert state(own) == ("unlocked", "expired")
    with refused(412, "LeaseNotPresent"):
        own.append_data(b"pot", 3, 3, lease=lease)
    with refused(412, "LeaseLost"):
        own.set_metadata({"a": "b"}, lease=lease)


def test_a_lapsed_lease_is_renewed_only_while_nobody_else_wrote(server, own, refused):
    lease = own.acquire_lease(15)
    server.clock.advance(16)
    lease.renew()
    server.clock.advance(16)
    own.set_metadata({"another": "writer"})
    with refused(409, "LeaseNotPresentWithLeaseOperation", ResourceExistsError):
        lease.renew()


def test_a_lapsed_lease_goes_to_the_next(server, own, refused):
    old = own.acquire_lease(15)
    server.clock.advance(16)
    new = DataLakeLeaseClient(own, lease_id=OTHER)
    new.acquire(15)
    with refused(409, "LeaseIdMismatchWithLeaseOperation", ResourceExistsError):
        old.renew()


def test_a_lapsed_lease_cannot_be_changed(server, own, refused):
    lease = own.acquire_lease(15)
    server.clock.advance(16)
    with refused(409, "LeaseNotPresentWithLeaseOperation", ResourceExistsError):
        lease.change(OTHER)


def test_all_leases_can_be_made_to_lapse(server, own):
    own.acquire_lease(60)
    assert server.lapse_leases() == 1
    assert server.lapse_leases() == 0
    assert state(own) == ("unlocked", "expired")
    own.delete_file()


def test_an_action_that_is_none_is_refused(own):
    with pytest.raises(HttpResponseError) as caught:
        DataLakeLeaseClient(own).acquire(15, headers={"x-ms-lease-action": "borrow"})
    assert caught.value.status_code == 400
