"""What the crash matrix needs to know of a landing zone in OneLake; child processes import this by name."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from adls.crash.adls_subject import container, credential
from hygge_core.lakes.local import LocalLake
from hygge_core.staging.options import FileOptions
from hygge_core.testing.plan import Subject
from hygge_store_adls.lake import Access, LakePlace, open_lake
from hygge_store_adls.testing.crash import LEASE_SECONDS, address_in
from hygge_store_openmirroring.landing_zone import TableName
from hygge_store_openmirroring.publishing.rebuild import Rebuild
from hygge_store_openmirroring.replicator.replicator import Replicator
from hygge_store_openmirroring.store import MirrorStore, Partner


MIRROR = "22222222-2222-4222-8222-222222222222"
ZONE = f"{MIRROR}/Files/LandingZone"
NEEDED = {"lease", "columns.json"}


def open_mirror(place, shim):
    address = address_in(place)
    lake = open_lake(
        LakePlace(endpoint=address["url"], container=address["container"], root=ZONE, hierarchical=True),
        credential(address),
        Access(attempts=3, lease=LEASE_SECONDS, ca_file=address["ca_file"]),
    )
    return MirrorStore(
        shim(lake),
        path="dbo.schema/{entity}",
        key_columns=("number",),
        options=FileOptions(),
        rebuild=Rebuild(drop_wait=0),
        partner=Partner(),
        behind=lake,
    )


def read(place, table):
    """Bring the zone here by the SDK, and let a database that begins with it replay what it finds."""
    with TemporaryDirectory() as folder:
        for name, data in _files(place):
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        replicator = Replicator(LocalLake(Path(folder)), clean=False)
        replicator.poll()
    mirrored = replicator.tables.get(TableName("dbo", table))
    assert mirrored is None or mirrored.failure is None, mirrored.failure
    return mirrored.rows.to_dict(as_series=False) if mirrored is not None and mirrored.taken else None


def leftovers(place):
    """Everything in the store's own folder but leases, commit records and what is remembered of columns."""
    for name, _ in _files(place):
        inside = name.split("/")
        if "_hygge" in inside and inside[-1] not in NEEDED and "commits" not in inside:
            yield name


def _files(place):
    with container(address_in(place)) as client:
        for blob in client.list_blobs(name_starts_with=ZONE, include=["metadata"]):
            if (blob.metadata or {}).get("hdi_isfolder") != "true" and blob.size is not None:
                yield blob.name.removeprefix(f"{ZONE}/"), client.download_blob(blob.name).readall()


MODULE = "openmirroring.onelake.mirror_subject"
SUBJECT = Subject(open=f"{MODULE}:open_mirror", read=f"{MODULE}:read", leftovers=f"{MODULE}:leftovers")
