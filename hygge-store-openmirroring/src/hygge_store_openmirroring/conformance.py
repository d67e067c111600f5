"""The Open Mirroring store, held to the contract of all stores as seen through the eyes of the service."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar

import polars as pl
import pytest
from attrs import evolve

from hygge_core.lakes.local import LocalLake
from hygge_core.plugin import Context
from hygge_core.schema import dtype_of
from hygge_core.staging.options import FileOptions
from hygge_core.testing import PluginContract, StoreContract
from hygge_core.testing.crash import Subject
from hygge_store_openmirroring.config import OpenMirroringConfig
from hygge_store_openmirroring.landing_zone import TableName
from hygge_store_openmirroring.opening import open_store as open_mirror
from hygge_store_openmirroring.publishing.rebuild import Rebuild
from hygge_store_openmirroring.replicator.replicator import Replicator
from hygge_store_openmirroring.store import MirrorStore, Partner
from hygge_store_openmirroring.types.rules import MOMENT


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hygge_core.commit import Table
    from hygge_core.testing.plan import Level, Matrix, Scenario
    from hygge_core.testing.shim import Shim

_SCHEMA = "dbo"
_REMEMBERED = frozenset({"lease", "columns.json"})


def open_store(place: str) -> MirrorStore:
    """Open a store on a landing zone on this machine."""
    config = OpenMirroringConfig(landing_zone=f"file:{place}", drop_wait=0)
    nobody: Any = SimpleNamespace()
    return open_mirror(config, Context(project=Path.cwd(), connections=nobody, memory=64 << 20, log=None))


def crash_store(place: str, shim: Shim) -> MirrorStore:
    """Open a store for the crash matrix, which stands between it and its landing zone."""
    return MirrorStore(
        shim(LocalLake(Path(place))),
        path=f"{_SCHEMA}.schema/{{entity}}",
        key_columns=("number",),
        options=FileOptions(),
        rebuild=Rebuild(drop_wait=0),
        partner=Partner(),
    )


def read(place: str, table: str) -> dict[str, list[Any]] | None:
    """Read what a database holds that begins with the zone as it is."""
    rows = _mirrored(place, table)
    return None if rows is None else rows.select("origin", "number").to_dict(as_series=False)


def leftovers(place: str) -> Iterator[str]:
    """Name everything in the store's own folder but leases, commit records and what is remembered of columns."""
    for path in Path(place).rglob("*"):
        inside = path.relative_to(place).parts
        needed = "_hygge" not in inside or path.name in _REMEMBERED or "commits" in inside
        if path.is_file() and not (needed and not path.name.endswith(".unfinished")):
            yield path.relative_to(place).as_posix()


class TestLandingZone(StoreContract):
    """A landing zone as Fabric reads it."""

    opener = f"{__name__}:open_store"
    crash = Subject(open=f"{__name__}:crash_store", read=f"{__name__}:read", leftovers=f"{__name__}:leftovers")
    reads_as: ClassVar = {
        "uint8": pl.Int16(),
        "uint16": pl.Int32(),
        "uint32": pl.Int64(),
        "uint64": pl.Decimal(20, 0),
        "categorical": pl.String(),
        "enum": pl.String(),
        "datetime_ms": MOMENT,
        "datetime_us": MOMENT,
        "datetime_ns": MOMENT,
        "datetime_zone": MOMENT,
    }
    refuses: ClassVar = {
        "null": "a column of nothing but nulls has no type that a mirrored table could keep",
        "case": "what a mirrored table makes of names that differ in case only is not documented",
    }

    @pytest.fixture
    def place(self, tmp_path: Path) -> str:
        """Keep the landing zone of each case in a folder of its own."""
        return str(tmp_path / "LandingZone")

    @pytest.fixture
    def read(self, place: str) -> Callable[[Table], pl.DataFrame | None]:
        """Replay the zone from its first file, which changes nothing in it."""

        def read(table: Table) -> pl.DataFrame | None:
            rows = _mirrored(place, table.name)
            return None if rows is None else rows.pipe(_parsed, table)

        return read

    def matrix_of(self, scenario: Scenario, level: Level, folder: Path, *, recoveries: bool) -> Matrix:
        """Stop a publish at each operation of the zone; what lies below is not how Fabric keeps one.

        A database that begins with the zone as a crash left it, as the matrix reads it, never sees a mix.
        """
        if level == "system":
            pytest.skip("a landing zone lies in OneLake, which does each operation whole")
        return super().matrix_of(evolve(scenario, mixed=False), level, folder, recoveries=recoveries)


def _mirrored(place: str, table: str) -> pl.DataFrame | None:
    replicator = Replicator(LocalLake(Path(place)), clean=False)
    replicator.poll()
    mirrored = replicator.tables.get(TableName(_SCHEMA, table))
    if mirrored is None:
        return None
    if mirrored.failure is not None:
        raise RuntimeError(f"the replicator stops at this zone: {mirrored.failure}")
    return mirrored.rows if mirrored.taken else None


def _parsed(rows: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Read texts as what they were, as a reader who knows the source would."""
    return rows.with_columns(
        parsed
        for column in table.columns
        if (parsed := _value(pl.col(column.name), dtype_of(column.dtype))) is not None
    )


def _value(text: pl.Expr, dtype: pl.DataType) -> pl.Expr | None:
    if isinstance(dtype, pl.Time):
        return text.str.to_time("%H:%M:%S%.f")
    if isinstance(dtype, pl.Duration):
        return text.cast(pl.Duration("us")).cast(dtype)
    if isinstance(dtype, pl.Array):
        return text.str.json_decode(pl.List(dtype.inner)).cast(dtype)
    return text.str.json_decode(dtype) if dtype.is_nested() else None


class TestPlugin(PluginContract):
    """The package itself: what it declares, how it loads, what its settings are."""

    distribution = "hygge-store-openmirroring"
    settings: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "store open_mirroring": {
            "workspace": "0f8a4c1e-2222-4b7b-9d58-6f0c2b1f3a11",
            "mirror": "0f8a4c1e-3333-4b7b-9d58-6f0c2b1f3a11",
            "key_columns": ["Id"],
            "credential": "service_principal",
            "tenant_id": "corp.example",
            "client_id": "0f8a4c1e-4444-4b7b-9d58-6f0c2b1f3a11",
            "client_secret": "Fjord+Havn7",
        },
    }
    loads: ClassVar[Mapping[str, str]] = {"hygge_store_adls": "the settings of an account are its"}
