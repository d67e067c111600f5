"""Calls to Microsoft Fabric's REST interface: a token, one request, JSON, and errors in words."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, Protocol

from attrs import Factory, frozen

from hygge_core.errors import StoreError, StoreUnavailable


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from azure.core.credentials import AccessToken
    from azure.core.rest import HttpResponse


PUBLIC = "https://api.fabric.microsoft.com"
SCOPE = "https://api.fabric.microsoft.com/.default"
"""What tokens are asked for, which is another audience than that of OneLake's files."""

_NO_SUCCESS = 300
_TOO_MANY = 429
_AGAIN = frozenset({_TOO_MANY, 503})
_SERVER = 500
_REPETITIONS = 5
_LONGEST_PAUSE = 120.0
_FIXES = {
    401: "sign in as somebody of this tenant",
    403: "give whoever signs in a role in the workspace, and let service principals use Fabric's APIs in the tenant",
    404: "check workspace and mirror",
    429: "try again later",
}


class GivesTokens(Protocol):
    """Whoever signs in: a credential of azure-identity, or one like it."""

    def get_token(self, *scopes: str) -> AccessToken:
        """Return a token for the scope."""
        ...


class FabricRefused(StoreError):
    """Fabric understood a request and did not do it; ``code`` is its own word for the reason."""

    def __init__(self, what: str, *, code: str, where: str, fix: str = "") -> None:
        self.code = code
        super().__init__(what, where=where, fix=fix)


@frozen(kw_only=True)
class Answer:
    """What came back: the body as JSON, an empty object for none, and the headers."""

    status: int
    body: Mapping[str, Any] = Factory(dict)
    headers: Mapping[str, str] = Factory(dict)


class FabricApi:
    """The interface of one cloud, asked by one credential.

    ``endpoint`` is its address, ``timeout`` in seconds bounds one answer, ``ca_file`` names the authorities that TLS
    is checked against, and ``pause`` lets the seconds pass that Fabric asks to wait.  A request that Fabric did
    not take up (429 and 503 with Retry-After) is made again, five times at most; no other is.
    """

    def __init__(
        self,
        credential: GivesTokens,
        *,
        endpoint: str = PUBLIC,
        timeout: float = 60.0,
        ca_file: str | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._credential = credential
        self._endpoint = endpoint.rstrip("/")
        self._timeout = timeout
        self._ca_file = ca_file
        self.pause = pause

    def call(self, method: str, path: str, *, body: object = None, query: Mapping[str, str] | None = None) -> Answer:
        """Make one request to ``/v1/<path>``.

        Raises `FabricRefused` for an answer that is an error, `StoreUnavailable` for none.
        """
        where = f"{self._endpoint}/v1/{path}"
        response = self._send(method, where, body, query)
        for _ in range(_REPETITIONS):
            wait = _asked_to_wait(response)
            if wait is None:
                break
            self.pause(wait)
            response = self._send(method, where, body, query)
        if response.status_code < _NO_SUCCESS:
            return Answer(status=response.status_code, body=_json(response), headers=response.headers)
        raise _refusal(response, where)

    def _send(self, method: str, url: str, body: object, query: Mapping[str, str] | None) -> HttpResponse:
        from azure.core.exceptions import AzureError
        from azure.core.pipeline.transport import RequestsTransport
        from azure.core.rest import HttpRequest

        headers = {"Authorization": f"Bearer {self._credential.get_token(SCOPE).token}"}
        request = HttpRequest(method, url, params=query, headers=headers, json=body)
        try:
            with RequestsTransport(connection_verify=self._ca_file or True) as transport:
                answer: HttpResponse = transport.send(
                    request, connection_timeout=min(self._timeout, 10.0), read_timeout=self._timeout
                )
                return answer
        except AzureError as error:
            what = f"Fabric gave no answer: {str(error.message).splitlines()[0]}"
            raise StoreUnavailable(what, where=url, fix="check the network between here and it") from error


def _asked_to_wait(response: HttpResponse) -> float | None:
    """Return the seconds that Fabric asks to wait before the same request; None when it took it up."""
    said = response.headers.get("Retry-After", "")
    if response.status_code not in _AGAIN or (response.status_code != _TOO_MANY and not said):
        return None
    return min(float(said), _LONGEST_PAUSE) if said.isdecimal() else 10.0


def _refusal(response: HttpResponse, where: str) -> StoreError:
    said = _json(response)
    code = str(said.get("errorCode") or response.status_code)
    what = f"{said.get('message') or response.reason or 'no reason was given'} ({code})"
    fix = _FIXES.get(response.status_code, "")
    if response.status_code >= _SERVER:
        return StoreUnavailable(what, where=where, fix="Fabric has a fault; try again later")
    return FabricRefused(what, code=code, where=where, fix=fix)


def _json(response: HttpResponse) -> Mapping[str, Any]:
    """Read the body; one that is no JSON object, such as a page of a proxy, counts as empty."""
    try:
        said = json.loads(response.text() or "{}")
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
