"""A workspace with a mirrored database on a test server: stores publish into it, and the service polls it."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

from adls.sign_in import APP, SECRET, TENANT, SignIn
from hygge_core.plugin import Context
from hygge_core.secret import Secret
from hygge_store_adls.lake import Access, LakePlace, open_lake
from hygge_store_adls.testing import DfsServer
from hygge_store_openmirroring.config import OpenMirroringConfig
from hygge_store_openmirroring.opening import open_store
from hygge_store_openmirroring.replicator.replicator import Replicator


WORKSPACE = "11111111-1111-4111-8111-111111111111"
MIRROR = "22222222-2222-4222-8222-222222222222"
MEMORY = 32 << 20


class Database:
    """The mirrored database: polls its landing zone, and has a folder in Tables for each of its tables."""

    def __init__(self, zone, tables):
        self.zone = zone
        self._tables = tables
        self.replicator = Replicator(zone)
        self.seen = []

    def poll(self, *_):
        """Take what is there; ``seen`` collects the rows of the only table, None while there is none."""
        self.replicator.poll()
        for table in self.replicator.tables.values():
            assert table.failure is None, table.failure
        there = {f"{name.schema}/{name.table}" for name in self.replicator.tables}
        for schema in list(self._tables.list("")):
            for entry in list(self._tables.list(schema.path)):
                if entry.path not in there:
                    self._tables.delete_directory(entry.path)
        for path in there:
            self._tables.make_directory(path)
        rows = [sorted(table.rows.rows()) for table in self.replicator.tables.values() if table.taken]
        self.seen.append(rows[0] if rows else None)


@contextmanager
def fabric():
    """Serve the workspace over TLS, with a sign-in service; yields the server, that service and the database."""
    with DfsServer(onelake=True, tls=True, container=WORKSPACE) as server:
        server.add_item(MIRROR)
        with (
            SignIn(server.issue_token, trust=[server.ca_file]) as sign_in,
            _lake(server, "Tables") as tables,
            _lake(server, "Files/LandingZone") as zone,
        ):
            yield server, sign_in, Database(zone, tables)


@contextmanager
def _lake(server, folder):
    place = LakePlace(endpoint=server.url, container=WORKSPACE, root=f"{MIRROR}/{folder}", hierarchical=True)
    lake = open_lake(place, server.credential(), Access(ca_file=server.ca_file))
    try:
        yield lake
    finally:
        lake.close()


def keys_of(server, sign_in):
    """The keys of a store of this mirrored database, signed in as a service principal."""
    return {
        "workspace": WORKSPACE,
        "mirror": MIRROR,
        "endpoint": server.url,
        "credential": "service_principal",
        "tenant_id": TENANT,
        "client_id": APP,
        "client_secret": SECRET,
        "authority": sign_in.authority,
        "ca_file": sign_in.ca_file,
    }


def store_on(server, sign_in, database, **settings):
    """Open a store; while it waits for the service, that polls."""
    keys = {**keys_of(server, sign_in), "client_secret": Secret(SECRET)}
    config = OpenMirroringConfig(**keys, key_columns=("Id",), **settings)
    named = SimpleNamespace(get={}.__getitem__)
    context = Context(project=Path.cwd(), connections=named, memory=MEMORY, log=None, pause=database.poll)
    return open_store(config, context)
