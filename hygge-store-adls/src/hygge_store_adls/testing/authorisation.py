"""Who may ask: the account key, a token or a signature in the address, whichever a request brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_store_adls.testing.sas import demand_sas
from hygge_store_adls.testing.shared_key import demand_signature
from hygge_store_adls.testing.tokens import unauthenticated
from hygge_store_adls.testing.wire import Refused


if TYPE_CHECKING:
    from hygge_store_adls.testing.account import Account
    from hygge_store_adls.testing.operations import Operation
    from hygge_store_adls.testing.tokens import Role
    from hygge_store_adls.testing.wire import Request


def authorise(account: Account, request: Request, operation: Operation) -> None:
    """Raise `Refused` (401 or 403) unless the request may do what it asks for."""
    scheme, _, said = (request.header("authorization") or "").partition(" ")
    if scheme == "Bearer":
        if not request.secure:
            raise Refused(403, "AuthenticationFailed", "Authentication scheme Bearer is only supported over HTTPS.")
        _demand_role(account.tokens.role(said), operation)
    elif scheme == "SharedKey":
        if account.onelake:
            message = "Key based authentication is not permitted on this storage account."
            raise Refused(403, "KeyBasedAuthenticationNotPermitted", message)
        demand_signature(account, request)
    elif "sig" in request.query:
        if account.onelake and "skoid" not in request.query:
            raise Refused(403, "AuthenticationFailed", "Only signatures made with a user delegation key are accepted.")
        demand_sas(account, request, operation)
    else:
        raise unauthenticated("NoAuthenticationInformation")


def _demand_role(role: Role, operation: Operation) -> None:
    allowed = {
        "none": False,
        "reader": not operation.mutating,
        "contributor": operation.name != "set_access",
        "owner": True,
    }
    if not allowed[role]:
        message = "This request is not authorized to perform this operation using this permission."
        raise Refused(403, "AuthorizationPermissionMismatch", message)
