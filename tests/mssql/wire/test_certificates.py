"""What each driver makes of the server's certificate when it is told to check it.

The authority is made known by SSL_CERT_FILE, which OpenSSL reads once in a process: so each driver has one of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tds import SqlServer, drivers
from tds.tables import Tables


TESTS = Path(__file__).parents[2]
LOGIN = """
import sys
from attrs import make_class
from tds import drivers

server = make_class("Server", ["port", "database"])(int(sys.argv[2]), "test")
words = dict(word.split("=", 1) for word in sys.argv[3:])
try:
    drivers.connect(sys.argv[1], server, **words).close()
except Exception as error:
    sys.exit(str(error))
"""


def login(driver, server, **words):
    """Return what the driver says about its login, nothing when it is in."""
    arguments = [f"{name}={value}" for name, value in words.items()]
    done = subprocess.run(
        [sys.executable, "-c", LOGIN, driver, str(server.port), *arguments],
        cwd=TESTS,
        env=os.environ | {"SSL_CERT_FILE": str(server.ca_file)},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    return done.stderr


def checked(server, host):
    return {"TrustServerCertificate": "no", "Server": f"tcp:{host},{server.port}"}


def test_a_certificate_of_a_known_authority_for_this_host_is_fine(server, microsoft_driver):
    assert login(microsoft_driver, server, **checked(server, "localhost")) == ""


@pytest.mark.parametrize(
    ("kind", "host", "said"),
    [
        ("wrong_name", "localhost", "subject name does not match host name"),
        ("good", "127.0.0.1", "subject name does not match host name"),
        ("expired", "localhost", "certificate has expired"),
    ],
)
def test_a_certificate_that_is_wrong_is_refused_with_the_reason(microsoft_driver, kind, host, said):
    with SqlServer(Tables(), certificate=kind) as server:
        assert said in login(microsoft_driver, server, **checked(server, host))
        assert server.seen.logins == 0


def test_a_host_may_be_known_by_another_name(microsoft_driver):
    with SqlServer(Tables(), certificate="wrong_name") as server:
        words = checked(server, "localhost") | {"HostNameInCertificate": "elsewhere.test"}
        assert login(microsoft_driver, server, **words) == ""


def test_an_unknown_authority_is_refused(server, microsoft_driver):
    with pytest.raises(Exception, match="certificate verify failed"):
        drivers.connect(microsoft_driver, server, TrustServerCertificate="no")


def test_an_expired_certificate_is_refused_even_when_it_is_the_one_that_was_given(microsoft_driver):
    with SqlServer(Tables(), certificate="expired") as server:
        words = {"Encrypt": "strict", "ServerCertificate": server.certificates.alone_file}
        with pytest.raises(Exception, match="expired"):
            drivers.connect(microsoft_driver, server, **words)


def test_freetds_checks_no_certificate_unless_its_own_file_says_so(driver):
    if driver != "freetds":
        pytest.skip("about FreeTDS")
    with SqlServer(Tables(), certificate="expired") as server:
        drivers.connect(driver, server, Encrypt="yes").close()
        assert server.seen.logins == 1
