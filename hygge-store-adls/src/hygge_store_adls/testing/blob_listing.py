"""The blob dialect's listing: flat or by a delimiter, in pages, as XML."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from hygge_store_adls.testing.clock import http_date
from hygge_store_adls.testing.dfs_listing import page, page_size
from hygge_store_adls.testing.leases import lease_headers
from hygge_store_adls.testing.wire import xml


if TYPE_CHECKING:
    from hygge_store_adls.testing.account import Account
    from hygge_store_adls.testing.tree import Container
    from hygge_store_adls.testing.wire import Request, Response


def list_blobs(account: Account, request: Request) -> Response:
    """List the blobs whose names start with a prefix; with a delimiter, one level of them."""
    container = account.container(request)
    prefix, delimiter = request.query.get("prefix", ""), request.query.get("delimiter", "")
    names = [name for name in container.below("") if name.startswith(prefix)]
    if delimiter:
        names = _one_level(names, prefix, delimiter, container)
    names, token = page(names, container, request.query.get("marker"), page_size(account, request))
    include = request.query.get("include", "").split(",")
    listed = "".join(
        f"<BlobPrefix><Name>{escape(name)}</Name></BlobPrefix>"
        if delimiter and name.endswith(delimiter)
        else _blob(account, container, name, metadata="metadata" in include)
        for name in names
    )
    marker = f"<NextMarker>{token}</NextMarker>" if token else "<NextMarker />"
    head = f"<Prefix>{escape(prefix)}</Prefix><Delimiter>{escape(delimiter)}</Delimiter>"
    inside = f"{head}<Blobs>{listed}</Blobs>{marker}"
    return xml(f'<EnumerationResults ContainerName="{container.name}">{inside}</EnumerationResults>')


def _one_level(names: list[str], prefix: str, delimiter: str, container: Container) -> list[str]:
    found: dict[str, None] = {}
    for name in names:
        head, cut, _ = name[len(prefix) :].partition(delimiter)
        node = container.nodes[name]
        found[prefix + head + delimiter if cut or node.folder else name] = None
    return list(found)


def _blob(account: Account, container: Container, name: str, *, metadata: bool) -> str:
    node = container.nodes[name]
    lease = lease_headers(node.lease, account.clock.monotonic())
    said = {**node.metadata, **({"hdi_isfolder": "true"} if node.folder else {})}
    shown = "".join(f"<{key}>{escape(value)}</{key}>" for key, value in said.items()) if metadata else ""
    kind = f"<ResourceType>{'directory' if node.folder else 'file'}</ResourceType>" if account.hierarchical else ""
    return (
        f"<Blob><Name>{escape(name)}</Name><Properties>"
        f"<Creation-Time>{http_date(node.created)}</Creation-Time>"
        f"<Last-Modified>{http_date(node.modified)}</Last-Modified><Etag>{node.etag}</Etag>{kind}"
        f"<Content-Length>{len(node.content)}</Content-Length>"
        f"<Content-Type>{escape(node.properties.get('content-type', 'application/octet-stream'))}</Content-Type>"
        f"<BlobType>BlockBlob</BlobType><LeaseStatus>{lease['x-ms-lease-status']}</LeaseStatus>"
        f"<LeaseState>{lease['x-ms-lease-state']}</LeaseState></Properties><Metadata>{shown}</Metadata></Blob>"
    )
