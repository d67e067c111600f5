"""The blob dialect that writes: whole blobs, blocks and block lists, copies, deletions."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit
from uuid import uuid4
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from hygge_store_adls.testing.conditions import demand_conditions
from hygge_store_adls.testing.content import Content, bytes_of
from hygge_store_adls.testing.describing import content_properties, version_headers
from hygge_store_adls.testing.leases import demand
from hygge_store_adls.testing.tree import Node
from hygge_store_adls.testing.wire import Refused, Response, xml


if TYPE_CHECKING:
    from hygge_store_adls.testing.account import Account
    from hygge_store_adls.testing.content import Chunk
    from hygge_store_adls.testing.wire import Request


TAKEN = Refused(409, "BlobAlreadyExists", "The specified blob already exists.")


def put_blob(account: Account, request: Request) -> Response:
    """Write a blob whole."""
    if request.header("x-ms-blob-type") != "BlockBlob":
        raise Refused(400, "InvalidHeaderValue", "Only block blobs live here: x-ms-blob-type must be BlockBlob.")
    node = _written(account, request, Content().and_then(request.body))
    return Response(status=201, headers={**version_headers(node), "x-ms-request-server-encrypted": "true"})


def put_block(account: Account, request: Request) -> Response:
    """Take a block that no reader sees until a list names it."""
    container, node = account.container(request), account.container(request).find(request.path)
    demand(node, request.header("x-ms-lease-id"), account.clock.monotonic(), "blob")
    container.unlisted.setdefault(request.path, {})[request.query["blockid"]] = request.body
    return Response(status=201, headers={"x-ms-request-server-encrypted": "true"})


def put_block_list(account: Account, request: Request) -> Response:
    """Let a blob be these blocks, in this order."""
    container, node = account.container(request), account.container(request).find(request.path)
    committed = node.blocks if node else {}
    fresh = container.unlisted.get(request.path, {})
    found: dict[str, dict[str, Chunk]] = {
        "Committed": committed,
        "Uncommitted": fresh,
        "Latest": committed | fresh,
    }
    wanted = [(block.tag, block.text or "") for block in ET.fromstring(bytes_of(request.body))]  # noqa: S314 - our own tests send it
    if any(name not in found[kind] for kind, name in wanted):
        raise Refused(400, "InvalidBlockList", "The specified block list is invalid.")
    blocks = {name: found[kind][name] for kind, name in wanted}
    node = _written(account, request, Content().and_then(*(found[kind][name] for kind, name in wanted)))
    node.blocks = blocks
    return Response(status=201, headers={**version_headers(node), "x-ms-request-server-encrypted": "true"})


def get_block_list(account: Account, request: Request) -> Response:
    """List the blocks of a blob, those in it and those that wait."""
    container, node = account.container(request), account.container(request).find(request.path)
    fresh = container.unlisted.get(request.path, {})
    if node is None and not fresh:
        raise Refused(404, "BlobNotFound", "The specified blob does not exist.")
    listed = {"CommittedBlocks": node.blocks if node else {}, "UncommittedBlocks": fresh}
    asked = request.query.get("blocklisttype", "committed")
    shown = [kind for kind in listed if asked == "all" or kind.lower().startswith(asked)]
    lists = "".join(f"<{kind}>{''.join(map(_block, listed[kind].items()))}</{kind}>" for kind in shown)
    return xml(f"<BlockList>{lists}</BlockList>")


def copy_blob(account: Account, request: Request) -> Response:
    """Copy a blob of this account, at once."""
    name, _, path = _copy_source(account, request).partition("/")
    source_in = account.containers.get(name)
    source = source_in.find(path) if source_in and path else None
    if source is None or source.folder:
        raise Refused(404, "CannotVerifyCopySource", "The specified blob does not exist.")
    demand_conditions(request, source, source=True)
    node = _written(account, request, source.content)
    node.metadata = request.metadata() or dict(source.metadata)
    node.properties = dict(source.properties)
    status = 201 if request.header("x-ms-requires-sync") == "true" else 202
    copied = {"x-ms-copy-id": str(uuid4()), "x-ms-copy-status": "success"}
    return Response(status=status, headers=version_headers(node) | copied)


def delete_blob(account: Account, request: Request) -> Response:
    """Delete a blob, or a folder that holds nothing."""
    container, node = account.container(request), account.node(request)
    demand_conditions(request, node)
    demand(node, request.header("x-ms-lease-id"), account.clock.monotonic(), "blob")
    if node.folder and container.below(request.path):
        raise Refused(409, "DirectoryIsNotEmpty", "This operation is not permitted on a non-empty directory.")
    container.remove(request.path)
    return Response(status=202, headers={"x-ms-delete-type-permanent": "true"})


def _written(account: Account, request: Request, content: Content) -> Node:
    container, clock = account.container(request), account.clock
    node = container.find(request.path)
    demand_conditions(request, node, taken=TAKEN)
    demand(node, request.header("x-ms-lease-id"), clock.monotonic(), "blob")
    if node and node.folder:
        raise Refused(409, "ResourceTypeMismatch", "The operation cannot be performed on a directory.")
    if node is None:
        node = Node(clock)
        container.put(request.path, node, clock)
    node.fill(content, clock)
    node.metadata = request.metadata()
    node.properties = content_properties(request, "x-ms-blob-")
    container.unlisted.pop(request.path, None)
    return node


def _copy_source(account: Account, request: Request) -> str:
    path = unquote(urlsplit(request.headers["x-ms-copy-source"]).path).strip("/")
    return path.removeprefix(f"{account.name}/")


def _block(block: tuple[str, Chunk]) -> str:
    name, held = block
    return f"<Block><Name>{escape(name)}</Name><Size>{len(held)}</Size></Block>"
