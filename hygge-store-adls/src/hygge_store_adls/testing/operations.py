"""Which operation a request asks for: its name, whether it changes anything, and who carries it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from hygge_store_adls.testing import (
    blob_batch,
    blob_containers,
    blob_reads,
    blob_writes,
    dfs_listing,
    dfs_paths,
    dfs_writes,
)
from hygge_store_adls.testing.blob_listing import list_blobs
from hygge_store_adls.testing.wire import Refused


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hygge_store_adls.testing.account import Account
    from hygge_store_adls.testing.wire import Dialect, Request, Response


@frozen
class Operation:
    """What a request asks for. ``mutating`` tells whether carrying it out may change what the account holds."""

    name: str
    carry_out: Callable[[Account, Request], Response]
    mutating: bool = True


def reading(name: str, carry_out: Callable[[Account, Request], Response]) -> Operation:
    """Describe an operation that changes nothing."""
    return Operation(name, carry_out, mutating=False)


DFS_PATH = {
    "PUT resource=directory": Operation("create_directory", dfs_paths.create_path),
    "PUT resource=file": Operation("create_file", dfs_paths.create_path),
    "PUT rename": Operation("rename", dfs_paths.rename_path),
    "PATCH action=append": Operation("append", dfs_writes.append),
    "PATCH action=flush": Operation("flush", dfs_writes.flush),
    "PATCH action=setaccesscontrol": Operation("set_access", dfs_paths.set_access),
    "PATCH action=setaccesscontrolrecursive": Operation("set_access", dfs_paths.set_access),
    "DELETE": Operation("delete", dfs_paths.delete_path),
    "HEAD action=getaccesscontrol": reading("get_access", dfs_paths.get_access),
    "HEAD action=getstatus": reading("get_status", dfs_paths.get_access),
}
DFS_CONTAINER = {
    "GET resource=filesystem": reading("list_paths", dfs_listing.list_paths),
    "HEAD action=getaccesscontrol": reading("get_access", dfs_paths.get_access),
    "HEAD resource=filesystem": reading("get_container", blob_containers.get_container),
    "PUT resource=filesystem": Operation("create_container", blob_containers.create_container),
    "DELETE resource=filesystem": Operation("delete_container", blob_containers.delete_container),
}
BLOB_PATH = {
    "HEAD": reading("head", blob_reads.head_blob),
    "GET": reading("read", blob_reads.read_blob),
    "PUT": Operation("put_blob", blob_writes.put_blob),
    "PUT copy": Operation("copy", blob_writes.copy_blob),
    "PUT comp=block": Operation("put_block", blob_writes.put_block),
    "PUT comp=blocklist": Operation("put_block_list", blob_writes.put_block_list),
    "GET comp=blocklist": reading("get_block_list", blob_writes.get_block_list),
    "PUT comp=metadata": Operation("set_metadata", blob_reads.set_metadata),
    "PUT comp=properties": Operation("set_properties", blob_reads.set_properties),
    "PUT comp=lease": Operation("lease", blob_reads.lease),
    "DELETE": Operation("delete_blob", blob_writes.delete_blob),
}
BLOB_CONTAINER = {
    "PUT": Operation("create_container", blob_containers.create_container),
    "GET": reading("get_container", blob_containers.get_container),
    "HEAD": reading("get_container", blob_containers.get_container),
    "DELETE": Operation("delete_container", blob_containers.delete_container),
    "GET comp=list": reading("list_blobs", list_blobs),
    "PUT comp=metadata": Operation("set_container_metadata", blob_containers.set_container_metadata),
    "PUT comp=lease": Operation("lease", blob_reads.lease),
    "GET comp=properties": reading("account_information", blob_containers.account_information),
    "HEAD comp=properties": reading("account_information", blob_containers.account_information),
    "POST comp=batch": Operation("batch", blob_batch.batch),
}
ACCOUNT = {
    "GET comp=list": reading("list_containers", blob_containers.list_containers),
    "GET comp=properties": reading("account_information", blob_containers.account_information),
    "HEAD comp=properties": reading("account_information", blob_containers.account_information),
    "POST comp=batch": Operation("batch", blob_batch.batch),
    "POST comp=userdelegationkey": reading("user_delegation_key", blob_containers.user_delegation_key),
}
DFS_QUERY = {"resource", "action", "recursive", "mode"}


def dialect_of(method: str, query: Mapping[str, str], headers: Mapping[str, str]) -> Dialect:
    """Tell which dialect a request speaks: both share one address here."""
    speaks_dfs = (
        method == "PATCH"
        or bool(DFS_QUERY & query.keys())
        or "x-ms-rename-source" in headers
        or (method == "DELETE" and "json" in headers.get("accept", ""))
    )
    return "dfs" if speaks_dfs else "blob"


def find_operation(request: Request) -> Operation:
    """Return what a request asks for. Raises `Refused` (400) for what the server does not know."""
    words = f"{request.method}{_detail(request)}"
    found = _table(request).get(words)
    if found is None:
        raise Refused(400, "InvalidQueryParameterValue", f"The test server has no operation for {words}.")
    return found


def _table(request: Request) -> Mapping[str, Operation]:
    if not request.container:
        return ACCOUNT
    if request.dialect == "dfs":
        return DFS_PATH if request.path else DFS_CONTAINER
    if not request.path and (request.query.get("restype") == "account" or request.query.get("comp") == "batch"):
        return ACCOUNT
    return BLOB_PATH if request.path else BLOB_CONTAINER


def _detail(request: Request) -> str:
    if "x-ms-rename-source" in request.headers:
        return " rename"
    if "x-ms-copy-source" in request.headers and "comp" not in request.query:
        return " copy"
    for name in ("action", "comp", "resource"):
        if name in request.query:
            return f" {name}={request.query[name].lower()}"
    return ""
