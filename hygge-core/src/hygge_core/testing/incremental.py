"""Incremental runs for the crash matrix: the engine itself, from a home in memory into the store under test.

The source holds the rows of ``old`` and of the origin that runs.  Its watermark lags so far
behind that each run reads all of them again, and a row that came twice shows.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
from attrs import field, frozen

from hygge_core.config.model import EntityConfig, HomeConfig, Options, Project, SoftDeletes, StoreConfig
from hygge_core.engine import Stop, run
from hygge_core.errors import HyggeError, Locked
from hygge_core.plugin import HomeType, StoreType
from hygge_core.plugins import Plugins
from hygge_core.store import Remembers
from hygge_core.testing.memory_home import MemoryHome
from hygge_core.testing.origins import deleted, numbers
from hygge_core.watermark.config import WatermarkConfig


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hygge_core.commit import Table
    from hygge_core.store import Store
    from hygge_core.testing.plan import Scenario


_LATER = 1_000
"""By how much the marks of a new origin lie ahead of the old one's."""

_SCHEMA = {"origin": pl.String, "number": pl.Int64, "changed": pl.Int64, "gone": pl.Boolean}


@frozen(kw_only=True)
class _Given:
    """Settings that already hold what they open; equal only to themselves."""

    thing: object = field(eq=id)


def _open(given: _Given, _: object) -> Any:
    return given.thing


_HOME = HomeType(name="memory", config=_Given, open=_open)
_STORE = StoreType(name="subject", config=_Given, open=_open)


def run_incremental(store: Store, scenario: Scenario, origin: str, table: Table) -> None:
    """Run once. Raises `HyggeError` when another run holds the table, `RuntimeError` when the run fails otherwise."""
    upserts = scenario.mode == "upsert"
    entity = EntityConfig(
        flow=table.flow,
        name=table.name,
        home=HomeConfig(type=_HOME, value=_Given(thing=MemoryHome({table.name: _source(scenario, origin)}))),
        store=StoreConfig(type=_STORE, value=_Given(thing=store)),
        run_type="incremental",
        write="upsert" if upserts else "append",
        watermark=WatermarkConfig(
            column="changed", key=("number",) if upserts else ("origin", "number"), lag=2 * _LATER
        ),
        deletes=SoftDeletes(soft="gone") if upserts else None,
    )
    project = Project(name="crash", root=Path.cwd(), options=Options(attempts=1))
    plugins = Plugins.load(entry_points=[], environ={})
    report = run(project, plugins, [entity], emit=lambda _: None, stop=Stop(), concurrency=1)
    (outcome,) = report.tables
    if outcome.state == "failed":
        raise (HyggeError if outcome.exit_code == Locked.exit_code else RuntimeError)(outcome.error)


def marked_wrong(store: Store, scenario: Scenario, table: Table, origins: Iterable[str]) -> Iterator[str]:
    """Say in words if the last commit's watermark is not that of the rows that readers see. Recover before."""
    last = store.last(table) if isinstance(store, Remembers) else None
    mark = int(last.watermark.mark.text) if last and last.watermark and last.watermark.mark else None
    newest = max((_mark(name, number) for name in origins for number in numbers(scenario, name)), default=None)
    if mark != newest:
        yield f"after the recovery the watermark is {mark}, and the newest row that readers see has {newest}"


def _source(scenario: Scenario, origin: str) -> pl.DataFrame:
    """Return what the home holds when an origin runs; in an upsert the number is the key, and marked rows are gone."""
    rows = list(_rows(scenario, origin, numbers(scenario, origin)))
    if scenario.over_old and origin != "old":
        stay = set(numbers(scenario, "old"))
        if scenario.mode == "upsert":
            for later in ("new", "rival"):
                stay -= {*numbers(scenario, later), *deleted(scenario, later)}
        rows += _rows(scenario, "old", sorted(stay))
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def _rows(scenario: Scenario, origin: str, held: Iterable[int]) -> Iterator[tuple[str, int, int, bool]]:
    for number in held:
        yield origin, number, _mark(origin, number), False
    for number in deleted(scenario, origin):
        yield origin, number, _mark(origin, number), True


def _mark(origin: str, number: int) -> int:
    return number if origin == "old" else _LATER + number
