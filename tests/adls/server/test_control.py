"""The test server as a process of its own, steered from another over its control port."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from contextlib import ExitStack, contextmanager

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import AzureError, ClientAuthenticationError, HttpResponseError
from azure.storage.filedatalake import DataLakeServiceClient

from hygge_store_adls.testing import Fault, Limits, start_server


KILLED = -9 if os.name == "posix" else 15  # what SIGKILL leaves behind, and on Windows what ends a process there


@contextmanager
def connected(address, credential=None):
    trust = {"connection_verify": address.ca_file} if address.ca_file else {}
    options = {"retry_total": 0, "read_timeout": 30, **trust}
    with DataLakeServiceClient(address.url, credential or address.key, **options) as service:
        yield service.get_file_system_client(address.container)


@pytest.fixture(scope="module")
def process():
    with start_server("--page-size", "2") as address:
        yield address


@pytest.fixture
def control(process):
    yield process.control
    process.control.disarm()
    process.control.limit(Limits())


@pytest.fixture
def lake(process):
    with connected(process) as opened:
        yield opened
        for path in list(opened.get_paths(recursive=False)):
            opened.delete_directory(path.name)


def test_a_server_runs_in_a_process_of_its_own_until_it_is_not_needed(process, lake):
    lake.get_file_client("in/tea").upload_data(b"green", overwrite=True)
    assert lake.get_file_client("in/tea").download_file().readall() == b"green"
    assert (process.account, process.container) == ("hyggetest", "lake")


def test_its_command_line_says_where_it_is_and_ends_with_its_input():
    command = [sys.executable, "-m", "hygge_store_adls.testing", "--flat", "--account", "shop", "--container", "teas"]
    done = subprocess.run(command, input="", capture_output=True, text=True, timeout=60, check=True)
    told = json.loads(done.stdout)
    assert told["url"].endswith("/shop")
    assert set(told) == {"url", "account", "key", "container", "ca_file", "control_url"}
    assert (told["account"], told["container"], told["ca_file"], done.stderr) == ("shop", "teas", None, "")


def test_a_server_that_cannot_start_says_why(capfd):
    with pytest.raises(RuntimeError, match="did not start"), start_server("--port", "none"):
        pass
    assert "invalid int value" in capfd.readouterr().err


def test_a_onelake_over_tls_can_be_had_as_a_process():
    with start_server("--onelake", "--tls", "--no-rename") as address, ExitStack() as stack:
        token = address.control.issue_token(role="owner")

        class Credential:
            def get_token(self, *_, **__):
                return AccessToken(token, 4102444800)

        lake = stack.enter_context(connected(address, Credential()))
        lake.get_file_client("teahouse.Lakehouse/Files/tea").upload_data(b"green", overwrite=True)
        with pytest.raises(HttpResponseError) as caught:
            lake.get_file_client("teahouse.Lakehouse/Files/tea").rename_file("lake/teahouse.Lakehouse/Files/new")
        assert caught.value.error_code == "UnsupportedOperation"
        address.control.revoke_tokens()
        with pytest.raises(ClientAuthenticationError):
            lake.get_file_client("teahouse.Lakehouse/Files/tea").create_file()


def test_faults_are_armed_and_counted_from_outside(control, lake):
    control.arm(Fault(match="create_file *", code="Busy", retry_after=1.5), Fault(match="read *", what="drop"))
    with pytest.raises(HttpResponseError) as caught:
        lake.get_file_client("tea").create_file()
    assert (caught.value.error_code, caught.value.response.headers["Retry-After"]) == ("Busy", "1.5")
    assert control.struck() == 1
    control.disarm()
    assert control.struck() == 0
    lake.get_file_client("tea").create_file()


def test_the_record_is_read_from_outside(control, lake):
    control.forget()
    lake.get_file_client("in/tea").create_file()
    (seen,) = control.requests
    assert (seen.number, seen.operation, seen.path, seen.status, seen.mutating) == (
        1,
        "create_file",
        "lake/in/tea",
        201,
        True,
    )
    assert seen.headers["x-ms-version"]


def test_a_page_of_a_deletion_is_followed_by_the_next(control, lake):
    for number in range(5):
        lake.get_file_client(f"in/{number}").create_file()
    control.forget()
    lake.delete_directory("in")
    assert [seen.operation for seen in control.requests] == ["delete", "delete", "delete"]
    assert list(lake.get_paths()) == []


def test_leases_lapse_by_the_clock_and_at_once(control, lake):
    file = lake.get_file_client("tea")
    file.create_file()
    file.acquire_lease(15)
    control.advance(16)
    file.acquire_lease(60)
    assert control.lapse_leases() == 1
    file.acquire_lease(15)
    assert control.lapse_leases() == 1


def test_requests_are_held_and_released_from_outside(control, lake):
    control.arm(Fault(match="create_file *", what="hold"))
    thread = threading.Thread(target=lake.create_file, args=("tea",))
    thread.start()
    assert control.wait_held()
    assert [path.name for path in lake.get_paths()] == []
    control.release()
    thread.join(30)
    assert [path.name for path in lake.get_paths()] == ["tea"]
    assert not control.wait_held(0.01)


def test_limits_are_set_from_outside(control, lake):
    control.limit(Limits(latency=0.001, upload=50_000_000.0, download=50_000_000.0))
    lake.get_file_client("tea").upload_data(b"green", overwrite=True)
    assert lake.get_file_client("tea").download_file().readall() == b"green"


def test_a_victim_is_named_from_outside(control, process):
    code = "import sys, urllib.request; urllib.request.urlopen(sys.argv[1])"
    control.arm(Fault(match="read *", what="kill"))
    with subprocess.Popen([sys.executable, "-c", code, f"{process.url}/{process.container}/tea"]) as child:
        control.name_victim(child.pid)
        assert child.wait(60) == KILLED
    assert control.requests[-1].faults == ("kill before",)


def test_a_call_that_cannot_be_carried_out_says_why(process):
    for wrong, why in (("make_tea", "make_tea"), ("advance", "seconds")):
        with pytest.raises(RuntimeError, match=why):
            process.control._call(wrong)


def test_a_broken_off_request_leaves_the_server_well(control, lake):
    control.arm(Fault(match="append *", when="during", what="drop"))
    file = lake.get_file_client("tea")
    with pytest.raises(AzureError):
        file.upload_data(b"green", overwrite=True)
    file.upload_data(b"black", overwrite=True)
    assert file.download_file().readall() == b"black"
