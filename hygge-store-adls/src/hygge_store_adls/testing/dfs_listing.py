"""The dfs dialect on containers: listings in pages, and making and deleting one."""

from __future__ import annotations

import base64
import json
from itertools import islice
from typing import TYPE_CHECKING

from hygge_store_adls.testing.clock import http_date
from hygge_store_adls.testing.wire import Refused, Response, json_type


if TYPE_CHECKING:
    from hygge_store_adls.testing.account import Account
    from hygge_store_adls.testing.tree import Container
    from hygge_store_adls.testing.wire import Request


LARGEST_PAGE = 5000


def list_paths(account: Account, request: Request) -> Response:
    """List a folder, or all that is under it, one page at a time."""
    container = account.container(request)
    directory = request.query.get("directory", "").strip("/")
    if directory and container.hierarchical and not container.find(directory):
        raise Refused(404, "PathNotFound", "The specified path does not exist.")
    recursive = request.query.get("recursive") == "true"
    names = container.below(directory) if recursive else list(container.children(directory))
    names, token = page(names, container, request.query.get("continuation"), page_size(account, request))
    body = json.dumps({"paths": [_entry(container, name) for name in names]}).encode()
    headers = json_type() | ({"x-ms-continuation": token} if token else {})
    return Response(status=200, headers=headers, body=[body])


def page_size(account: Account, request: Request) -> int:
    """Return how many entries a page may have: what was asked for, the server's own bound, or the service's."""
    asked = request.query.get("maxresults") or LARGEST_PAGE
    return min(int(asked), account.page_size or LARGEST_PAGE)


def page(names: list[str], container: Container, token: str | None, size: int) -> tuple[list[str], str | None]:
    """Return the names that follow the last page's, and the token that asks for the rest."""
    if token:
        last = container.order(base64.urlsafe_b64decode(token).decode())
        names = [name for name in names if container.order(name) > last]
    found = list(islice(names, size))
    more = len(names) > len(found) and base64.urlsafe_b64encode(found[-1].encode()).decode()
    return found, more or None


def _entry(container: Container, name: str) -> dict[str, str]:
    node = container.nodes[name]
    entry = {
        "name": name,
        "contentLength": str(len(node.content)),
        "etag": node.etag,
        "lastModified": http_date(node.modified),
        "owner": "$superuser",
        "group": "$superuser",
        "permissions": node.permissions,
    }
    return entry | {"isDirectory": "true"} if node.folder else entry
