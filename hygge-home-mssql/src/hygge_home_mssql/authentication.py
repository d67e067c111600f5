"""Tokens of Microsoft Entra ID: asked for when a connection needs one, kept until shortly before they expire."""

from __future__ import annotations

import struct
import threading
import time
from typing import TYPE_CHECKING, Any

from hygge_core import HomeError, HomeUnavailable


if TYPE_CHECKING:
    from collections.abc import Callable

    from hygge_home_mssql.config import MssqlConnectionConfig


SCOPE = "https://database.windows.net/.default"
ACCESS_TOKEN = 1256
"""The connection attribute ``SQL_COPT_SS_ACCESS_TOKEN``, the same for pyodbc and mssql-python."""

_RENEWED_BEFORE = 300
"""Seconds before its end from which a token counts as expired: a login may take that long."""


class Tokens:
    """The tokens of one connection, for all its threads.

    ``credential`` is an object of azure-identity; ``clock`` gives seconds since 1970.
    """

    def __init__(self, credential: Callable[[], Any], clock: Callable[[], float] = time.time) -> None:
        self._make = credential
        self._clock = clock
        self._credential: Any = None
        self._token: Any = None
        self._mutex = threading.Lock()

    def current(self) -> str:
        """Return a token that holds for some minutes. Raises `HomeError` or `HomeUnavailable`."""
        with self._mutex:
            if self._token is None or self._token.expires_on - _RENEWED_BEFORE <= self._clock():
                self._token = self._ask()
            token: str = self._token.token
            return token

    def forget(self) -> None:
        """Have the next login ask for a new token, since the server refused this one."""
        with self._mutex:
            self._token = None

    def close(self) -> None:
        """Let go of the credential's own connections."""
        with self._mutex:
            close = getattr(self._credential, "close", None)
            self._credential = self._token = None
        if close is not None:
            close()

    def _ask(self) -> Any:
        from azure.core.exceptions import ClientAuthenticationError, ServiceRequestError, ServiceResponseError

        if self._credential is None:
            self._credential = self._make()
        try:
            return self._credential.get_token(SCOPE)
        except (ServiceRequestError, ServiceResponseError) as error:
            raise HomeUnavailable(f"Microsoft Entra ID could not be reached: {_first(error)}") from error
        except ClientAuthenticationError as error:
            fix = "check auth and its keys; `az login` helps entra_default on a laptop"
            raise HomeError(f"Microsoft Entra ID gave no token: {_first(error)}", fix=fix) from error


def credential_of(settings: MssqlConnectionConfig) -> Any:
    """Make the credential that the settings ask for. Raises `HomeError` when azure-identity is not installed."""
    try:
        from azure import identity
    except ImportError as error:
        fix = 'install it: pip install "hygge-home-mssql[entra]"'
        raise HomeError(f'auth = "{settings.auth}" needs the package azure-identity', fix=fix) from error
    tenant = {"tenant_id": settings.tenant_id} if settings.tenant_id else {}
    client = {"client_id": settings.client_id} if settings.client_id else {}
    match settings.auth:
        case "entra_managed_identity":
            return identity.ManagedIdentityCredential(client_id=settings.client_id or None)
        case "entra_service_principal":
            return identity.ClientSecretCredential(
                settings.tenant_id, settings.client_id, settings.client_secret.reveal()
            )
        case "entra_interactive":
            hint = {"login_hint": settings.user} if settings.user else {}
            return identity.InteractiveBrowserCredential(**tenant, **client, **hint)
    mine = {"managed_identity_client_id": settings.client_id} if settings.client_id else {}
    return identity.DefaultAzureCredential(**mine)


def packed(token: str) -> bytes:
    """Write a token as the drivers take it: its length in bytes, then UTF-16."""
    text = token.encode("utf-16-le")
    return struct.pack("<I", len(text)) + text


def _first(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
