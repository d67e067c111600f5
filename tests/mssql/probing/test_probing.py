"""`hygge debug` goes the way to the server step by step, and says where it ends and what to try."""

from __future__ import annotations

import socket

import pytest

from hygge_core.home import Probes


FLOW = """
[flows.f]
home = {{ type = "mssql", connection = "erp", table = "{table}" }}
store = {{ type = "parquet", path = "out/{{entity}}" }}
entities = ["e"]
"""


@pytest.fixture
def findings(place):
    def found(**settings):
        connection = place.connection(**settings)
        assert isinstance(connection, Probes)
        try:
            return {finding.probe: finding for finding in connection.probe("erp")}
        finally:
            connection.close()

    return found


def test_the_whole_way_is_told(findings):
    found = findings()
    assert list(found) == ["driver", "name", "port", "login", "server", "isolation", "encryption", "clock"]
    assert all(finding.ok for finding in found.values()), found


def test_a_server_without_a_name_is_told(findings):
    found = findings(server="no-such-host.invalid")
    assert list(found) == ["driver", "name"]
    assert "no-such-host.invalid is not known" in found["name"].what
    assert found["name"].fix


def test_a_port_that_nobody_listens_at_is_told(findings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        found = findings(server="127.0.0.1", port=free.getsockname()[1], connect_timeout=_seconds(2))
    assert list(found)[-1] == "port"
    assert not found["port"].ok
    assert "firewall" in found["port"].fix


def test_a_login_that_is_refused_is_told(findings):
    found = findings(user="nobody")
    assert list(found)[-1] == "login"
    assert not found["login"].ok
    assert "nobody" in found["login"].what or "Login failed" in found["login"].what


def test_a_certificate_that_nobody_vouches_for_is_told(place, findings):
    if place.server is None:
        pytest.skip("what certificate this server shows is not known")
    found = findings(trust_server_certificate=False)
    assert list(found)[-1] == "login"
    assert "trust_server_certificate" in found["login"].fix


def test_a_driver_that_is_not_there_is_told(findings):
    found = findings(driver="No Such Driver")
    assert list(found) == ["driver"]
    assert not found["driver"].ok


def test_a_named_instance_has_no_port_to_try(place):
    connection = place.connection(port=0, instance="SQLEXPRESS", connect_timeout=_seconds(1))
    try:
        probes = connection.probe("erp")
        found = [next(probes) for _ in range(3)]
    finally:
        connection.close()
    assert "found by the driver" in found[-1].what


def test_a_connection_in_the_clear_needs_attention(place, findings):
    if place.server is None:
        pytest.skip("whether this server takes connections in the clear is not known")
    found = findings(encrypt=False, trust_server_certificate=False)
    assert "not encrypted" in found["encryption"].what or "does not say" in found["encryption"].what


def test_a_table_is_looked_at_as_a_run_would(place, open_home):
    table = place.name("seen")
    place.execute(f"CREATE TABLE {table} (Id int)")
    columns, isolation = open_home(table=table).probe("e")
    assert (columns.what, isolation.ok) == ("1 column can be read", True)
    (missing,) = open_home(table="no_such_table_x").probe("e")
    assert not missing.ok
    assert "no_such_table_x" in missing.what


def test_debug_tells_of_connection_and_table(place, hygge, tmp_path):
    table = place.name("seen")
    place.execute(f"CREATE TABLE {table} (Id int, Name varchar(5))")
    place.project(tmp_path, FLOW.format(table=table))
    done = hygge("debug")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "connection erp: logged in as" in done.stdout
    assert "f.e home: 2 columns can be read" in done.stdout
    assert place.settings["password"] not in done.stdout + done.stderr


def test_debug_tells_of_a_table_that_is_not_there(place, hygge, tmp_path):
    place.project(tmp_path, FLOW.format(table="no_such_table_x"))
    done = hygge("debug")
    assert done.returncode == 1
    assert "there is no table or view 'no_such_table_x'" in done.stderr


def _seconds(number):
    from datetime import timedelta

    return timedelta(seconds=number)
