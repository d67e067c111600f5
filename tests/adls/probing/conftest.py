"""Connections that are examined as ``hygge debug`` does it."""

from __future__ import annotations

import pytest

from adls.sign_in import APP, SECRET, TENANT, SignIn
from adls.stores.opening import context
from hygge_core.secret import Secret
from hygge_store_adls.account import adls_account
from hygge_store_adls.config import AdlsConnection
from hygge_store_adls.connection import StorageConnection
from hygge_store_adls.testing import DfsServer


@pytest.fixture
def server():
    with DfsServer() as server:
        yield server


@pytest.fixture
def secure():
    """An account over TLS, and a sign-in service whose tokens it takes."""
    with DfsServer(tls=True) as server, SignIn(server.issue_token, trust=[server.ca_file]) as sign_in:
        server.sign_in = sign_in
        yield server


@pytest.fixture
def examine():
    """Examine a connection; returns what was found, by name, in order."""

    def examined(**keys):
        config = AdlsConnection(**keys)
        connection = StorageConnection(adls_account(config), config, context())
        try:
            return {finding.probe: finding for finding in connection.probe("lake")}
        finally:
            connection.close()

    return examined


def by_key(server, **more):
    keys = {"account": server.account, "endpoint": server.url, "container": server.container}
    return {**keys, "credential": "account_key", "account_key": Secret(server.key), **more}


def by_sas(server, text, **more):
    keys = {"account": server.account, "endpoint": server.url, "container": server.container}
    return {**keys, "credential": "sas", "sas": Secret(text), **more}


def by_token(server, **more):
    keys = {"account": server.account, "endpoint": server.url, "container": server.container}
    principal = {"tenant_id": TENANT, "client_id": APP, "client_secret": Secret(SECRET)}
    trusted = {"authority": server.sign_in.authority, "ca_file": server.sign_in.ca_file}
    return {**keys, "credential": "service_principal", **principal, **trusted, **more}
