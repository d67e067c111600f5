"""Logging in by every driver, with any password or a token, and words for those who do not get in."""

from __future__ import annotations

import socket
import traceback
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hygge_core import HomeError, HomeUnavailable
from tds import problems
from tds.contract import SqlError
from tds.faults import Drop, Fail


SECOND = timedelta(seconds=1)
# NUL ends strings for ODBC; the rest are the signs that connection strings are made of, and letters of all planes
SIGNS = st.text(st.sampled_from("{};='\" aPWD\\€😀ü"), min_size=1, max_size=12)


def refused(connect, ask, way, **words):
    """Try to log in; return the error, in which the password must not be."""
    with pytest.raises(HomeError) as error:
        ask(connect(way, **words))
    text = "".join(traceback.format_exception(error.value))
    for name in ("password", "access_token"):
        assert not words.get(name) or words[name] not in text
    return error.value


def test_a_login_with_a_password_gets_in(connect, ask, way):
    assert ask(connect(way)) == 1


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(password=SIGNS, user=SIGNS)
def test_any_password_arrives_as_it_is(server, connect, ask, way, password, user):  # noqa: PLR0913, PLR0917 - fixtures
    if user != user.strip() or (way == "freetds" and ("};" in password + user or "\\" in user)):
        return
    server.accounts.add(user, password)
    connection = connect(way, user=user, password=password, encrypt=way != "freetds")
    try:
        assert ask(connection) == 1
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ({"password": "a};b"}, "FreeTDS takes no password that has }; in it"),
        ({"user": "corp\\anna"}, "FreeTDS takes a user with a backslash for one of Windows"),
        ({"encrypt": "strict", "trust_server_certificate": False}, 'FreeTDS cannot do encrypt = "strict"'),
        ({"multi_subnet_failover": True}, "FreeTDS cannot do multi_subnet_failover"),
        ({"trust_server_certificate": False}, "FreeTDS does not check the server's certificate"),
        (
            {"trust_server_certificate": False, "certificate_host": "sql01"},
            "FreeTDS cannot look for a certificate that the project names",
        ),
    ],
)
def test_freetds_refuses_what_it_would_leave_out_without_a_word(connect, words, what):
    with pytest.raises(HomeError) as refused, connect("freetds", **words).pool.borrow():
        pass
    assert refused.value.what == what
    assert "Microsoft's driver" in refused.value.fix


def test_the_server_learns_who_asks_and_for_what(server, connect, ask, way):
    seen = []
    execute = server.engine.execute
    server.engine.execute = lambda session, *rest: seen.append(session) or execute(session, *rest)
    connection = connect(way, application_name="nightly", read_only=True)
    ask(connection)
    assert seen[-1].database == "test"
    assert seen[-1].read_only
    if way != "arrow":  # mssql-python names itself
        assert seen[-1].application == "nightly"


def test_a_token_gets_in(server, connect, ask, way):
    words = {"auth": "access_token", "user": None, "password": None, "access_token": server.accounts.issue_token()}
    if way == "freetds":
        assert "cannot log in with a token" in refused(connect, ask, way, **words).what
    else:
        assert ask(connect(way, **words)) == 1


def test_a_token_that_expired_says_so(server, connect, ask, way):
    if way == "freetds":
        pytest.skip("FreeTDS knows no tokens")
    token = server.accounts.issue_token()
    server.accounts.expire(token)
    error = refused(connect, ask, way, auth="access_token", user=None, password=None, access_token=token)
    assert "Token is expired" in error.what
    assert "new access token" in error.fix


REFUSALS = [
    (problems.login_failed("hygge"), "Login failed for user 'hygge'", "check user and password", False),
    (problems.windows_refused(), "untrusted domain", 'use auth = "sql"', False),
    (problems.no_such_database("ERP"), 'Cannot open database "ERP"', "check database", False),
    (problems.database_unavailable(), "not currently available", "try again", True),
    (problems.firewall(), "not allowed to access the server", "firewall", False),
    (
        SqlError(18487, "Login failed for user 'hygge'. Reason: The password of the account has expired.", severity=14),
        "expired",
        "new password",
        False,
    ),
    (
        SqlError(18470, "Login failed for user 'hygge'. Reason: The account is disabled.", severity=14),
        "disabled",
        "enable the login",
        False,
    ),
    (
        SqlError(40532, 'Cannot open server "x" requested by the login.  The login failed.', severity=20),
        "Cannot open server",
        "check server",
        False,
    ),
    (
        SqlError(40501, "The service is currently busy. Retry the request after 10 seconds.", severity=20),
        "busy",
        "try again",
        True,
    ),
]


@pytest.mark.parametrize("case", REFUSALS, ids=lambda case: str(case[0].number))
def test_a_refusal_says_what_to_do_and_whether_to_try_again(server, connect, ask, way, case):
    error, what, fix, again = case
    server.faults.on_login(Fail(error), times=10)
    found = refused(connect, ask, way)
    assert what in found.what
    assert fix in found.fix
    assert isinstance(found, HomeUnavailable) == again
    assert found.where == f"127.0.0.1/{server.port}/test"
    assert "[" not in found.what


def test_a_wrong_password_does_not_show(connect, ask, way):
    error = refused(connect, ask, way, password="wr}ong;geheim")  # noqa: S106 - of nothing
    assert "check user and password" in error.fix


def test_a_password_that_the_server_repeats_does_not_show(server, connect, ask, way):
    server.faults.on_login(Fail(SqlError(18456, "Login failed for user 'geheim'. Why? geheim!", severity=14)))
    server.accounts.add("hygge", "geheim")
    error = refused(connect, ask, way, password="geheim")  # noqa: S106 - of nothing
    assert "'***'" in error.what


def test_a_login_that_is_cut_off_may_be_tried_again(server, connect, ask, way):
    server.faults.on_login(Drop(), times=10)
    assert isinstance(refused(connect, ask, way), HomeUnavailable)


def test_a_port_that_nothing_listens_on_may_be_tried_again(connect, ask, way):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: refused at once
        error = refused(connect, ask, way, port=taken.getsockname()[1], connect_timeout=SECOND)
    assert isinstance(error, HomeUnavailable)
    assert "server" in error.fix


def test_a_name_that_does_not_resolve_is_said(connect, ask, way):
    error = refused(connect, ask, way, server="no-such-host.invalid", connect_timeout=SECOND)
    assert error.fix
