"""Tokens of an identity service that only tests know: issued, checked, revoked; and a credential that gets them."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any, Literal

from attrs import field, frozen

from hygge_store_adls.testing.wire import Refused


if TYPE_CHECKING:
    from azure.core.credentials import AccessToken, AccessTokenInfo

    from hygge_store_adls.testing.clock import Clock

Role = Literal["none", "reader", "contributor", "owner"]
"""What a token's principal may do: nothing, read, read and write, and also set permissions."""
AUDIENCE = "https://storage.azure.com"
TENANT = "00000000-7e57-7e57-7e57-000000000000"
PRINCIPAL = "00000000-7e57-7e57-7e57-000000000001"
CHALLENGE = (
    f"Bearer authorization_uri=https://login.microsoftonline.com/{TENANT}/oauth2/authorize resource_id={AUDIENCE}"
)


@frozen(kw_only=True)
class Token:
    """What an issued token says."""

    audience: str
    role: Role
    expires: datetime


class Tokens:
    """The tokens that were issued and not revoked."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._issued: dict[str, Token] = {}

    def issue(self, *, audience: str = AUDIENCE, lifetime: float = 3600.0, role: Role = "contributor") -> str:
        """Issue a token for so many seconds of the server's clock; a negative lifetime issues an expired one."""
        said = token_urlsafe(24)
        expires = self._clock.lapsing() + timedelta(seconds=lifetime)
        with self._lock:
            self._issued[said] = Token(audience=audience.rstrip("/"), role=role, expires=expires)
        return said

    def revoke(self) -> None:
        """Let none of the tokens issued so far be valid any more."""
        with self._lock:
            self._issued.clear()

    def role(self, said: str) -> Role:
        """Return the role that a token gives. Raises `Refused` (401) for one that is not valid."""
        with self._lock:
            token = self._issued.get(said)
        if token is None:
            raise unauthenticated("InvalidAuthenticationInfo", "Signature validation failed.")
        if token.expires <= self._clock.lapsing():
            raise unauthenticated("InvalidAuthenticationInfo", "Lifetime validation failed. The token is expired.")
        if token.audience != AUDIENCE:
            raise unauthenticated("InvalidAuthenticationInfo", "Audience validation failed. Audience did not match.")
        return token.role


def unauthenticated(code: str, detail: str = "") -> Refused:
    """Return the refusal that asks for a token and says from where."""
    message = (
        "Server failed to authenticate the request. Please refer to the information in the www-authenticate header."
    )
    return Refused(401, code, f"{message} {detail}".strip(), {"WWW-Authenticate": CHALLENGE})


@frozen(kw_only=True, eq=False)
class TestCredential:
    """A credential as azure-identity's are, whose tokens the test server issues; ``asked`` holds the scopes."""

    __test__ = False  # a credential for tests, not a test
    tokens: Tokens = field(repr=False)
    audience: str = AUDIENCE
    lifetime: float = 3600.0
    role: Role = "contributor"
    asked: list[tuple[str, ...]] = field(factory=list)

    def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        """Return a new token."""
        from azure.core.credentials import AccessToken

        info = self.get_token_info(*scopes)
        return AccessToken(info.token, info.expires_on)

    def get_token_info(self, *scopes: str, options: Any = None) -> AccessTokenInfo:  # noqa: ARG002 - azure-core passes it
        """Return a new token, with when it ends by the server's clock."""
        from azure.core.credentials import AccessTokenInfo

        self.asked.append(scopes)
        said = self.tokens.issue(audience=self.audience, lifetime=self.lifetime, role=self.role)
        expires = datetime.now().astimezone() + timedelta(seconds=self.lifetime)
        return AccessTokenInfo(said, int(expires.timestamp()))
