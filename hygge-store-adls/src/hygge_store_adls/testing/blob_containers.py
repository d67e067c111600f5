"""The blob dialect on the account and its containers."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from hygge_store_adls.testing.clock import http_date
from hygge_store_adls.testing.conditions import demand_conditions
from hygge_store_adls.testing.content import bytes_of
from hygge_store_adls.testing.describing import version_headers
from hygge_store_adls.testing.leases import demand, lease_headers
from hygge_store_adls.testing.sas import delegation_key
from hygge_store_adls.testing.tokens import PRINCIPAL, TENANT
from hygge_store_adls.testing.wire import Refused, Response, xml


if TYPE_CHECKING:
    from hygge_store_adls.testing.account import Account
    from hygge_store_adls.testing.wire import Request


def create_container(account: Account, request: Request) -> Response:
    """Make a container."""
    if request.container in account.containers:
        code = "ContainerAlreadyExists" if request.dialect == "blob" else "FilesystemAlreadyExists"
        raise Refused(409, code, "The specified container already exists.")
    made = account.add_container(request.container)
    made.metadata = request.metadata()
    return Response(status=201, headers=version_headers(made))


def get_container(account: Account, request: Request) -> Response:
    """Describe a container."""
    found = account.container(request)
    headers = {
        **version_headers(found),
        **lease_headers(found.lease, account.clock.monotonic()),
        **{f"x-ms-meta-{name}": value for name, value in found.metadata.items()},
        "x-ms-has-immutability-policy": "false",
        "x-ms-has-legal-hold": "false",
        "x-ms-namespace-enabled": str(account.hierarchical).lower(),
    }
    return Response(status=200, headers=headers)


def set_container_metadata(account: Account, request: Request) -> Response:
    """Replace what a container's metadata says."""
    found = account.container(request)
    demand_conditions(request, found)
    found.metadata = request.metadata()
    found.touch(account.clock)
    return Response(status=200, headers=version_headers(found))


def delete_container(account: Account, request: Request) -> Response:
    """Delete a container with all that is in it."""
    found = account.container(request)
    demand(found, request.header("x-ms-lease-id"), account.clock.monotonic(), request.dialect)
    del account.containers[found.name]
    return Response(status=202)


def list_containers(account: Account, request: Request) -> Response:
    """List the containers whose names start with a prefix."""
    prefix = request.query.get("prefix", "")
    names = sorted(name for name in account.containers if name.startswith(prefix))
    listed = "".join(
        f"<Container><Name>{escape(name)}</Name><Properties>"
        f"<Last-Modified>{http_date(account.containers[name].modified)}</Last-Modified>"
        f'<Etag>"{account.containers[name].etag}"</Etag></Properties></Container>'
        for name in names
    )
    return xml(f"<EnumerationResults><Containers>{listed}</Containers><NextMarker/></EnumerationResults>")


def account_information(account: Account, _request: Request) -> Response:
    """Tell the kind of the account, above all whether it is hierarchical."""
    kind = {"x-ms-sku-name": "Standard_LRS", "x-ms-account-kind": "StorageV2"}
    return Response(status=200, headers=kind | {"x-ms-is-hns-enabled": str(account.hierarchical).lower()})


def user_delegation_key(account: Account, request: Request) -> Response:
    """Give a token's principal a key for signatures of its own; the same key for the same span of time."""
    asked = {element.tag: element.text or "" for element in ET.fromstring(bytes_of(request.body))}  # noqa: S314 - from tests
    said = (PRINCIPAL, TENANT, asked["Start"], asked["Expiry"], "b", request.headers["x-ms-version"])
    names = ("SignedOid", "SignedTid", "SignedStart", "SignedExpiry", "SignedService", "SignedVersion")
    fields = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in zip(names, said, strict=True))
    return xml(f"<UserDelegationKey>{fields}<Value>{delegation_key(account, said)}</Value></UserDelegationKey>")
