"""What tests of upserts share: stores on lakes of several kinds, commits in each mode, an independent reader."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq

from hygge_core import CommitRecord, Table, TableRun
from hygge_core.lake import LakeAbilities
from hygge_core.lakes.local import LocalLake
from hygge_core.schema import columns_of
from hygge_core.staging.layout import FileLayout, FolderLayout, RunsLayout
from hygge_core.staging.options import FileOptions
from hygge_core.staging.store import FileStore


LAYOUTS = {"folder": FolderLayout(), "runs": RunsLayout(), "file": FileLayout()}


class CopyingLake(LocalLake):
    """A lake without hard links and without an exchange of folders."""

    abilities = LakeAbilities(
        atomic_directory_rename=True, atomic_directory_exchange=False, atomic_replace=True, put_if_absent=True
    )


class FarLake:
    """A lake that is not on this machine: nothing but the protocol of a lake, and no paths for Polars."""

    abilities = CopyingLake.abilities
    _VERBS = (
        *("put", "create", "read", "open", "stat", "list", "make_directory", "rename", "rename_directory"),
        *("delete", "delete_directory", "lease", "url"),
    )

    def __init__(self, root):
        near = LocalLake(root)
        for verb in self._VERBS:
            setattr(self, verb, getattr(near, verb))


LAKES = {"linking": LocalLake, "copying": CopyingLake, "far": FarLake}


def opened(root, lake="linking", *, layout="folder", adopt=False, **options):
    return FileStore(
        LAKES[lake](root), path="{entity}", layout=LAYOUTS[layout], options=FileOptions(**options), adopt=adopt
    )


def run(number):
    return TableRun(id=f"run-{number:04}", flow="shop", entity="teas", started=datetime(2026, 11, 20, tzinfo=UTC))


def table(frame, mode="upsert"):
    return Table(name="teas", flow="shop", mode=mode, columns=columns_of(frame.schema))


def staged(store, number, *frames, mode="upsert", key=("id",), deleted=None):
    """Stage each frame by a writer of its own, and merge them if the mode wants it."""
    stage = store.stage(table(frames[0], mode), run(number))
    parts = []
    for frame in frames:
        writer = stage.writer()
        writer.write(frame)
        parts += writer.close()
    try:
        return stage, stage.merge(parts, key=key, deleted=deleted) if mode == "upsert" else parts
    except BaseException:
        stage.abort()
        raise


def committed(store, number, *frames, mode="upsert", **how):
    stage, parts = staged(store, number, *frames, mode=mode, **how)
    sealed = stage.seal(parts)
    receipt = stage.commit(sealed, CommitRecord(run=sealed.run, table=sealed.table, parts=sealed.parts))
    if mode == "upsert":
        recorded = {f"teas/{part.name}": part.rows for part in receipt.record.parts}
        assert recorded == {path: pq.read_metadata(store._lake.url(path)).num_rows for path in there(store)}
    return receipt


def there(store):
    """The files that are in the table's place."""
    return [entry.path for entry in store._lake.list("teas")]


def files(root):
    """The visible files by name, each with what tells one file of the disk from another."""
    return {path.name: path.stat().st_ino for path in sorted((root / "teas").iterdir())}


def visible(root):
    """What a reader sees that knows nothing of hygge or Polars: rows as tuples, in no order."""
    found = [pq.ParquetFile(path).read() for path in sorted((root / "teas").glob("*.parquet"))]
    rows = pa.concat_tables(found, promote_options="default").to_pylist()
    return sorted(tuple(row.values()) for row in rows)
