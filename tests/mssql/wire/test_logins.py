"""Who gets in, how the connection is encrypted, and what those hear who do not get in."""

from __future__ import annotations

from contextlib import closing

import pytest

from tds import SqlServer, drivers, problems
from tds.faults import Drop, Fail, Route
from tds.tables import Tables


@pytest.mark.parametrize("encryption", ["allowed", "required", "none"])
@pytest.mark.parametrize("wanted", ["no", "optional", "yes"])
def test_a_login_is_encrypted_as_both_sides_wish(driver, wanted, encryption):
    with SqlServer(Tables(), encryption=encryption) as server:
        if wanted == "yes" and encryption == "none":
            with pytest.raises(Exception, match=r"08001|[Uu]nable to"):
                drivers.connect(driver, server, Encrypt=wanted)
        elif driver == "freetds" and (wanted, encryption) == ("no", "required"):
            with pytest.raises(Exception, match="08001"):  # FreeTDS says then that it cannot encrypt
                drivers.connect(driver, server, Encrypt=wanted)
        else:
            with closing(drivers.connect(driver, server, Encrypt=wanted)) as connection:
                assert connection.cursor().execute("SELECT 1").fetchall()[0][0] == 1
            assert server.seen.leaked() == 0


def test_tds_8_is_tls_before_anything_else(server, microsoft_driver):
    certificate = server.certificates.alone_file
    with closing(
        drivers.connect(microsoft_driver, server, Encrypt="strict", ServerCertificate=certificate)
    ) as connection:
        assert connection.cursor().execute("SELECT 1").fetchall()[0][0] == 1


@pytest.mark.parametrize("wanted", ["no", "yes"])
def test_an_access_token_lets_in(server, microsoft_driver, wanted):
    token = server.accounts.issue_token()
    with closing(drivers.connect(microsoft_driver, server, token=token, Encrypt=wanted)) as connection:
        assert connection.cursor().execute("SELECT 1").fetchall()[0][0] == 1


def test_an_expired_token_is_refused(server, microsoft_driver):
    token = server.accounts.issue_token()
    server.accounts.expire(token)
    with pytest.raises(Exception, match=r"token-identified principal>'. Token is expired"):
        drivers.connect(microsoft_driver, server, token=token)
    assert (server.seen.refused, server.seen.logins) == (1, 0)


def test_a_token_of_somebody_else_is_refused(server, microsoft_driver):
    with pytest.raises(Exception, match="token-identified principal"):
        drivers.connect(microsoft_driver, server, token="abc")  # noqa: S106 - no password of anything


def test_a_token_that_expires_ends_its_session_at_the_next_statement(server, microsoft_driver):
    token = server.accounts.issue_token()
    with closing(drivers.connect(microsoft_driver, server, token=token)) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT 1").fetchall()
        server.accounts.expire(token)
        with pytest.raises(Exception, match=r"Token is expired|link failure"):
            cursor.execute("SELECT 1")
        with pytest.raises(Exception, match=r"08S01|link failure|broken"):
            connection.cursor().execute("SELECT 1")


@pytest.mark.parametrize(("wrong", "said"), [({"password": "x"}, "hygge"), ({"UID": "nobody"}, "nobody")])
def test_a_wrong_name_or_password_is_refused(server, driver, wrong, said):
    with pytest.raises(Exception, match=f"Login failed for user '{said}'"):
        drivers.connect(driver, server, **wrong)
    assert server.seen.refused == 1


def test_a_password_may_hold_any_character(server, driver):
    server.accounts.add("odd", "æ{漢=😀 '\"")
    drivers.connect(driver, server, UID="odd", password="æ{漢=😀 '\"").close()  # noqa: S106 - the test's own


def test_a_database_that_is_not_there_is_4060(server, driver):
    with pytest.raises(Exception, match='Cannot open database "nowhere"'):
        drivers.connect(driver, server, Database="nowhere")


ERRORS = {
    "40613": (problems.database_unavailable(), "is not currently available"),
    "40615": (problems.firewall(), "is not allowed to access the server"),
    "4060": (problems.no_such_database("x"), "Cannot open database"),
}


@pytest.mark.parametrize("number", ERRORS)
def test_a_login_gets_the_error_that_is_armed(server, driver, number):
    error, text = ERRORS[number]
    server.faults.on_login(Fail(error), times=20)  # drivers try some of them again by themselves
    with pytest.raises(Exception, match=text):
        drivers.connect(driver, server, ConnectRetryCount=0)


def test_an_unavailable_database_lets_in_when_it_is_back(server, driver):
    server.faults.on_login(Fail(problems.database_unavailable()), times=2)
    refused = 0
    for _ in range(3):
        try:
            drivers.connect(driver, server, ConnectRetryCount=0).close()
        except Exception as error:  # noqa: BLE001 - each driver has its own
            assert "not currently available" in str(error)  # noqa: PT017 - it may come or not
            refused += 1
    assert (refused, server.seen.refused) in {(2, 2), (0, 2)}


def test_a_connection_that_drops_at_its_login_is_an_error_of_the_connection(server, driver):
    server.faults.on_login(Drop(), times=20)
    with pytest.raises(Exception, match=r"08S01|08001|link|establish|connect"):
        drivers.connect(driver, server, ConnectRetryCount=0)
    assert server.seen.logins == 0


def test_a_gateway_sends_the_client_on(server, microsoft_driver):
    with SqlServer(Tables()) as gateway:
        gateway.faults.on_login(Route("127.0.0.1", server.port))
        with closing(drivers.connect(microsoft_driver, gateway)) as connection:
            connection.cursor().execute("SELECT 1").fetchall()
    assert (gateway.seen.logins, server.seen.logins) == (0, 1)


def test_the_server_sees_who_comes(server, microsoft_driver):
    sessions = []
    server.engine.close = sessions.append  # the engine is told of each session that ends
    drivers.connect(microsoft_driver, server, ApplicationIntent="ReadOnly").close()
    assert server.seen.leaked() == 0
    (session,) = sessions
    assert (session.login, session.database, session.read_only) == ("hygge", "test", True)
    assert session.application
    assert session.host


@pytest.mark.parametrize("size", [512, 4096, 32767])
def test_packets_have_the_size_that_the_client_wants(server, driver, size):
    if driver == "mssql-python":
        pytest.skip("mssql-python has no word for it")
    with closing(drivers.connect(driver, server, PacketSize=size)) as connection:
        text = "æ" * 3_000
        assert connection.cursor().execute("SELECT ?", (text,)).fetchall()[0][0] == text


def test_sessions_are_counted(server, driver):
    held = [drivers.connect(driver, server) for _ in range(3)]
    assert (server.seen.open, server.seen.peak) == (3, 3)
    held.pop().close()
    drivers.connect(driver, server).close()
    for connection in held:
        connection.close()
    assert (server.seen.leaked(), server.seen.logins) == (0, 4)
    assert server.seen.peak in {3, 4}  # the server may see the third one leave after the fourth has come


def test_a_driver_that_would_fetch_its_own_token_is_told_to_bring_one(server):
    """Microsoft's driver asks the server where to get a token when it is given a name and a password of Entra."""
    if problem := drivers.missing("microsoft"):
        pytest.skip(problem)
    with pytest.raises(Exception, match="access tokens that the client brings"):
        drivers.connect("microsoft", server, Authentication="ActiveDirectoryPassword")
    assert server.seen.logins == 0
