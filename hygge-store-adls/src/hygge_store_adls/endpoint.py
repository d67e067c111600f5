"""The address of a storage account: from its name, or as it is given for other clouds and for tests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit


if TYPE_CHECKING:
    from attrs import Attribute


PUBLIC = "dfs.core.windows.net"
ONELAKE = "https://onelake.dfs.fabric.microsoft.com"

_ACCOUNT = re.compile(r"[a-z0-9]{3,24}")
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def endpoint_of(account: str | None, endpoint: str | None) -> str:
    """Return the address of the account's dfs service; the blob service's becomes that."""
    if endpoint is None:
        return f"https://{account}.{PUBLIC}"
    return endpoint.rstrip("/").replace(".blob.", ".dfs.", 1)


def account_of(account: str | None, endpoint: str) -> str:
    """Return the account's name: as given, else as the address tells it."""
    if account is not None:
        return account
    parts = urlsplit(endpoint)
    return parts.path.strip("/") or (parts.hostname or "").partition(".")[0]


def is_onelake(endpoint: str) -> bool:
    """Tell whether an address is OneLake's, in any region."""
    return "onelake" in (urlsplit(endpoint).hostname or "").partition(".")[0]


def check_account(_: object, attribute: Attribute[Any], value: str | None) -> None:
    """Refuse what cannot be the name of a storage account."""
    if value is not None and not _ACCOUNT.fullmatch(value):
        hint = "; an address goes into endpoint" if "." in value or "/" in value else ""
        message = f"{attribute.name} must be 3 to 24 lower case letters and digits, not {value!r}{hint}"
        raise ValueError(message)


def check_endpoint(_: object, attribute: Attribute[Any], value: str | None) -> None:
    """Refuse what is no plain address, and one without TLS unless it is this machine's."""
    if value is None:
        return
    parts = urlsplit(value)
    if parts.query or "?" in value:
        message = f"{attribute.name} must hold no signature; give it as sas"
        raise ValueError(message)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.fragment:
        message = f"{attribute.name} must be an address such as https://account.dfs.core.chinacloudapi.cn"
        raise ValueError(message)
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        message = f"{attribute.name} must begin with https://, for plain http would show everything on the way"
        raise ValueError(message)
