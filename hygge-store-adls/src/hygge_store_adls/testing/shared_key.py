"""Requests signed with the account key: the signature is computed again and compared.

The text that is signed is the one of https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key
for the version 2015-02-21 and later, where a length of 0 is left empty.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from hygge_store_adls.testing.wire import Refused


if TYPE_CHECKING:
    from datetime import datetime

    from hygge_store_adls.testing.account import Account
    from hygge_store_adls.testing.wire import Request


SIGNED = (
    "content-encoding",
    "content-language",
    "content-length",
    "content-md5",
    "content-type",
    "date",
    "if-modified-since",
    "if-match",
    "if-none-match",
    "if-unmodified-since",
    "range",
)
TOLERANCE = timedelta(minutes=15)


def demand_signature(account: Account, request: Request) -> None:
    """Raise `Refused` (403) unless the request is signed with the account's key, and lately."""
    name, _, given = request.headers["authorization"].removeprefix("SharedKey ").partition(":")
    expected = sign(account.key, text_to_sign(account.name, request))
    if name != account.name or not hmac.compare_digest(given, expected):
        raise forbidden("The MAC signature found in the HTTP request is not the same as any computed signature.")
    moment = signed_at(request)
    if moment is None or abs(account.clock.said() - moment) > TOLERANCE:
        raise forbidden("Request date header too old, or there is none.")


def text_to_sign(account: str, request: Request) -> str:
    """Return the text whose signature a request must bring."""
    headers = dict(request.headers)
    if headers.get("content-length") == "0":
        del headers["content-length"]
    if "x-ms-date" in headers:
        headers.pop("date", None)
    ours = sorted((name for name in headers if name.startswith("x-ms-")), key=header_order)
    lines = [request.method, *(headers.get(name, "") for name in SIGNED)]
    lines += [f"{name}:{headers[name].strip()}" for name in ours]
    lines += [f"/{account}{request.target}"]
    lines += [f"{name}:{request.query[name]}" for name in sorted(request.query)]
    return "\n".join(lines)


def header_order(name: str) -> tuple[str, str]:
    """Return by what the service sorts headers: hyphens do not count, and ``_`` goes before digits and letters."""
    return name.replace("-", "").replace("_", " "), name


def sign(key: str, text: str) -> str:
    """Return the signature of a text: HMAC-SHA256 with the decoded key, in base64."""
    return base64.b64encode(hmac.digest(base64.b64decode(key), text.encode(), hashlib.sha256)).decode()


def signed_at(request: Request) -> datetime | None:
    """Return the moment a request says it was made."""
    said = request.header("x-ms-date") or request.header("date")
    return parsedate_to_datetime(said) if said else None


def forbidden(detail: str) -> Refused:
    """Return the service's refusal of a signature."""
    message = (
        "Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly"
    )
    return Refused(403, "AuthenticationFailed", f"{message} including the signature. {detail}")
