"""Lakes whose leases do not hold, each in one way; see `broken_lakes`."""

from __future__ import annotations

import contextlib
import time
from contextlib import contextmanager

import pytest
from attrs import evolve

from core.testing.broken_lakes import MOMENT, Contract, broken
from core.testing.lapsing import Hold, LapsingLake, lapse, locked
from hygge_core.lakes.local import LocalLake


HELD: dict[str, str] = {}


@contextmanager
def lease_in_memory(lake, path, holder):
    name = lake.local_path(path)
    if (other := HELD.setdefault(name, holder)) is not holder:
        raise locked(other)
    try:
        yield
    finally:
        del HELD[name]


class TestHoldsInMemory(Contract):
    caught_by = frozenset({"test_another_process_is_a_second_holder", "test_a_killed_holders_lease_is_free"})
    lake_type = broken(lease=lease_in_memory)


@contextmanager
def lease_by_a_file(lake, path, holder):
    """Hold by a file that nobody deletes for the dead."""
    try:
        lake.put(path, holder.encode(), if_absent=True)
    except FileExistsError:
        raise locked(_holder(lake, path)) from None
    try:
        yield
    finally:
        lake.delete(path)


def _holder(lake, path):
    with contextlib.suppress(FileNotFoundError):
        return lake.read(path).decode()
    return "nobody any more"


@contextmanager
def lease_after_a_look(lake, path, holder):
    name = lake.local_path(path)
    if name in HELD:
        raise locked(HELD[name])
    time.sleep(MOMENT)
    HELD[name] = holder
    try:
        yield
    finally:
        HELD.pop(name, None)


class TestHoldsAfterALook(Contract):
    caught_by = frozenset({*TestHoldsInMemory.caught_by, "test_of_many_at_once_one_holds_it"})
    lake_type = broken(lease=lease_after_a_look)


class TestHoldsForTheDead(Contract):
    caught_by = frozenset({"test_a_killed_holders_lease_is_free"})
    lake_type = broken(lease=lease_by_a_file)


@contextmanager
def lease_without_a_name(lake, path, _):
    with LocalLake.lease(lake, path, "somebody"):
        yield


class TestTellsNoHolder(Contract):
    caught_by = frozenset(
        {
            "test_a_second_holder_is_told_who_the_first_is",
            "test_a_thread_of_the_same_process_is_a_second_holder",
            "test_another_process_is_a_second_holder",
            "test_what_was_let_go_is_free",
            "test_a_killed_holders_lease_is_free",
        }
    )
    lake_type = broken(lease=lease_without_a_name)


@contextmanager
def lease_again(lake, path, holder):
    """Let whoever has the lake in, once it is held."""
    held = lake.__dict__.setdefault("held", set())
    if path in held:
        yield
        return
    with LocalLake.lease(lake, path, holder):
        held.add(path)
        try:
            yield
        finally:
            held.discard(path)


class TestLetsItselfIn(Contract):
    caught_by = frozenset(
        {
            "test_a_second_holder_is_told_who_the_first_is",
            "test_a_thread_of_the_same_process_is_a_second_holder",
        }
    )
    spreads = True  # many at once may be alone by luck
    lake_type = broken(lease=lease_again)


@contextmanager
def lease_for_ever(lake, path, holder):
    """Never let go where the work failed."""
    stack = LocalLake.lease(lake, path, holder)
    stack.__enter__()
    lake.__dict__.setdefault("kept", []).append(stack)
    yield
    lake.__dict__["kept"].remove(stack)
    stack.__exit__(None, None, None)


class TestKeepsWhatFailed(Contract):
    caught_by = frozenset({"test_what_was_let_go_is_free"})
    lake_type = broken(lease=lease_for_ever)


class TestHoldsAllNames(Contract):
    caught_by = frozenset({"test_other_names_are_free"})
    lake_type = broken(lease=lambda lake, _, holder: LocalLake.lease(lake, "the only lease", holder))


class Lapsing(Contract):
    """The cases of `lapsing.LapsingLake`, which is sound before it is broken."""

    lake_type = LapsingLake

    @pytest.fixture
    def let_lapse(self, place):
        return lambda: lapse(place)


class TestMovesAnotherFolder(Lapsing):
    caught_by = frozenset({"test_another_folder_of_the_name_does_not_move"})
    lake_type = broken(
        base=LapsingLake,
        rename_directory=lambda lake, source, target, **_: LocalLake.rename_directory(lake, source, target),
    )


class Blind(Hold):
    def check(self):
        """Believe in it."""


class TestNeverLearns(Lapsing):
    caught_by = frozenset({"test_a_lease_that_another_took_over_is_lost_for_good"})
    lake_type = broken(base=LapsingLake, hold=Blind)


class Anxious(Hold):
    def check(self):
        raise locked("perhaps another")


class TestIsNeverCertain(Lapsing):
    caught_by = frozenset({"test_a_held_lease_is_certain"})
    lake_type = broken(base=LapsingLake, hold=Anxious)


def stat_by_content(lake, path):
    found = LocalLake.stat(lake, path)
    names = [entry.path for entry in lake.list(path)]
    return evolve(found, version=f"{found.version} {names}") if found and found.is_directory else found


class TestMovesTheUnchangedOnly(Lapsing):
    caught_by = frozenset(
        {
            "test_the_same_folder_moves_whatever_came_into_it",
            "test_the_version_of_a_folder_stays_when_files_come_and_go",
        }
    )
    lake_type = broken(base=LapsingLake, stat=stat_by_content)
