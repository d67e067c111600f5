"""Examining the network between here and an account: its name, its TLS, and whose clock is right."""

from __future__ import annotations

import socket
import ssl
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from hygge_core.home import Finding


if TYPE_CHECKING:
    from collections.abc import Iterator
    from urllib.parse import SplitResult

    from hygge_store_adls.lake import Access


_SKEW = timedelta(minutes=5)
"""The service refuses a request that was signed more than 15 minutes away from its own time."""

_SECURE_PORT, _PLAIN_PORT = 443, 80


def network_findings(endpoint: str, access: Access) -> Iterator[Finding]:
    """Resolve the name, talk TLS, and compare clocks; stops at the first that fails."""
    parts = urlsplit(endpoint)
    proxy = _proxy(parts)
    if proxy:
        yield Finding(probe="proxy", ok=True, what=f"requests go through the proxy {proxy}, which is not examined")
        return
    resolved = _resolve(parts)
    yield resolved
    if resolved.ok:
        yield from _greeted(parts, access)


def _proxy(parts: SplitResult) -> str:
    """Return the host of the proxy that the environment names for this address, without what it may hold besides."""
    host = parts.hostname or ""
    if proxy_bypass(host):
        return ""
    return urlsplit(getproxies().get(parts.scheme, "")).hostname or ""


def _resolve(parts: SplitResult) -> Finding:
    host = parts.hostname or ""
    try:
        found = socket.getaddrinfo(host, parts.port or _SECURE_PORT, type=socket.SOCK_STREAM)
    except OSError as error:
        fix = "check the name of the account, or endpoint; for a private endpoint, that its DNS zone is used here"
        return Finding(probe="resolve", ok=False, what=f"{host} has no address here ({error.strerror})", fix=fix)
    addresses = sorted({str(address[0]) for *_, address in found})
    return Finding(probe="resolve", ok=True, what=f"{host} is {', '.join(addresses)}")


def _greeted(parts: SplitResult, access: Access) -> Iterator[Finding]:
    """Ask something that needs no right; whatever is answered shows that the way is open, and the service's time."""
    try:
        spoken, date = _greet(parts, access)
    except ssl.SSLError as error:
        yield _untrusted(error)
    except (OSError, HTTPException) as error:
        fix = "check the firewall and proxy between here and the account"
        what = f"{parts.netloc} cannot be reached ({_said(error)})"
        yield Finding(probe="tls", ok=False, what=what, fix=fix)
    else:
        yield Finding(probe="tls", ok=True, what=f"{parts.netloc} answers over {spoken}")
        yield from _clock(date)


def _greet(parts: SplitResult, access: Access) -> tuple[str, str | None]:
    host, timeout = parts.hostname or "", min(access.timeout, 20.0)
    if parts.scheme == "http":
        plain = HTTPConnection(host, parts.port or _PLAIN_PORT, timeout=timeout)
        return "plain http, to this machine only", _date(plain)
    context = ssl.create_default_context(cafile=access.ca_file)
    secure = HTTPSConnection(host, parts.port or _SECURE_PORT, timeout=timeout, context=context)
    secure.connect()
    spoken = getattr(secure.sock, "version", lambda: None)() or "TLS"
    return spoken, _date(secure)


def _date(connection: HTTPConnection) -> str | None:
    try:
        connection.request("HEAD", "/")
        return connection.getresponse().getheader("Date")
    finally:
        connection.close()


def _untrusted(error: ssl.SSLError) -> Finding:
    reason = getattr(error, "verify_message", "") or error.reason or "TLS failed"
    fix = "set ca_file to the authority that signed it, if something in between opens TLS, or mend endpoint"
    return Finding(probe="tls", ok=False, what=f"its certificate is not trusted ({reason})", fix=fix)


def _said(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _clock(date: str | None) -> Iterator[Finding]:
    """Compare the service's time with this machine's."""
    moment = _moment(date)
    if moment is None:
        return
    behind = moment - datetime.now(UTC)
    ok = abs(behind) <= _SKEW
    seconds = round(abs(behind.total_seconds()))
    what = f"the clocks are {seconds:,} s apart" if seconds > 1 else "the clocks agree"
    fix = "" if ok else "set this machine's clock; signatures and tokens are refused when it is wrong"
    yield Finding(probe="clock", ok=ok, what=what, fix=fix)


def _moment(date: str | None) -> datetime | None:
    """Read the time that a service says it is; None where it says nothing that can be read."""
    try:
        return parsedate_to_datetime(date or "").astimezone(UTC)
    except ValueError:
        return None
