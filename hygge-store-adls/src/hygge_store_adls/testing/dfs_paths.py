"""The dfs dialect on files and folders: create, rename, delete, and who may do what."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from hygge_store_adls.testing.conditions import demand_conditions
from hygge_store_adls.testing.content import Content
from hygge_store_adls.testing.describing import content_properties, node_headers, version_headers
from hygge_store_adls.testing.leases import demand
from hygge_store_adls.testing.tree import Node, parents
from hygge_store_adls.testing.wire import Refused, Response


if TYPE_CHECKING:
    from hygge_store_adls.testing.account import Account
    from hygge_store_adls.testing.tree import Container
    from hygge_store_adls.testing.wire import Request


TAKEN = Refused(409, "PathAlreadyExists", "The specified path already exists.")


def create_path(account: Account, request: Request) -> Response:
    """Make a file, empty even if it was there, or a folder, which keeps what it holds."""
    container, clock = account.container(request), account.clock
    folder = request.query["resource"] == "directory"
    node = container.find(request.path)
    demand_conditions(request, node, taken=TAKEN)
    demand(node, request.header("x-ms-lease-id"), clock.monotonic(), "dfs")
    if node and node.folder != folder:
        raise Refused(409, "PathConflict", "The specified path, or an element of it, is of the other kind.")
    if node is None:
        node = Node(clock, folder=folder)
        container.put(request.path, node, clock)
    node.fill(Content(), clock)
    node.metadata = user_properties(request)
    node.properties = content_properties(request, "x-ms-")
    return Response(status=201, headers={**version_headers(node), "x-ms-request-server-encrypted": "true"})


def rename_path(account: Account, request: Request) -> Response:
    """Move a file, or a folder with all it holds, over a file or an empty folder; what moves keeps its ETag."""
    target_container, clock = account.container(request), account.clock
    source_name, source_path = rename_source(request)
    source_container = account.containers.get(source_name)
    source = source_container.find(source_path) if source_container and source_path else None
    if source_container is None or source is None:
        raise Refused(404, "SourcePathNotFound", "The source path for a rename operation does not exist.")
    target = target_container.find(request.path)
    _demand_names(source_container, source_path, target_container, request.path)
    demand_conditions(request, target, taken=TAKEN)
    demand_conditions(request, source, source=True)
    demand(target, request.header("x-ms-lease-id"), clock.monotonic(), "dfs")
    demand(source, request.header("x-ms-source-lease-id"), clock.monotonic(), "dfs")
    if source is target:
        return Response(status=201)
    if target is not None:
        _demand_replaceable(target_container, request.path, source, target)
        target_container.remove(request.path)
    source.metadata = user_properties(request) or source.metadata
    _move(source_container, source_path, target_container, request.path)
    return Response(status=201)


def _demand_names(source_in: Container, source: str, target_in: Container, target: str) -> None:
    if source_in is target_in and target.startswith(f"{source}/"):
        raise Refused(409, "InvalidRenameSourcePath", "The source directory cannot be a parent of the destination.")
    above = parents(target)
    holder = target_in.find(above[-1]) if above else target_in
    if holder is None:
        message = "The parent directory of the destination path does not exist."
        raise Refused(404, "RenameDestinationParentPathNotFound", message)
    if not holder.folder:
        raise Refused(409, "PathConflict", "The parent of the destination path is a file.")


def _demand_replaceable(container: Container, path: str, source: Node, target: Node) -> None:
    if source.folder != target.folder:
        message = "The source and destination resource type must be identical."
        raise Refused(409, "InvalidSourceOrDestinationResourceType", message)
    if target.folder and container.below(path):
        raise TAKEN


def _move(source_in: Container, source: str, target_in: Container, target: str) -> None:
    moved = {name: source_in.nodes.pop(name) for name in [source, *source_in.below(source)]}
    target_in.nodes |= {target + name.removeprefix(source): node for name, node in moved.items()}


def delete_path(account: Account, request: Request) -> Response:
    """Delete a file or a folder; a folder that holds something only with ``recursive=true``, page by page."""
    container, node = account.container(request), account.node(request)
    demand_conditions(request, node)
    demand(node, request.header("x-ms-lease-id"), account.clock.monotonic(), "dfs")
    below = container.below(request.path)
    if below and request.query.get("recursive") != "true":
        raise Refused(409, "DirectoryNotEmpty", "The recursive query parameter value must be true to delete it.")
    if account.page_size and len(below) > account.page_size:
        for name in below[-account.page_size :]:
            del container.nodes[name]
        return Response(status=200, headers={"x-ms-continuation": "more"})
    container.remove(request.path)
    return Response(status=200)


def get_access(account: Account, request: Request) -> Response:
    """Tell the owner and the permissions, as HEAD does for ``getAccessControl`` and ``getStatus``."""
    node = account.node(request)
    demand_conditions(request, node)
    access = {
        "x-ms-owner": "$superuser",
        "x-ms-group": "$superuser",
        "x-ms-permissions": node.permissions,
        "x-ms-acl": f"user::{node.permissions[:3]},group::{node.permissions[3:6]},other::{node.permissions[6:9]}",
    }
    if request.query["action"].lower() == "getstatus":
        return Response(status=200, headers=node_headers(node, account.clock))
    return Response(status=200, headers=version_headers(node) | access)


def set_access(account: Account, request: Request) -> Response:
    """Take other permissions for a path."""
    node = account.node(request)
    demand_conditions(request, node)
    node.permissions = request.header("x-ms-permissions") or node.permissions
    node.touch(account.clock)
    return Response(status=200, headers=version_headers(node))


def rename_source(request: Request) -> tuple[str, str]:
    """Return container and path of ``x-ms-rename-source``, whether its slashes are encoded or not."""
    container, _, path = unquote(urlsplit(request.headers["x-ms-rename-source"]).path).strip("/").partition("/")
    return container, path


def user_properties(request: Request) -> dict[str, str]:
    """Return the metadata of ``x-ms-properties``: names with values in base64."""
    pairs = [pair.partition("=") for pair in (request.header("x-ms-properties") or "").split(",") if pair]
    return {name.strip(): base64.b64decode(value).decode("latin-1") for name, _, value in pairs}
