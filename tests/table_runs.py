"""What the engine's tests share: entities out of thin air, and runs that keep their events."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from attrs import field, frozen

from hygge_core import HomeType, StoreType
from hygge_core.config.model import EntityConfig, HomeConfig, Options, Project, StoreConfig
from hygge_core.engine import Stop, run
from hygge_core.plugins import Plugins


@frozen(kw_only=True)
class Given:
    """Settings that already hold the home or store to open; equal only to themselves."""

    thing: object = field(eq=id)


NONE = Plugins.load(entry_points=[], environ={})
FRAME = pl.DataFrame({"id": range(1000), "name": [f"row {n}" for n in range(1000)]})


def entity(home, store, *, name="teas", flow="shop", **settings):
    home_type = HomeType(name="given", config=Given, open=lambda config, _: config.thing)
    store_type = StoreType(name="given", config=Given, open=lambda config, _: config.thing)
    return EntityConfig(
        flow=flow,
        name=name,
        home=HomeConfig(type=home_type, value=Given(thing=home)),
        store=StoreConfig(type=store_type, value=Given(thing=store)),
        **settings,
    )


def project(**options):
    return Project(name="test", root=Path.cwd(), options=Options(**options))


def go(*entities, plugins=NONE, stop=None, concurrency=None, on_event=None, backfill=None, **options):
    """Run the entities; returns the report and the events."""
    events = []

    def emit(event):
        events.append(event)
        if on_event:
            on_event(event)

    report = run(
        project(**options),
        plugins,
        entities,
        emit=emit,
        stop=stop or Stop(),
        concurrency=concurrency,
        backfill=backfill,
    )
    return report, events


class Reading:
    """A reading of frames that a test scripts: callables are called, errors raised, frames yielded."""

    def __init__(self, schema, steps):
        self.schema = schema
        self.steps = steps
        self.closed = 0

    def batches(self):
        for step in self.steps:
            if isinstance(step, BaseException):
                raise step
            if callable(step):
                step()
            else:
                yield step

    def close(self):
        self.closed += 1


class ScriptedHome:
    """A home whose every reading is scripted; the last script is used again and again."""

    def __init__(self, *scripts, schema=FRAME.schema):
        self.scripts = list(scripts)
        self.schema = schema
        self.readings = []
        self.closed = False

    def locate(self, request):
        return f"script:{request.entity}"

    def read(self, _request):
        script = self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]
        if isinstance(script, BaseException):
            raise script
        self.readings.append(Reading(self.schema, script))
        return self.readings[-1]

    def close(self):
        self.closed = True


class FileReading(Reading):
    """A reading that is a Parquet file, and says so in every way."""

    def __init__(self, paths):
        super().__init__(pl.read_parquet_schema(paths[0]), [])
        self.paths = paths
        self.scanned = 0
        self.changed = None

    def scan(self):
        self.scanned += 1
        return pl.scan_parquet(self.paths, glob=False)

    def files(self):
        return [str(path) for path in self.paths]

    def check(self):
        if self.changed:
            raise self.changed

    def explain(self, error):
        from hygge_core import HomeError

        return HomeError("is damaged", where=str(self.paths[0])) if "parquet" in str(error).lower() else None

    def warnings(self):
        return ["one warning"]


class FileHome(ScriptedHome):
    """A home of Parquet files."""

    def __init__(self, *paths):
        super().__init__([])
        self.paths = paths

    def read(self, _request):
        self.readings.append(FileReading(self.paths))
        return self.readings[-1]
