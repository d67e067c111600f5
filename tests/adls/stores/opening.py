"""Stores on a test server, opened from plain data, so that processes of their own can open them as well."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from adls.sign_in import APP, SECRET, TENANT
from hygge_core.plugin import Context
from hygge_core.secret import Secret
from hygge_store_adls.config import AdlsStore, OneLakeStore
from hygge_store_adls.store import open_adls_store, open_onelake_store


MEMORY = 32 << 20


def context(folder=None, **connections):
    """What a run would give to what it opens."""
    named = SimpleNamespace(get=connections.__getitem__)
    return Context(project=folder or Path.cwd(), connections=named, memory=MEMORY, log=None)


def settings(place):
    """The settings of a store at a place: the address of a server, and what is said besides."""
    keys = {"account": place["account"], "endpoint": place["url"], "container": place["container"]}
    signed = {"credential": "account_key", "account_key": Secret(place["key"])}
    return AdlsStore(**keys, **signed, path=place["path"], layout=place["layout"])


def open_store(place):
    return open_adls_store(settings(place), context())


def open_lakehouse(place):
    """Open a store in OneLake, signed in as a service principal."""
    principal = {"tenant_id": TENANT, "client_id": APP, "client_secret": Secret(SECRET)}
    trusted = {"authority": place["authority"], "ca_file": place["trusted"]}
    keys = {"workspace": place["container"], "lakehouse": "Leaves", "endpoint": place["url"]}
    config = OneLakeStore(**keys, credential="service_principal", **principal, **trusted, path=place["path"])
    return open_onelake_store(config, context())
