"""Who tells whether a mirrored table is there: Fabric, else its folder, else nobody; and whether it came back."""

from __future__ import annotations

import logging

import pytest

from hygge_core.errors import Interrupted, StoreError
from hygge_core.lakes.local import LocalLake
from hygge_core.staging.place import Place
from hygge_store_openmirroring.fabric.api import FabricApi
from hygge_store_openmirroring.fabric.database import MirroredDatabase
from hygge_store_openmirroring.publishing.rebuild import Rebuild
from hygge_store_openmirroring.publishing.tables import FirstThatTells, StatusApi, TablesFolder, Unknown
from openmirroring.fabric.rest import Credential, Rest, table


@pytest.fixture
def rest():
    with Rest("w") as rest:
        yield rest


@pytest.fixture
def fabric(rest):
    api = FabricApi(Credential(), endpoint=rest.url, timeout=10, pause=lambda _: None)
    return StatusApi(database=MirroredDatabase(api=api, workspace="w", id=rest.database()))


def test_fabric_tells_tables_by_schema_and_name(fabric, rest):
    rest.tables = [table("A"), table("B"), table("Order", schema="sales"), table("Bare", schema=None)]
    there = ("dbo.schema/A", "A", "sales.schema/Order", "Bare", "dbo.schema/Bare")
    assert [fabric.has(folder) for folder in there] == [True] * 5
    assert [fabric.has(folder) for folder in ("dbo.schema/Order", "sales.schema/A", "Order")] == [False] * 3


def test_the_folder_is_looked_at_where_fabric_does_not_answer(fabric, rest, tmp_path, caplog):
    caplog.set_level(logging.INFO, "hygge")
    lake = LocalLake(tmp_path)
    lake.make_directory("dbo/Order")
    rest.token = "another"
    tables = FirstThatTells(ways=(fabric, TablesFolder(lake=lake)))
    assert [tables.has("dbo.schema/Order"), tables.has("dbo.schema/Other")] == [True, False]
    warning, used = caplog.messages
    assert warning.startswith("Fabric's REST interface does not tell which tables there are: ")
    assert "TokenExpired" in warning
    assert used.startswith("which tables there are is told by the folder ")


def test_fabric_is_preferred_to_the_folder(fabric, rest, tmp_path):
    rest.tables = [table()]
    tables = FirstThatTells(ways=(fabric, TablesFolder(lake=LocalLake(tmp_path))))
    assert tables.has("dbo.schema/Order") is True


def test_nobody_knows_where_nothing_answers(fabric, rest):
    rest.token = "another"
    assert FirstThatTells(ways=(fabric,)).has("dbo.schema/Order") is None


class Scripted:
    """A mirrored database in which a table is ``there`` or ``gone`` as a list says, the last word for ever."""

    def __init__(self, *answers):
        self.answers = list(answers)

    def has(self, folder):
        assert folder == "dbo.schema/Order"
        return (self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]) == "there"


class Hours:
    """A clock that goes on only while somebody waits."""

    def __init__(self):
        self.now = 1_000_000.0

    def time(self):
        return self.now

    def sleep(self, seconds):
        assert seconds > 0
        self.now += seconds


@pytest.fixture
def dropped(tmp_path):
    """Rebuild the table up to where its files are published; returns what is left to do."""
    lake, place, hours = LocalLake(tmp_path), Place("dbo.schema/Order"), Hours()
    lake.put("dbo.schema/Order/_metadata.json", b"{}")

    def rebuilt(*answers, sleep=None, **settings):
        rebuild = Rebuild(tables=Scripted(*answers), clock=hours.time, sleep=sleep or hours.sleep, **settings)
        rebuild.clear(lake, place, "run1", lambda: None)
        began = hours.now
        rebuild.done(lake, place)
        return hours.now - began

    return rebuilt


def test_a_rebuilt_table_that_comes_back_is_not_spoken_of(dropped, caplog):
    assert dropped("gone", "gone", "gone", "there") == 10
    assert not caplog.messages


def test_a_rebuilt_table_that_does_not_come_back_is_warned_of_and_nothing_more(dropped, caplog):
    assert dropped("gone", return_wait=60) == 60
    (warning,) = caplog.messages
    assert "after 60 s the mirrored database does not show it yet" in warning


def test_nobody_waits_for_a_table_that_nobody_can_see(tmp_path):
    hours, lake, place = Hours(), LocalLake(tmp_path), Place("dbo.schema/Order")
    lake.put("dbo.schema/Order/_metadata.json", b"{}")
    rebuild = Rebuild(tables=Unknown(), drop_wait=30, clock=hours.time, sleep=hours.sleep)
    rebuild.clear(lake, place, "run1", lambda: None)
    rebuild.done(lake, place)
    assert hours.now - 1_000_000.0 == 30


def test_a_first_load_is_not_waited_for(tmp_path):
    hours, lake, place = Hours(), LocalLake(tmp_path), Place("dbo.schema/Order")
    rebuild = Rebuild(tables=Scripted("gone"), clock=hours.time, sleep=hours.sleep)
    rebuild.clear(lake, place, "run1", lambda: None)
    rebuild.done(lake, place)
    assert hours.now == 1_000_000.0


def test_a_run_that_is_to_stop_does_not_wait_for_the_table(dropped, caplog):
    def stopping(_):
        raise Interrupted("stop")

    assert dropped("gone", sleep=stopping) == 0
    assert not caplog.messages


def test_a_rebuild_resumed_after_the_drop_still_looks_for_the_table(tmp_path, caplog):
    hours, lake, place = Hours(), LocalLake(tmp_path), Place("dbo.schema/Order")
    lake.put("dbo.schema/Order/_metadata.json", b"{}")
    shown = Rebuild(tables=Scripted("there"), clock=hours.time, sleep=hours.sleep)
    with pytest.raises(StoreError, match="still shows"):
        shown.clear(lake, place, "run1", lambda: None)
    again = Rebuild(tables=Scripted("gone"), clock=hours.time, sleep=hours.sleep, return_wait=20)
    again.clear(lake, place, "run1", lambda: None)
    again.done(lake, place)
    assert len(caplog.messages) == 1
