"""Who may ask: the account key, a token or a signature in the address, whichever a request brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_store_adls.testing.shared_key import demand_signature
from hygge_store_adls.testing.wire import Refused


if TYPE_CHECKING:
    from hygge_store_adls.testing.account import Account
    from hygge_store_adls.testing.operations import Operation
    from hygge_store_adls.testing.wire import Request


def authorise(account: Account, request: Request, operation: Operation) -> None:
    """Raise `Refused` (401 or 403) unless the request may do what it asks for."""
    scheme = (request.header("authorization") or "").partition(" ")[0]
    if scheme == "SharedKey":
        demand_signature(account, request)
    else:
        raise Refused(401, "NoAuthenticationInformation", "Server failed to authenticate the request.")
