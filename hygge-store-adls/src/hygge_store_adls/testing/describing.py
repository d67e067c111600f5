"""How files, folders and containers are described in headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_store_adls.testing.clock import http_date
from hygge_store_adls.testing.leases import lease_headers


if TYPE_CHECKING:
    from hygge_store_adls.testing.clock import Clock
    from hygge_store_adls.testing.tree import Node
    from hygge_store_adls.testing.wire import Request


DESCRIBED = ("content-type", "content-encoding", "content-language", "content-disposition", "cache-control")
"""What a file may say about its content, as requests bring it with ``x-ms-`` or ``x-ms-blob-`` before it."""


def version_headers(node: Node) -> dict[str, str]:
    """Return the ETag and the time of the last change."""
    return {"ETag": f'"{node.etag}"', "Last-Modified": http_date(node.modified)}


def node_headers(node: Node, clock: Clock) -> dict[str, str]:
    """Return everything that HEAD says about a file or folder."""
    headers = {
        **version_headers(node),
        **lease_headers(node.lease, clock.monotonic()),
        "Content-Type": "application/octet-stream",
        "Accept-Ranges": "bytes",
        "x-ms-blob-type": "BlockBlob",
        "x-ms-creation-time": http_date(node.created),
        "x-ms-server-encrypted": "true",
        "x-ms-resource-type": "directory" if node.folder else "file",
        **{name.title(): value for name, value in node.properties.items()},
        **{f"x-ms-meta-{name}": value for name, value in node.metadata.items()},
    }
    return headers | {"x-ms-meta-hdi_isfolder": "true"} if node.folder else headers


def content_properties(request: Request, prefix: str) -> dict[str, str]:
    """Return what a request says about the content of the file it makes."""
    found = {name: request.header(f"{prefix}{name}") for name in DESCRIBED}
    return {name: value for name, value in found.items() if value}
