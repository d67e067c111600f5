"""Many tables at once: each on its own, within the width asked for, summed up in one exit code."""

from __future__ import annotations

import threading
import time

import pytest
from attrs import evolve, frozen

from hygge_core import ConfigError, HomeType, HyggeError, PluginError, StoreType, UsageError
from hygge_core.config.model import ConnectionConfig, HomeConfig
from hygge_core.engine import plan
from hygge_core.engine.opened import Opened
from hygge_core.engine.report import TableOutcome
from hygge_core.engine.run import exit_code
from hygge_core.plugin import ConnectionType
from hygge_core.testing import MemoryHome, MemoryPlace, MemoryStore
from table_runs import FRAME, NONE, ScriptedHome, entity, go, project


def shelf(count, **settings):
    place = MemoryPlace()
    names = [f"tea{number}" for number in range(count)]
    home = MemoryHome(dict.fromkeys(names, FRAME))
    return place, [entity(home, MemoryStore(place), name=name, **settings) for name in names]


@pytest.mark.parametrize("width", [1, 3, 8])
def test_no_more_tables_move_at_once_than_asked_for(width):
    now, most, mutex = [0], [0], threading.Lock()

    def count(change):
        with mutex:
            now[0] += change
            most[0] = max(most[0], now[0])

    def script():
        return [lambda: count(1), lambda: time.sleep(0.05), FRAME, lambda: count(-1)]

    store = MemoryStore()
    tables = [entity(ScriptedHome(script()), store, name=f"t{number}") for number in range(9)]
    report, _ = go(*tables, concurrency=width)
    assert report.exit_code == 0
    assert 1 <= most[0] <= width
    assert width == 1 or most[0] > 1


def test_a_table_that_fails_does_not_hold_up_the_others():
    place, tables = shelf(4)
    tables[1] = evolve(tables[1], name="unknown")
    report, _ = go(*tables)
    assert [table.state for table in report.tables] == ["committed", "failed", "committed", "committed"]
    assert report.exit_code == 3
    assert len(place.tables) == 3


def test_the_others_are_not_begun_when_the_project_says_so():
    _, tables = shelf(3)
    tables[0] = evolve(tables[0], name="unknown")
    report, _ = go(*tables, concurrency=1, continue_on_error=False)
    assert [table.state for table in report.tables] == ["failed", "stopped", "stopped"]
    assert "continue_on_error" in report.tables[2].error


@pytest.mark.parametrize(
    ("codes", "interrupted", "expected"),
    [([0, 0], False, 0), ([1, 0], False, 3), ([4], False, 4), ([6, 6], False, 6), ([6, 4], False, 1),
     ([], False, 0), ([1], True, 130)],
)  # fmt: skip
def test_exit_codes_sum_up_the_outcomes(codes, interrupted, expected):
    outcomes = [
        TableOutcome(
            flow="f", entity="e", run_type="full_drop", state="failed" if code else "committed", exit_code=code
        )
        for code in codes
    ]
    assert exit_code(outcomes, interrupted=interrupted) == expected


def test_two_entities_for_one_place_are_refused_before_anything_moves():
    place = MemoryPlace()
    home = MemoryHome({"teas": FRAME, "TEAS": FRAME})
    store = MemoryStore(place)
    tables = [entity(home, store, name=name, file="hygge.toml", line=3) for name in ("teas", "TEAS")]
    with pytest.raises(ConfigError, match=r"hygge.toml:3: shop.TEAS: would settle in the same place as shop.teas"):
        go(*tables)
    assert not place.tables


def test_a_listener_that_raises_does_not_stop_the_tables(capsys):
    _, tables = shelf(2)

    def broken(_):
        raise RuntimeError("the screen is gone")

    report, _ = go(*tables, on_event=broken)
    assert report.exit_code == 0
    assert "the screen is gone" in capsys.readouterr().out


def test_a_home_whose_package_is_missing_fails_its_tables_only():
    def open_home(_config, _context):
        raise ModuleNotFoundError("No module named 'pyodbc'")

    _, tables = shelf(2)
    broken = HomeType(name="broken", config=type(tables[0].home.value), open=open_home)
    tables[0] = evolve(tables[0], home=HomeConfig(type=broken, value=tables[0].home.value))
    report, _ = go(*tables, plugins=_Named(NONE))
    assert [table.state for table in report.tables] == ["failed", "committed"]
    assert "home broken (acme 1.0): could not be opened: ModuleNotFoundError" in report.tables[0].error
    assert report.tables[0].exit_code == 2


class _Named:
    """The plugins of a run, with a provider for everything."""

    def __init__(self, plugins):
        self._plugins = plugins

    def provider(self, _kind, _name):
        return "acme 1.0"

    def __getattr__(self, name):
        return getattr(self._plugins, name)


@frozen(kw_only=True)
class Settings:
    number: int = 0


class Ladder:
    closed = ()

    def close(self):
        Ladder.closed += (self,)


def opened(*connections):
    return Opened(project().root, connections, _Named(NONE), 1 << 20)


def test_equal_settings_share_one_home_and_connections_are_shared_by_name():
    ladder = ConnectionType(name="ladder", config=Settings, open=lambda *_: Ladder())

    class Climbing:
        def __init__(self, config, context):
            self.ladder = context.connections.get("erp")
            self.memory = context.memory
            self.config = config

        def close(self):
            assert self.ladder not in Ladder.closed

    homes = HomeType(name="climbing", config=Settings, open=Climbing)
    connection = ConnectionConfig(name="erp", type=ladder, value=Settings())
    with opened(connection) as things:
        one, same = (things.home(HomeConfig(type=homes, value=Settings(number=1))) for _ in range(2))
        other = things.home(HomeConfig(type=homes, value=Settings(number=2)))
        assert one is same is not other
        assert one.ladder is other.ladder
        assert one.memory == 1 << 20
    assert Ladder.closed == (one.ladder,)


def test_a_connection_that_is_not_there_is_named():
    with opened() as things, pytest.raises(UsageError, match=r"no connection 'erp'; add \[connections.erp\]"):
        things.get("erp")


def test_an_error_with_words_of_its_own_passes_as_it_is():
    def open_home(_config, _context):
        raise HyggeError("no driver", where="erp")

    broken = HomeType(name="broken", config=Settings, open=open_home)
    with opened() as things, pytest.raises(HyggeError, match="erp: no driver") as caught:
        things.home(HomeConfig(type=broken, value=Settings()))
    assert not isinstance(caught.value, PluginError)


def test_a_plan_tells_what_would_happen_and_changes_nothing():
    place, tables = shelf(2)
    plans = list(plan(project(), NONE, tables))
    assert [planned.last for planned in plans] == ["never committed", "never committed"]
    assert plans[0].columns == ("id: int64", "name: string")
    assert (plans[0].source, plans[0].target) == ("memory:tea0", "memory:shop/tea0")
    assert not place.tables
    go(*tables)
    home = MemoryHome({"tea0": FRAME.with_columns(extra=1), "tea1": FRAME})
    again = [entity(home, MemoryStore(place), name=f"tea{n}", on_drift=drift) for n, drift in enumerate(["evolve"] * 2)]
    changed, same = plan(project(), NONE, again)
    assert any("extra" in change for change in changed.changes)
    assert same.changes == ()
    assert same.last.endswith("1,000 rows")


def test_a_plan_shows_what_would_be_refused():
    place, tables = shelf(1)
    go(*tables)
    home = MemoryHome({"tea0": FRAME.with_columns(extra=1)})
    (refused,) = plan(project(), NONE, [entity(home, MemoryStore(place), name="tea0", on_drift="freeze")])
    assert refused.exit_code == 4
    assert "extra" in refused.error
    (missing,) = plan(project(), NONE, [entity(home, MemoryStore(place), name="tea9")])
    assert "there is no such table" in missing.error
    assert missing.source == "memory:tea9"


def test_a_store_that_cannot_be_opened_fails_its_table_and_not_the_run():
    def open_store(_config, _context):
        raise HyggeError("disk is not mounted", where="/mnt/lake")

    _, tables = shelf(1)
    broken = StoreType(name="broken", config=type(tables[0].store.value), open=open_store)
    tables[0] = evolve(tables[0], store=evolve(tables[0].store, type=broken))
    report, events = go(*tables)
    assert report.tables[0].error == "/mnt/lake: disk is not mounted"
    assert [event.kind for event in events] == ["run.started", "table.failed", "run.finished"]
