"""What OneLake refuses or ignores, since Fabric manages workspaces, items and the folders directly in them.

The rules are those of https://learn.microsoft.com/fabric/onelake/onelake-api-parity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from hygge_store_adls.testing.dfs_paths import rename_source
from hygge_store_adls.testing.wire import Refused


if TYPE_CHECKING:
    from hygge_store_adls.testing.account import Account
    from hygge_store_adls.testing.operations import Operation
    from hygge_store_adls.testing.wire import Request, Response

IGNORED = {
    "x-ms-owner",
    "x-ms-group",
    "x-ms-permissions",
    "x-ms-acl",
    "x-ms-acls",
    "x-ms-encryption-key",
    "x-ms-encryption-key-sha256",
    "x-ms-encryption-algorithm",
    "x-ms-access-tier",
}
LISTINGS = {"list_paths", "list_blobs"}
MANAGED_DEPTH = 2
"""An item and the folders directly in it are Fabric's."""


def onelake_request(account: Account, request: Request, operation: Operation) -> Request:
    """Return the request as OneLake sees it. Raises `Refused` (400) for what only Fabric may do."""
    if operation.name == "set_access":
        raise _not_allowed("Access control is managed by Fabric.")
    if not request.path and operation.name not in LISTINGS and request.method not in {"HEAD", "POST"}:
        raise _not_allowed("Only HEAD and listings are allowed on a workspace.")
    if operation.mutating and request.path:
        _demand_inside(request.path)
    if operation.name == "rename":
        if not account.rename:
            raise Refused(400, "UnsupportedOperation", "The operation rename is not supported.")
        _demand_inside(rename_source(request)[1])
    if operation.name in {"rename", "create_directory", "create_file", "put_blob"}:
        _demand_item(account, request)
    kept = {name: value for name, value in request.headers.items() if name not in IGNORED}
    return evolve(request, headers=kept)


def onelake_response(request: Request, response: Response) -> Response:
    """Return the answer as OneLake gives it: what was ignored is named, and permissions are not told."""
    ignored = sorted(IGNORED & request.headers.keys())
    headers = dict(response.headers)
    if "x-ms-permissions" in headers:
        headers["x-ms-permissions"] = "---------"
    if ignored:
        headers["x-ms-rejected-headers"] = ",".join(ignored)
    return evolve(response, headers=headers)


def _demand_inside(path: str) -> None:
    if len(path.split("/")) <= MANAGED_DEPTH:
        raise _not_allowed("Items and the folders directly in them are managed by Fabric.")


def _demand_item(account: Account, request: Request) -> None:
    item, folder = request.path.split("/")[:MANAGED_DEPTH]
    container = account.container(request)
    if not container.find(item):
        raise Refused(404, "PathNotFound", f"The item {item} does not exist in this workspace.")
    if not container.find(f"{item}/{folder}"):
        raise _not_allowed(f"{folder} is not a folder of this item.")


def _not_allowed(message: str) -> Refused:
    return Refused(400, "OperationNotAllowedOnThePath", message)
