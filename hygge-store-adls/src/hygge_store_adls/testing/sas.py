"""Shared access signatures: the signature is computed again, and time, place and permissions are checked.

The texts that are signed are those of https://learn.microsoft.com/rest/api/storageservices/create-service-sas,
create-account-sas and create-user-delegation-sas for versions since 2020-12-06.
"""

from __future__ import annotations

import hmac
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hygge_store_adls.testing.shared_key import sign
from hygge_store_adls.testing.wire import Refused


if TYPE_CHECKING:
    from collections.abc import Iterable

    from hygge_store_adls.testing.account import Account
    from hygge_store_adls.testing.operations import Operation
    from hygge_store_adls.testing.wire import Request

ACCOUNT_FIELDS = ("sp", "ss", "srt", "st", "se", "sip", "spr", "sv", "ses")
KEY_FIELDS = ("skoid", "sktid", "skt", "ske", "sks", "skv")
DELEGATED_FIELDS = (*KEY_FIELDS, "saoid", "suoid", "scid", "skdutid", "sduoid")
LATER_FIELDS = ("sip", "spr", "sv", "sr", "snapshot", "ses")
ANSWER_FIELDS = ("rscc", "rscd", "rsce", "rscl", "rsct")
NEEDED = {
    "append": "aw",
    "copy": "cw",
    "create_directory": "cw",
    "create_file": "cw",
    "delete": "d",
    "delete_blob": "d",
    "flush": "aw",
    "get_access": "er",
    "list_blobs": "l",
    "list_paths": "l",
    "put_blob": "cw",
    "put_block": "cw",
    "put_block_list": "cw",
    "rename": "mw",
}
"""Which permissions, any of them, an operation needs; ``r`` for the others that read and ``w`` for those that write."""


def demand_sas(account: Account, request: Request, operation: Operation) -> None:
    """Raise `Refused` (403) unless the request's signature is right, valid now, and for what it asks."""
    query = request.query
    key, text = _signed(account, request)
    if not hmac.compare_digest(sign(key, text), query["sig"]):
        raise _refused("Signature did not match.")
    now = account.clock.lapsing()
    if not _moment(query.get("st"), now) <= now < _moment(query.get("se"), now):
        raise _refused("Signature not valid in the specified time frame.")
    if query.get("spr") == "https" and not request.secure:
        raise Refused(403, "AuthorizationProtocolMismatch", "This request is not authorized using this protocol.")
    if "srt" in query and not _covers(request):
        message = "This request is not authorized to perform this operation using this resource type."
        raise Refused(403, "AuthorizationResourceTypeMismatch", message)
    needed = NEEDED.get(operation.name, "w" if operation.mutating else "r")
    if not set(needed) & set(query.get("sp", "")):
        message = "This request is not authorized to perform this operation using this permission."
        raise Refused(403, "AuthorizationPermissionMismatch", message)


def delegation_key(account: Account, said: Iterable[str]) -> str:
    """Return the user delegation key for these fields: the same whenever it is asked for."""
    return sign(account.key, "\n".join(said))


def _signed(account: Account, request: Request) -> tuple[str, str]:
    """Return the key and the text of the signature that a request should bring."""
    query = request.query

    def lines(*names: str) -> list[str]:
        return [query.get(name, "") for name in names]

    if "srt" in query:
        return account.key, "\n".join([account.name, *lines(*ACCOUNT_FIELDS), ""])
    head = [*lines("sp", "st", "se"), f"/blob/{account.name}/{_resource(request)}"]
    if "skoid" not in query:
        return account.key, "\n".join([*head, *lines("si", *LATER_FIELDS, *ANSWER_FIELDS)])
    key = delegation_key(account, lines(*KEY_FIELDS))
    text = [*head, *lines(*DELEGATED_FIELDS, *LATER_FIELDS), "", "", *lines(*ANSWER_FIELDS)]
    return key, "\n".join(text)


def _resource(request: Request) -> str:
    """Return what the signature is for: the container, a folder above the path, or the path."""
    kind = request.query.get("sr")
    if kind == "c":
        return request.container
    where = request.path or request.query.get("directory", "") or request.query.get("prefix", "")
    if kind == "d":
        where = "/".join(where.strip("/").split("/")[: int(request.query.get("sdd", "0"))])
    return f"{request.container}/{where}".rstrip("/")


def _covers(request: Request) -> bool:
    level = "o" if request.path else "c" if request.container else "s"
    return level in request.query["srt"] and "b" in request.query.get("ss", "")


def _moment(said: str | None, otherwise: datetime) -> datetime:
    if not said:
        return otherwise
    moment = datetime.fromisoformat(said)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _refused(detail: str) -> Refused:
    message = "Server failed to authenticate the request. Make sure the signature is formed correctly."
    return Refused(403, "AuthenticationFailed", f"{message} {detail}")
