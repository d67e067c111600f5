"""The dfs dialect on content: append at a position, which nobody sees, then flush, which all see at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_store_adls.testing.conditions import demand_conditions
from hygge_store_adls.testing.content import Chunk
from hygge_store_adls.testing.describing import content_properties, version_headers
from hygge_store_adls.testing.leases import demand
from hygge_store_adls.testing.wire import Refused, Response


if TYPE_CHECKING:
    from hygge_store_adls.testing.account import Account
    from hygge_store_adls.testing.tree import Node
    from hygge_store_adls.testing.wire import Request


def append(account: Account, request: Request) -> Response:
    """Take bytes for a position of a file that exists; appends may come in any order and side by side.

    A position inside what the file holds is taken as well, and found out by the flush, as the service does.
    """
    node = _file(account, request)
    at = _position(request)
    if not len(request.body):
        raise Refused(400, "InvalidHeaderValue", "The value for one of the HTTP headers is not in the correct format.")
    node.waiting[at] = request.body
    headers = {"x-ms-request-server-encrypted": "true"}
    if request.query.get("flush") == "true":
        _commit(account, request, node, at + len(request.body))
        headers |= version_headers(node)
    return Response(status=202, headers=headers)


def flush(account: Account, request: Request) -> Response:
    """Let a file hold what was appended up to a position."""
    node = _file(account, request)
    demand_conditions(request, node)
    _commit(account, request, node, _position(request))
    headers = {**version_headers(node), "Content-Length": "0", "x-ms-request-server-encrypted": "true"}
    return Response(status=200, headers=headers)


def _file(account: Account, request: Request) -> Node:
    node = account.node(request)
    demand(node, request.header("x-ms-lease-id"), account.clock.monotonic(), "dfs")
    if node.folder:
        raise Refused(409, "ResourceTypeMismatch", "The operation cannot be performed on a directory.")
    return node


def _position(request: Request) -> int:
    said = request.query.get("position", "")
    if not said.isdecimal():
        raise Refused(
            400, "MissingRequiredQueryParameter", "A query parameter that's mandatory is not specified: position."
        )
    return int(said)


def _commit(account: Account, request: Request, node: Node, position: int) -> None:
    end, taken = len(node.content), list[Chunk]()
    while end in node.waiting and end < position:
        taken.append(node.waiting[end])
        end += len(taken[-1])
    if end != position:
        message = (
            "The uploaded data is not contiguous or the position is not the length of the file after appending it."
        )
        raise Refused(400, "InvalidFlushPosition", message)
    left = {at: chunk for at, chunk in node.waiting.items() if at >= end}
    node.fill(node.content.and_then(*taken), account.clock)
    node.properties |= content_properties(request, "x-ms-")
    if request.query.get("retainuncommitteddata") == "true":
        node.waiting = left
