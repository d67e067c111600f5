"""Tokens of Entra ID: asked for once, renewed before they end, and forgotten when the server refuses one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from azure.core.exceptions import ClientAuthenticationError, ServiceRequestError

from hygge_core import HomeError, HomeUnavailable
from hygge_core.secret import Secret
from hygge_home_mssql.authentication import SCOPE, Tokens, credential_of, packed
from hygge_home_mssql.config import MssqlConnectionConfig


class Credential:
    """As azure-identity's are, with tokens that hold for an hour."""

    def __init__(self, clock, error=None):
        self.clock, self.error = clock, error
        self.asked = []
        self.closed = False

    def get_token(self, *scopes):
        self.asked.append(scopes)
        if self.error:
            raise self.error
        return SimpleNamespace(token=f"token {len(self.asked)}", expires_on=self.clock() + 3600)

    def close(self):
        self.closed = True


@pytest.fixture
def clock():
    now = SimpleNamespace(seconds=1_000_000)
    read = lambda: now.seconds  # noqa: E731 - a clock that the test sets
    read.now = now
    return read


def test_a_token_is_kept_until_shortly_before_its_end(clock):
    credential = Credential(clock)
    tokens = Tokens(lambda: credential, clock)
    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(lambda _: tokens.current(), range(50))) == {"token 1"}
    clock.now.seconds += 3600 - 301
    assert tokens.current() == "token 1"
    clock.now.seconds += 1
    assert tokens.current() == "token 2"
    assert credential.asked == [(SCOPE,)] * 2


def test_a_token_that_was_refused_is_asked_for_again(clock):
    tokens = Tokens(lambda: Credential(clock), clock)
    assert tokens.current() == "token 1"
    tokens.forget()
    assert tokens.current() == "token 2"
    tokens.close()
    tokens.close()


def test_an_authority_that_cannot_be_reached_may_be_in_a_moment(clock):
    with pytest.raises(HomeUnavailable, match="could not be reached: no network"):
        Tokens(lambda: Credential(clock, ServiceRequestError("no network")), clock).current()


def test_a_login_that_is_refused_says_what_to_check(clock):
    with pytest.raises(HomeError, match="gave no token: AADSTS7000215") as error:
        Tokens(lambda: Credential(clock, ClientAuthenticationError("AADSTS7000215: bad\nmore")), clock).current()
    assert "az login" in error.value.fix
    assert "more" not in error.value.what


@pytest.mark.parametrize(
    ("auth", "words", "kind"),
    [
        ("entra_default", {}, "DefaultAzureCredential"),
        ("entra_managed_identity", {"client_id": "c"}, "ManagedIdentityCredential"),
        (
            "entra_service_principal",
            {"tenant_id": "t", "client_id": "c", "client_secret": Secret("s")},
            "ClientSecretCredential",
        ),
        ("entra_interactive", {"user": "anna@corp", "tenant_id": "t"}, "InteractiveBrowserCredential"),
    ],
)
def test_each_way_has_its_credential_of_azure_identity(auth, words, kind):
    settings = MssqlConnectionConfig(server="s", database="d", auth=auth, **words)
    credential = credential_of(settings)
    assert type(credential).__name__ == kind
    credential.close()


def test_a_token_is_packed_as_the_drivers_take_it():
    assert packed("ab") == b"\4\0\0\0a\0b\0"
