"""Errors of drivers and servers in words: what happened, what to do, and whether trying again may help.

The numbers are the server's own (``sys.messages``, and Azure SQL's list of transient errors).  mssql-python leaves
them out of its errors, so each is also known by what its text says.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import frozen

from hygge_core import HomeError, HomeUnavailable


if TYPE_CHECKING:
    from collections.abc import Iterable


@frozen(kw_only=True)
class Known:
    """A fault that is known by its number or by words of its text; ``again`` says that it may pass by itself."""

    fix: str
    numbers: tuple[int, ...] = ()
    words: str = ""
    again: bool = False


_LOGIN = "check user and password, and that the login may use the database"
_LATER = "try again in a moment"
_TRUST = (
    "add the authority that signed it to this system's trusted ones (on Linux SSL_CERT_FILE may name its file), "
    'or set encrypt = "strict" with the server\'s own certificate file in certificate, '
    "or trust_server_certificate = true if the way to the server is safe"
)
_KNOWN = (
    Known(numbers=(18452,), words="untrusted domain|integrated authentication", fix='use auth = "sql" or Entra ID'),
    Known(numbers=(18470,), words="account is disabled", fix="have an administrator enable the login"),
    Known(numbers=(18486,), words="currently locked out", fix="have an administrator unlock the login"),
    Known(numbers=(18487, 18488), words="password .*(expired|must be changed)", fix="set a new password for the login"),
    Known(words="[Tt]oken is expired|[Tt]oken .*expired", fix="get a new access token, or let azure-identity do it"),
    Known(
        numbers=(40615, 40914),
        words="is not allowed to access the server",
        fix="allow this address in the firewall of the server",
    ),
    Known(numbers=(18456,), words="Login failed", fix=_LOGIN),
    Known(numbers=(4060,), words="Cannot open database", fix="check database, and that the login is a user of it"),
    Known(numbers=(40532,), words="Cannot open server", fix="check server, or write user as name@server"),
    Known(
        numbers=(40613, 40197, 40501, 40540, 40143, 49918, 49919, 49920, 10928, 10929, 4221, 615),
        words="is not currently available|service is currently busy|error processing your request",
        fix=_LATER,
        again=True,
    ),
    Known(numbers=(1205,), words="deadlock victim|chosen as the deadlock", fix=_LATER, again=True),
    Known(numbers=(1222,), words="[Ll]ock request time out", fix=_LATER, again=True),
    Known(
        numbers=(3952,),
        words="snapshot isolation is not allowed",
        fix="have an administrator allow it (ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION ON), "
        'or set isolation = "read_committed"',
    ),
    Known(
        numbers=(229, 230), words="permission was denied", fix="have an administrator grant SELECT on it to the login"
    ),
    Known(numbers=(208,), words="Invalid object name", fix="check the name, its schema and the database"),
    Known(numbers=(207,), words="Invalid column name", fix="check the name, upper and lower case too"),
    Known(
        words="subject name does not match|principal name is incorrect|name mismatch",
        fix="set server to a name that the certificate has, or certificate_host to that name",
    ),
    Known(words="certificate has expired|either expired", fix="have the certificate of the server renewed"),
    Known(words="doesn't match with server", fix="certificate must be the file of the server's own certificate"),
    Known(words="certificate verify failed|certificate chain", fix=_TRUST),
    Known(
        words="SSL Provider|TLS handshake|Encryption not supported",
        fix='server and driver agree on no encryption; does the server speak TLS 1.2, or TDS 8 for encrypt = "strict"?',
    ),
    Known(
        words="Operation (was )?cancel|Query timeout expired", fix="it was cancelled, or took longer than query_timeout"
    ),
    Known(
        words="Name or service not known|No such host|Unknown host|0x2AF9|0x2AFC|\\b11001\\b|Unknown server",
        fix="check server; is the network or the VPN up?",
    ),
    Known(
        numbers=(10061,),
        words="0x274D|[Cc]onnection refused",
        fix="nothing answers there: check server, instance and port, and that the server runs",
        again=True,
    ),
    Known(
        numbers=(596, 10053, 10054, 233, 64, 121, 20),
        words="0x2746|0x2745|Communication link failure|Unexpected EOF|connection is broken|kill state",
        fix="the server or something on the way ended the connection; try again in a moment",
        again=True,
    ),
    Known(
        numbers=(10060,),
        words="0x274C|[Tt]imeout expired|[Tt]imed out",
        fix="no answer in time: check server, port, firewalls and the VPN, or raise connect_timeout",
        again=True,
    ),
)
_BROKEN = ("08", "HYT00", "HYT01", "40001")
"""SQL states of connections that broke or never came about, of time that ran out, and of transactions to repeat."""

_NUMBER = re.compile(r"\((-?\d+)\) \(SQL|\[SQL Server\].*?\b(\d{4,5})\b")
_STATE = re.compile(r"^\(?['\"]?([0-9A-Z]{5})\b")
_NOISE = re.compile(
    r"\[(?:[0-9A-Z]{5}|unixODBC|FreeTDS|Microsoft|SQL Server|[^\]]*Driver[^\]]*)\]|\(-?\d+\) \(SQL\w+\)|\(SQL\w+\)"
    r"|Driver Error: [^;]*; DDBC Error: "
)
_STATES_IN_WORDS = (
    (
        "08S01",
        "Communication link failure|connection is broken|TCP Provider|transport-level|Adaptive Server connection",
    ),
    ("HYT00", "[Tt]imeout expired|[Tt]imed out"),
    ("08001", "Unable to connect|connection attempt|Client unable to establish|connection refused|not accessible"),
)
_HIDDEN = "***"


def explained(error: Exception, *, where: str = "", secrets: Iterable[str] = ()) -> HomeError:
    """Turn what a driver raised into an error of hygge; secrets in it do not show."""
    text = _without(str(error), secrets)
    known = _known(text)
    what = _plain(text)
    if known is not None:
        return (HomeUnavailable if known.again else HomeError)(what, where=where, fix=known.fix)
    if _state(error, text).startswith(_BROKEN):
        return HomeUnavailable(what, where=where, fix="check that the server runs and can be reached from here")
    return HomeError(what, where=where)


def shows(error: Exception, secrets: Iterable[str]) -> bool:
    """Say whether the error's own text holds one of the secrets, so that it must not be shown beside the other."""
    return any(secret in str(error) for secret in _forms(secrets))


def is_from_driver(error: Exception) -> bool:
    """Say whether a driver raised it, and not our own code."""
    return type(error).__module__.partition(".")[0] in {"pyodbc", "mssql_python"} or isinstance(error, RuntimeError)


def _known(text: str) -> Known | None:
    numbers = {int(number) for pair in _NUMBER.findall(text) for number in pair if number}
    return next((known for known in _KNOWN if numbers.intersection(known.numbers) or _says(known, text)), None)


def _says(known: Known, text: str) -> bool:
    return bool(known.words and re.search(known.words, text))


def _state(error: Exception, text: str) -> str:
    first = str(error.args[0]) if error.args else ""
    found = _STATE.match(first)
    if found:
        return found[1]
    return next((state for state, words in _STATES_IN_WORDS if re.search(words, text)), "")


def _plain(text: str) -> str:
    """Leave out the names of driver and provider, and all but the first of several messages."""
    if text.startswith("('") and ", " in text:  # the text of a pyodbc error is that of its arguments
        text = text[1:-1].partition(", ")[2].strip("'\"")
    return " ".join(_NOISE.sub(" ", text).split()).strip(" ;") or "the driver gave no reason"


def _without(text: str, secrets: Iterable[str]) -> str:
    for secret in _forms(secrets):
        text = text.replace(secret, _HIDDEN)
    return text


def _forms(secrets: Iterable[str]) -> list[str]:
    """Return secrets as they are and as connection strings escape them, the longest first."""
    forms = {form for secret in secrets for form in (secret, secret.replace("}", "}}")) if form}
    return sorted(forms, key=len, reverse=True)
