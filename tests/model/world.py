"""One project in a folder of its own: a source, a store, runs of the real engine, and looks at what is left."""

from __future__ import annotations

import json
import os
from datetime import datetime
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING, Any

import attrs
import duckdb
from attrs import frozen

from hygge_core import HomeType, StoreType
from hygge_core.config import load_project
from hygge_core.config.model import HomeConfig, StoreConfig
from hygge_core.engine import Stop, run
from hygge_core.engine.marking import move_watermark, parse_watermark
from hygge_core.engine.opened import Opened
from hygge_core.journal.opening import open_journal
from hygge_core.lakes.local import LocalLake
from hygge_core.plugins import Plugins
from hygge_core.staging.layout import FolderLayout, RunsLayout
from hygge_core.staging.options import FileOptions
from hygge_core.staging.store import FileStore
from hygge_core.testing.plan import Point
from hygge_core.testing.process import Child
from hygge_core.testing.proxy import proxied
from hygge_core.testing.shim import striking
from hygge_core.watermark.window import Backfill
from model.documented import Row
from model.source import TICK, Source, moment, tick_of


if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from pathlib import Path

    from hygge_core.config.model import Project
    from hygge_core.engine.report import TableOutcome
    from hygge_core.staging.layout import Layout
    from hygge_core.testing.proxy import Operation
    from model.documented import Options
    from model.reaper import Reaper


LAYOUTS: dict[str, Layout] = {"folder": FolderLayout(), "runs": RunsLayout()}
_FIXED = frozenset({"high", "scan", "batches"})
"""What the engine asks of a reading whose snapshot is taken."""


@frozen(kw_only=True)
class Settings:
    """A flow: its options, by which home, kind of watermark and names its rows come, and how its files lie."""

    options: Options
    layout: str = "folder"
    home: str = "sqlite"
    dated: bool = False
    renamed: bool = False


class World:
    """A folder with ``hygge.toml``, ``source/`` and ``tables/``."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder = folder
        self.settings = settings
        self.source = Source(folder / "source", settings.dated)

    def create(self) -> None:
        self.source.folder.mkdir(parents=True)
        self.source.create()
        (self.folder / "hygge.toml").write_text(_project(self.settings), "utf-8")

    @cached_property
    def project(self) -> Project:
        return load_project(self.folder / "hygge.toml", plugins=plugins(), environ=os.environ)

    def run(
        self,
        *,
        full_drop: bool = False,
        export: bool = True,
        during: Callable[[], None] | None = None,
        reaper: Reaper | None = None,
        **span: Any,
    ) -> TableOutcome:
        """Run hygge; ``during`` is called once, when the source is open and no row was read."""
        if export:
            self.export()
        (entity,) = self.project.entities
        if full_drop:
            entity = attrs.evolve(entity, run_type="full_drop")
        if during:
            entity = attrs.evolve(entity, home=_disturbed(entity.home, during))
        if reaper:
            entity = attrs.evolve(entity, store=_mortal(entity.store, LAYOUTS[self.settings.layout], reaper))
        journal = partial(open_journal, self.project, tell=_complain, redact=str)
        how = {"emit": lambda _: None, "stop": Stop(), "concurrency": 1, "journal": journal}
        return run(self.project, plugins(), [entity], **how, **span).tables[0]

    def be_killed(self, index: int, *, full_drop: bool) -> None:
        """Run in a process that is killed before its change of the file system number ``index``."""
        self.export()
        point = Point(index=index, operation="", kind="killed before", level="system")
        ending = Child(_run_and_die, self.folder, self.settings, full_drop, point, talks=True).ending()
        assert not ending.error, ending

    def move_watermark(self, tick: int | None) -> None:
        (entity,) = self.project.entities
        with Opened(self.folder, (), plugins(), 1 << 20) as opened:
            mark = None if tick is None else parse_watermark(opened, entity, self.written(tick))
            move_watermark(opened, entity, mark, origin="reset" if tick is None else "set", by="somebody")

    def range(self, first: int, last: int, *, moves: bool) -> Backfill:
        return Backfill(low=self.written(first), high=self.written(last), moves=moves)

    def written(self, tick: int) -> str:
        return moment(tick).isoformat() if self.settings.dated else str(tick)

    def export(self) -> None:
        if self.settings.home == "parquet":
            self.source.copy_to_parquet()

    def rows(self) -> list[Row] | None:
        """Read the table with DuckDB, None when there is none."""
        folder = self.folder / "tables" / "Item"
        if not folder.exists():
            return None
        files = f"read_parquet('{folder.as_posix()}/**/*.parquet', union_by_name=true)"
        found = _reader().sql(f"SELECT * FROM {files}")  # noqa: S608 - our own folder
        names = found.columns if self.settings.renamed else [_NAMES[name] for name in found.columns]
        return [_row(dict(zip(names, values, strict=True))) for values in found.fetchall()]

    def last(self) -> dict[str, Any] | None:
        """Read the newest commit record as the JSON that it is."""
        records = sorted((self.folder / "tables" / "_hygge" / "Item" / "commits").glob("*.json"))
        return json.loads(records[-1].read_text("utf-8")) if records else None

    def tick(self) -> int | None:
        """Read how far the table has come."""
        last = self.last()
        mark = last["watermark"]["mark"] if last else None
        if mark is None:
            return None
        return tick_of(datetime.fromisoformat(mark["text"])) if self.settings.dated else int(mark["text"])

    def noted(self) -> dict[str, Any]:
        """Read the newest record of the journal as the JSON that it is."""
        lines = [
            line
            for file in (self.folder / "journal").rglob("*.ndjson")
            for line in file.read_text("utf-8").splitlines()
        ]
        return max(map(json.loads, lines), key=lambda record: record["id"])


def _run_and_die(line: Connection, folder: Path, settings: Settings, full_drop: bool, point: Point) -> None:  # noqa: FBT001 - crosses processes
    with striking(line, str(folder / "tables"), point):
        World(folder, settings).run(full_drop=full_drop, export=False)


def _complain(text: str) -> None:
    raise AssertionError(text)


_NAMES = {"Region": "region", "Id": "id", "ChangedAt": "changed_at", "Value": "value", "Gone": "gone", "Note": "note"}


@cache
def plugins() -> Plugins:
    return Plugins.load()


@cache
def _reader() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def _row(values: dict[str, Any]) -> Row:
    return Row(
        region=values["region"],
        id=values["id"],
        tick=tick_of(values["changed_at"]),
        value=values["value"],
        gone=bool(values["gone"]),
        note=values.get("note"),
    )


def _project(settings: Settings) -> str:
    options = settings.options
    lag = f'"{options.lag * TICK.microseconds // 1000}ms"' if settings.dated else options.lag
    watermark = [
        f'column = "ChangedAt", key = ["Region", "Id"], nulls = "{options.nulls}"',
        f"lag = {lag}" * bool(options.lag),
    ]
    if options.initial is not None:
        watermark.append(f"initial = {moment(options.initial) if settings.dated else options.initial}")
    deletes = {None: "", "key_diff": 'deletes = "key_diff"', "soft": 'deletes = { soft = "Gone" }'}[options.deletes]
    path = {"sqlite": 'path = "source/source.db"', "parquet": 'path = "source/{entity}.parquet"'}[settings.home]
    return f"""
name = "model"
[flows.shop]
run_type = "incremental"
write = "{options.write}"
home = {{ type = "{settings.home}", {path} }}
store = {{ type = "parquet", path = "tables/{{entity}}", layout = "{settings.layout}" }}
watermark = {{ {", ".join(part for part in watermark if part)} }}
{deletes}
{'polish = { columns = { case = "snake" } }' * settings.renamed}
entities = ["Item"]
"""


def _disturbed(home: HomeConfig, during: Callable[[], None]) -> HomeConfig:
    """Have somebody else do something at the moment when what a run will read is fixed."""
    waiting = [during]

    def around(operation: Operation, do: Callable[[], Any]) -> Any:
        result = do()
        if operation.verb in _FIXED and waiting:
            waiting.pop()()
        return result

    def open_home(config: Any, context: Any) -> Any:
        return proxied(home.type.open(config, context), around, follow={"read"})

    return HomeConfig(type=HomeType(name="disturbed", config=home.type.config, open=open_home), value=home.value)


def _mortal(store: StoreConfig, layout: Layout, reaper: Reaper) -> StoreConfig:
    """Put the reaper between the store and its disk."""

    def open_store(_: Any, context: Any) -> FileStore:
        lake = reaper.shim(LocalLake(context.project / "tables"))
        return FileStore(lake, path="{entity}", layout=layout, options=FileOptions())

    return StoreConfig(type=StoreType(name="mortal", config=store.type.config, open=open_store), value=store.value)
