"""What the texts of credentials look like: faults that can be told before anybody is asked."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit


if TYPE_CHECKING:
    from attrs import Attribute

    from hygge_core.secret import Secret


_TENANT = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def is_guid(text: str) -> bool:
    """Tell whether a text is written like the id of an Azure object."""
    return bool(_GUID.fullmatch(text))


def check_tenant(_: object, attribute: Attribute[Any], value: str | None) -> None:
    """Refuse what can be neither the id nor the domain of a tenant."""
    if value is not None and not _TENANT.fullmatch(value):
        message = f"{attribute.name} must be the tenant's id or domain, such as contoso.onmicrosoft.com, not {value!r}"
        raise ValueError(message)


def check_client(_: object, attribute: Attribute[Any], value: str | None) -> None:
    """Refuse what cannot be the id of an application."""
    if value is not None and not is_guid(value):
        message = f"{attribute.name} must be the id of an application, a GUID, not {value!r}"
        raise ValueError(message)


def check_authority(_: object, attribute: Attribute[Any], value: str | None) -> None:
    """Refuse anything but the address of a sign-in service that is asked over TLS."""
    if value is None:
        return
    parts = urlsplit(value if "://" in value else f"https://{value}")
    if parts.scheme != "https" or not parts.hostname or parts.path.strip("/") or parts.query or parts.username:
        message = f"{attribute.name} must be a host that is asked over https, such as login.chinacloudapi.cn"
        raise ValueError(message)


def check_not_empty(_: object, attribute: Attribute[Any], value: Secret | str | None) -> None:
    """Refuse an empty text, which an unset environment variable may leave."""
    if value is not None and not _text(value).strip():
        message = f"{attribute.name} is empty; see whether its environment variable is set"
        raise ValueError(message)


def check_account_key(_: object, attribute: Attribute[Any], value: Secret | None) -> None:
    """Refuse what is no key of an account; the key itself stays out of the message."""
    if value is None:
        return
    try:
        known = bool(b64decode(value.reveal(), validate=True))
    except (binascii.Error, ValueError):
        known = False
    if not known:
        message = f"{attribute.name} is not one of the account's two access keys, which are written in base64"
        raise ValueError(message)


def check_sas(_: object, attribute: Attribute[Any], value: Secret | None) -> None:
    """Refuse what is no shared access signature; the signature itself stays out of the message."""
    if value is None:
        return
    text = value.reveal()
    if "://" in text:
        message = f"{attribute.name} is a whole address; give what stands after its question mark"
        raise ValueError(message)
    if not re.search(r"(^|[?&])sig=[^&]", text):
        message = f"{attribute.name} is not a shared access signature: it has no sig=..."
        raise ValueError(message)


def _text(value: Secret | str) -> str:
    return value if isinstance(value, str) else value.reveal()
