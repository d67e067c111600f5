"""Faults on demand, and the proxy under them."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import polars as pl
import pytest

from hygge_core.commit import Table, TableRun
from hygge_core.errors import HomeError, StoreUnavailable
from hygge_core.home import Counts, Discovers, ReadRequest
from hygge_core.lakes.local import LocalLake
from hygge_core.schema import columns_of
from hygge_core.store import Leases, Recovers, Remembers
from hygge_core.testing import MemoryHome, MemoryStore, faulty, publish
from hygge_core.testing.frames import small
from hygge_core.testing.process import Child, in_process
from hygge_core.testing.proxy import proxied


TABLE = Table(name="account", columns=columns_of(small().schema))
RUN = TableRun(id="1", flow="f", entity="account", started=datetime(2024, 2, 29, tzinfo=UTC))


@pytest.mark.parametrize(
    "verb", ["lease", "lease:begin", "recover", "stage", "writer", "write", "close", "seal", "commit"]
)
def test_a_verb_fails_and_nothing_is_visible(verb):
    store = MemoryStore()
    with pytest.raises(OSError, match=f"the test had {verb} fail"):
        publish(faulty(store, on=verb), TABLE, RUN, [[small()]])
    assert store.place.read(TABLE) is None
    assert not store.place.stages
    assert not store.place.holders


def test_a_lost_answer_is_a_call_that_was_made():
    store = MemoryStore()
    with pytest.raises(StoreUnavailable, match="gone"):
        publish(faulty(store, on="commit", how="lose", error=StoreUnavailable("gone")), TABLE, RUN, [[small()]])
    assert store.count(TABLE) == 5


def test_only_the_chosen_call_fails():
    store = MemoryStore()
    broken = faulty(store, on="write", call=3)
    with pytest.raises(OSError, match="write"):
        publish(broken, TABLE, RUN, [[small()] * 3])
    publish(broken, TABLE, RUN, [[small()] * 3])
    assert store.count(TABLE) == 15


def test_every_call_may_fail():
    broken = faulty(MemoryStore(), on="stage", call=0)
    for _ in range(2):
        with pytest.raises(OSError, match="stage"):
            publish(broken, TABLE, RUN, [[small()]])


def test_a_delay_delays():
    begun = time.monotonic()
    publish(faulty(MemoryStore(), on="seal", how="delay", seconds=0.2), TABLE, RUN, [[small()]])
    assert time.monotonic() - begun >= 0.2


def test_a_faulty_store_keeps_its_abilities():
    broken = faulty(MemoryStore(), on="commit")
    assert isinstance(broken, Leases)
    assert isinstance(broken, Recovers)
    assert isinstance(broken, Remembers)
    assert broken.capabilities.single_writer.kept


def test_a_home_fails_in_the_middle():
    home = faulty(MemoryHome({"account": small(0, 1000)}), on="batches:next", call=3)
    assert isinstance(home, Counts)
    assert isinstance(home, Discovers)
    batches = home.read(ReadRequest(entity="account", batch_bytes=1000)).batches()
    next(batches)
    next(batches)
    with pytest.raises(OSError, match="batches:next"):
        next(batches)


def test_a_home_in_memory_yields_all_rows_in_batches():
    home = MemoryHome({"account": small(0, 1000), "none": small().clear()})
    request = ReadRequest(entity="account", batch_bytes=1000)
    reading = home.read(request)
    batches = list(reading.batches())
    assert len(batches) > 5
    assert all(batch.schema == reading.schema for batch in batches)
    assert pl.concat(batches).equals(small(0, 1000))
    assert home.count(request) == 1000
    assert home.discover() == ["account", "none"]
    assert home.locate(request) == "memory:account"
    assert not list(home.read(ReadRequest(entity="none")).batches())
    reading.close()
    home.close()


def test_a_table_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(HomeError, match="memory:contact: there is no such table; the home holds account"):
        MemoryHome({"account": small()}).read(ReadRequest(entity="contact"))
    with pytest.raises(HomeError, match="the home holds nothing"):
        MemoryHome({}).count(ReadRequest(entity="contact"))


def test_what_is_written_passes_in_two_halves(tmp_path):
    seen = []

    def around(operation, do):
        result = do()
        seen.append((str(operation), [entry.size for entry in LocalLake(tmp_path).list("")]))
        return result

    with proxied(LocalLake(tmp_path), around).create("part") as file:
        assert file.write(b"12345") == 5
        file.flush()
    assert [operation for operation, _ in seen] == [
        "create part",
        "create:begin part",
        "create:write part",
        "create:write part",
        "create:end part",
    ]
    assert (tmp_path / "part").read_bytes() == b"12345"


def test_a_context_hears_of_a_fault_at_its_end(tmp_path):
    def around(operation, do):
        if operation.verb == "create:end":
            raise OSError("the end was lost")
        return do()

    lake = proxied(LocalLake(tmp_path), around)
    with pytest.raises(OSError, match="the end was lost"), lake.create("part") as file:
        file.write(b"12345")
    assert not (tmp_path / "part").exists()


def test_a_child_that_is_silent_is_ended():
    with pytest.raises(TimeoutError, match=r"silent for 0\.2 s"):
        in_process(time.sleep, 60, timeout=0.2)


def test_a_child_that_cannot_begin_does_not_count_as_killed(capfd):
    def local():
        """No child can import this."""

    with pytest.raises((AttributeError, RuntimeError)):
        Child(local)
    capfd.readouterr()


def test_a_child_tells_its_error():
    ending = in_process(int, "x")
    assert ending.kind == "ValueError"
    assert not ending.refused
    assert not ending.killed
