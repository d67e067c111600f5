"""Stores on a test server, opened from plain data, so that processes of their own can open them as well."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from adls.sign_in import APP, SECRET, TENANT
from hygge_core.plugin import Context
from hygge_core.secret import Secret
from hygge_store_adls.config import OneLakeStore
from hygge_store_adls.store import open_onelake_store


MEMORY = 32 << 20


def context(folder=None, **connections):
    """What a run would give to what it opens."""
    named = SimpleNamespace(get=connections.__getitem__)
    return Context(project=folder or Path.cwd(), connections=named, memory=MEMORY, log=None)


def open_lakehouse(place):
    """Open a store in OneLake, signed in as a service principal."""
    principal = {"tenant_id": TENANT, "client_id": APP, "client_secret": Secret(SECRET)}
    trusted = {"authority": place["authority"], "ca_file": place["trusted"]}
    keys = {"workspace": place["container"], "lakehouse": "Leaves", "endpoint": place["url"]}
    config = OneLakeStore(**keys, credential="service_principal", **principal, **trusted, path=place["path"])
    return open_onelake_store(config, context())
