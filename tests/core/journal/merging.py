"""What child processes do to a journal in the tests: merge it and die, or write and merge and read all at once."""

from __future__ import annotations

import time
from pathlib import Path

from core.journal.entries import a_journal, a_record
from hygge_core.errors import Locked
from hygge_core.journal import Journal
from hygge_core.lakes.local import LocalLake
from hygge_core.testing.plan import counts
from hygge_core.testing.process import die
from hygge_core.testing.proxy import proxied


def stopped_lake(root, index, when):
    """A lake whose operation of that index ends the process or fails; and the list of operations that came."""
    came = []

    def around(operation, do):
        if not counts(operation.verb, thorough=True):
            return do()
        came.append(str(operation))
        strikes = len(came) - 1 == index
        if strikes and when == "killed before":
            die()
        if strikes and when == "failed":
            raise OSError(5, f"{operation} did not happen")
        result = do()
        if strikes and when == "killed after":
            die()
        if strikes and when == "answer lost":
            raise OSError(5, f"the answer to {operation} was lost")
        return result

    return proxied(LocalLake(Path(root)), around), came


def compact_and_die(root, index, when):
    Journal(stopped_lake(root, index, when)[0], tell=lambda _: None).compact()


def _end_after(root, seconds):
    """Wait until all processes have begun, so that all work at once; return when to end."""
    latest = time.monotonic() + 120
    while not Path(root, "begin").exists() and time.monotonic() < latest:
        time.sleep(0.01)
    return time.monotonic() + seconds


def append_for(root, name, seconds):
    """Append as fast as it goes, and return the ids in the order in which they were written."""
    journal, ids, end = a_journal(Path(root)), [], _end_after(root, seconds)
    while time.monotonic() < end or len(ids) < 3:
        ids.append(journal.append(a_record(len(ids), run=name)).id)
    return ids


def compact_for(root, seconds):
    """Merge again and again, and return how many files that made disappear."""
    journal, files, end = a_journal(Path(root)), 0, _end_after(root, seconds)
    while time.monotonic() < end:
        try:
            files += journal.compact().files
        except Locked:
            time.sleep(0.01)
    return files


def read_for(root, seconds):
    """Read again and again; return how often, and what was wrong first."""
    journal, known, readings, end = a_journal(Path(root)), set(), 0, _end_after(root, seconds)
    while time.monotonic() < end or not readings:
        ids = [record.id for record in journal.records()]
        readings += 1
        if ids != sorted(set(ids)):
            return readings, "out of order, or twice"
        if vanished := known.difference(ids):
            return readings, f"{len(vanished)} records vanished, such as {min(vanished)}"
        known.update(ids)
    return readings, ""
