"""A table that only waits lends its slot to another, and gets one back before it goes on."""

from __future__ import annotations

import threading
import time

import pytest

from hygge_core.engine.slots import Slots
from hygge_core.engine.stop import Stop
from hygge_core.errors import Interrupted


LONG = 30.0


def test_at_most_so_many_are_at_work():
    slots, gauge, peak = Slots(2, Stop()), threading.Semaphore(2), []

    def work():
        with slots.held():
            peak.append(gauge.acquire(blocking=False))
            time.sleep(0.01)
            gauge.release()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert peak == [True] * 8


def test_while_one_waits_another_works_in_its_slot():
    slots, worked, order = Slots(1, Stop()), threading.Event(), []

    def waiter():
        with slots.held():
            order.append("waits")
            began.set()
            while not worked.is_set():
                slots.pause(0.01)
            order.append("goes on")

    def worker():
        with slots.held():
            order.append("works")
            worked.set()

    began = threading.Event()
    one, other = threading.Thread(target=waiter), threading.Thread(target=worker)
    one.start()
    assert began.wait(LONG)
    other.start()
    one.join(LONG)
    other.join(LONG)
    assert order == ["waits", "works", "goes on"]


def test_who_waited_holds_its_slot_again():
    slots = Slots(1, Stop())
    with slots.held():
        slots.pause(0)
        taken = threading.Thread(target=lambda: slots.held().__enter__(), daemon=True)
        taken.start()
        taken.join(0.05)
        assert taken.is_alive(), "the slot is not free"
    taken.join(LONG)
    assert not taken.is_alive()


def test_a_pause_outside_of_a_run_is_a_pause():
    slots = Slots(1, Stop())
    slots.pause(0)
    with slots.held():
        pass


def test_a_run_that_is_to_stop_waits_no_longer():
    stop = Stop()
    slots = Slots(1, stop)
    with slots.held():
        threading.Timer(0.01, stop.request).start()
        with pytest.raises(Interrupted):
            slots.pause(LONG)
