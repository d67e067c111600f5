"""The blob dialect that reads a blob and what is said about it, and that changes what is said."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING

from hygge_store_adls.testing.conditions import demand_conditions
from hygge_store_adls.testing.describing import content_properties, node_headers, version_headers
from hygge_store_adls.testing.leases import demand
from hygge_store_adls.testing.wire import Refused, Response


if TYPE_CHECKING:
    from hygge_store_adls.testing.account import Account
    from hygge_store_adls.testing.wire import Request


RANGE = re.compile(r"bytes=(\d+)-(\d*)")


def head_blob(account: Account, request: Request) -> Response:
    """Describe a file or folder."""
    node = account.node(request)
    demand_conditions(request, node)
    length = {"Content-Length": str(len(node.content))}
    return Response(status=200, headers=node_headers(node, account.clock) | length)


def read_blob(account: Account, request: Request) -> Response:
    """Send a file, or a range of it."""
    node = account.node(request)
    demand_conditions(request, node)
    headers, whole = node_headers(node, account.clock), len(node.content)
    asked = request.header("x-ms-range") or request.header("range")
    if not asked:
        return Response(status=200, headers=headers, body=list(node.content.slices(0, whole)))
    start, stop = _range(asked, whole)
    body = list(node.content.slices(start, stop))
    headers |= {"Content-Range": f"bytes {start}-{stop - 1}/{whole}"}
    if request.header("x-ms-range-get-content-md5") == "true":
        digest = hashlib.md5(b"".join(body), usedforsecurity=False).digest()
        headers |= {"Content-MD5": base64.b64encode(digest).decode()}
    return Response(status=206, headers=headers, body=body)


def set_metadata(account: Account, request: Request) -> Response:
    """Replace the metadata of a file or folder."""
    return _describe(account, request, metadata=True)


def set_properties(account: Account, request: Request) -> Response:
    """Replace what a file says about its content, its type for one."""
    return _describe(account, request, metadata=False)


def lease(account: Account, request: Request) -> Response:
    """Carry out a lease action on a container, a folder or a file."""
    node = account.node(request)
    demand_conditions(request, node)
    answer = node.act(request, account.clock)
    return Response(status=answer.status, headers=version_headers(node) | dict(answer.headers))


def _describe(account: Account, request: Request, *, metadata: bool) -> Response:
    node = account.node(request)
    demand_conditions(request, node)
    demand(node, request.header("x-ms-lease-id"), account.clock.monotonic(), "blob")
    if metadata:
        node.metadata = request.metadata()
    else:
        node.properties = content_properties(request, "x-ms-blob-")
    node.touch(account.clock)
    return Response(status=200, headers=version_headers(node))


def _range(asked: str, whole: int) -> tuple[int, int]:
    said = RANGE.fullmatch(asked)
    if said is None:
        raise Refused(400, "InvalidHeaderValue", "The range is not of the form bytes=first-last.")
    start = int(said[1])
    if start >= whole:
        message = "The range specified is invalid for the current size of the resource."
        raise Refused(416, "InvalidRange", message, {"Content-Range": f"bytes */{whole}"})
    return start, min(int(said[2]) + 1, whole) if said[2] else whole
