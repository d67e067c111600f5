"""What a project says of a connection is understood, or refused before anything is opened."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hygge_core.secret import Secret
from hygge_home_mssql.config import MssqlConnectionConfig
from hygge_home_mssql.plugin import hygge_connections


SQL = {"server": "sql01", "database": "ERP", "user": "u", "password": Secret("p")}
PLACE = {"server": "sql01", "database": "ERP"}


def refused(**words):
    with pytest.raises(ValueError) as error:  # noqa: PT011 - the tests look at its words
        MssqlConnectionConfig(**words)
    return str(error.value)


def test_the_connection_type_is_offered_under_its_name():
    (found,) = hygge_connections()
    assert (found.name, found.config) == ("mssql", MssqlConnectionConfig)


def test_the_defaults_are_safe():
    config = MssqlConnectionConfig(**SQL)
    assert (config.encrypt, config.trust_server_certificate) == (True, False)
    assert (config.connect_timeout, config.query_timeout) == (timedelta(seconds=15), timedelta(0))


@pytest.mark.parametrize(
    ("auth", "words", "missing"),
    [
        ("sql", {"user": "u"}, "password"),
        ("sql", {"password": Secret("p")}, "user"),
        ("entra_service_principal", {"tenant_id": "t", "client_id": "c"}, "client_secret"),
        ("access_token", {}, "access_token"),
    ],
)
def test_what_a_login_needs_is_asked_for(auth, words, missing):
    assert refused(**PLACE, auth=auth, **words).endswith(f"; {missing} is missing")


@pytest.mark.parametrize(
    ("auth", "words"),
    [
        ("windows", {"user": "u"}),
        ("entra_default", {"password": Secret("p")}),
        ("entra_managed_identity", {"tenant_id": "t"}),
        ("entra_interactive", {"client_secret": Secret("s")}),
    ],
)
def test_what_a_login_does_not_look_at_is_refused(auth, words):
    (name,) = words
    assert refused(**PLACE, auth=auth, **words).startswith(f'{name} means nothing to auth = "{auth}"')


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ({"server": "sql01,1433", "port": 1433}, "port stands alone"),
        ({"instance": "X", "port": 1433}, "port stands alone"),
        ({"server": "sql01\\X", "instance": "X"}, "leave one of them out"),
        ({"server": "sql01;UID=sa"}, "name of a computer"),
        ({"server": ""}, "server"),
        ({"port": 70000}, "port"),
        ({"pool_size": 0}, "pool_size"),
        ({"certificate": "c.pem"}, 'encrypt = "strict"'),
        ({"encrypt": False, "certificate_host": "x"}, "do not go together"),
        ({"trust_server_certificate": True, "certificate_host": "x"}, "looks at no certificate"),
        ({"trust_server_certificate": True, "encrypt": "strict"}, "looks at no certificate"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(words, text):
    assert text in refused(**SQL | words)


def test_secrets_are_known_and_do_not_show():
    config = MssqlConnectionConfig(**PLACE, auth="sql", user="u", password=Secret("geheim"))
    assert config.secrets() == ("geheim",)
    assert "geheim" not in repr(config)
