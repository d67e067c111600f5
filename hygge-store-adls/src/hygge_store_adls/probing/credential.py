"""Examining who asks: what a token is for and from whom, and until when a signature holds."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from hygge_core.errors import HyggeError
from hygge_core.home import Finding
from hygge_store_adls.credentials.tokens import SCOPE


if TYPE_CHECKING:
    from collections.abc import Iterator

    from azure.core.credentials import TokenCredential

    from hygge_store_adls.lake import Credential


AUDIENCES = frozenset({"https://storage.azure.com", "e406a681-f3d4-42a8-90b6-c2b029497af1"})
"""Who a token for storage is meant for: the service's address, or its application's id."""

_RIGHTS = {"r": "read", "w": "write", "d": "delete", "l": "list", "c": "create"}


def credential_findings(credential: Credential, endpoint: str) -> Iterator[Finding]:
    """Say who asks and whether that can work; secrets stay out."""
    from azure.core.credentials import AzureNamedKeyCredential, AzureSasCredential

    if isinstance(credential, AzureNamedKeyCredential):
        yield Finding(probe="credential", ok=True, what=f"signs with a key of the account {credential.named_key.name}")
    elif isinstance(credential, AzureSasCredential):
        yield _signature(parse_qs(credential.signature), datetime.now(UTC))
    else:
        yield _token(credential, endpoint)


def _token(credential: TokenCredential, endpoint: str) -> Finding:
    try:
        token = credential.get_token(SCOPE)
    except HyggeError as error:
        return Finding(probe="token", ok=False, what=f"{error.where}: {error.what}", fix=error.fix)
    claims = _claims(token.token)
    audience = str(claims.get("aud", "")).rstrip("/")
    if audience and audience not in AUDIENCES:
        what = f"the token is for {audience}, and {endpoint} takes only those for https://storage.azure.com"
        return Finding(
            probe="token", ok=False, what=what, fix="sign in for storage; see authority in a sovereign cloud"
        )
    until = datetime.fromtimestamp(token.expires_on, UTC)
    return Finding(probe="token", ok=True, what=f"a token{_owner(claims)}, good until {until:%Y-%m-%d %H:%M} UTC")


def _claims(token: str) -> dict[str, Any]:
    """Read what a token says of itself, unverified and for display alone; nothing of one that is opaque."""
    try:
        _, payload, _ = token.split(".")
        claims = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except ValueError:
        return {}
    return claims if isinstance(claims, dict) else {}


def _owner(claims: dict[str, Any]) -> str:
    """Name whom roles are to be given to."""
    name = claims.get("upn") or claims.get("unique_name") or claims.get("appid") or claims.get("oid")
    tenant = f" of tenant {claims['tid']}" if claims.get("tid") else ""
    return f" for {name}{tenant}" if name else ""


def _signature(fields: dict[str, list[str]], now: datetime) -> Finding:
    """Look at what a signature says of itself: from when until when, and for what."""
    said = {key: values[0] for key, values in fields.items()}
    ends = _moment(said.get("se", ""))
    until = f", good until {ends:%Y-%m-%d %H:%M} UTC" if ends else ""
    fault, fix = _fault_in_signature(said, ends, now)
    if fault:
        return Finding(probe="credential", ok=False, what=f"the signature (sas) {fault}", fix=fix)
    return Finding(probe="credential", ok=True, what=f"signs with a shared access signature{until}")


def _fault_in_signature(said: dict[str, str], ends: datetime | None, now: datetime) -> tuple[str, str]:
    """Say why a signature cannot work now, and what to do; nothing if it may."""
    starts, granted = _moment(said.get("st", "")), said.get("sp", "")
    lacking = [word for letter, word in _RIGHTS.items() if letter not in granted] if granted else []
    if ends is not None and ends <= now:
        return f"ended at {ends:%Y-%m-%d %H:%M} UTC", "make a new one"
    if starts is not None and starts > now:
        return f"begins only at {starts:%Y-%m-%d %H:%M} UTC", "make one that begins earlier, or check this clock"
    if lacking:
        return f"does not allow to {', '.join(lacking)}", f"make one that allows to {', '.join(_RIGHTS.values())}"
    return "", ""


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
