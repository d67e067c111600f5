"""A cancelled cursor says so, whatever its driver makes of it."""

from __future__ import annotations

import threading

import pytest

from hygge_core import HomeError
from hygge_core.sql import Statement
from hygge_home_mssql.engines.cursor import Cancellable


class OdbcError(Exception):
    """What a driver raises."""


class Driver:
    """A cursor as drivers have them, which waits until it is cancelled and then ends as it is told to."""

    messages = ()

    def __init__(self, ending=None):
        self.cancelled = threading.Event()
        self.ending = ending

    def execute(self, _statement, *_parameters):
        assert self.cancelled.wait(60)
        if self.ending:
            raise self.ending

    def fetchmany(self, _size):
        return []

    def nextset(self):
        return False

    def close(self):
        pass


def cancellable(driver):
    return Cancellable(driver, lambda raw: raw.cancelled.set(), patience=0)


@pytest.mark.parametrize("text", ["Operation canceled", "Function sequence error", "something else"])
def test_whatever_a_driver_raises_when_it_was_cancelled_is_the_cancelling(text):
    cursor = cancellable(Driver(OdbcError(text)))
    cursor.cancel()
    with pytest.raises(HomeError, match="was cancelled") as refused:
        cursor.execute(Statement("SELECT 1"))
    cursor.close()
    assert refused.value.fix


def test_a_driver_that_does_not_hear_of_it_does_not_end_the_rows_early():
    driver = Driver()
    cursor = cancellable(driver)
    driver.cancelled.set()
    cursor.execute(Statement("SELECT 1"))
    cursor.cancel()
    for call in (lambda: cursor.fetchmany(1), cursor.ended):
        with pytest.raises(HomeError, match="was cancelled"):
            call()
    cursor.close()


def test_an_error_without_a_cancelling_is_the_drivers_own():
    driver = Driver(OdbcError("Function sequence error"))
    driver.cancelled.set()
    cursor = cancellable(driver)
    with pytest.raises(OdbcError):
        cursor.execute(Statement("SELECT 1"))
    cursor.close()
