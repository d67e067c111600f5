"""The live table, on a real pseudo terminal."""

from __future__ import annotations

import os
import re
import sys
import threading
from datetime import timedelta

import pytest

from hygge_core.cli.session import Session
from hygge_core.cli.streams import Steady
from hygge_core.engine.report import RowChain, RunReport, TableOutcome

from .conftest import START


if sys.platform == "win32":
    pytest.skip("pseudo terminals are a thing of Unix", allow_module_level=True)

import pty

from hygge_core.cli.live import LiveView


class Stop:
    requested = False


class Terminal:
    """A pseudo terminal that remembers what was written on it."""

    def __init__(self, encoding="utf-8"):
        self.leader, follower = pty.openpty()
        self.file = os.fdopen(follower, "w", encoding=encoding)
        self._seen = bytearray()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        try:
            while piece := os.read(self.leader, 65536):
                self._seen += piece
        except OSError:
            pass  # the other end is closed

    def close(self):
        self.file.close()
        self._reader.join(5)
        os.close(self.leader)
        return self._seen.decode("utf-8", errors="replace")


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch):
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("LINES", "24")


def outcome(entity, state="committed", **more):
    return TableOutcome(flow="tea", entity=entity, state=state, run_type="full_drop", **more)


def report(*tables):
    finished = START + timedelta(seconds=3)
    return RunReport(id="r1", project="p", started=START, finished=finished, hygge="0", tables=tables, exit_code=0)


def show(events, run, stop=None, encoding="utf-8"):
    terminal = Terminal(encoding)
    session = Session(out=Steady(terminal.file), err=Steady(terminal.file))
    view = LiveView(session, stop or Stop())
    with view:
        for event in events:
            view.emit(event)
        view._live.refresh()
    view.settle(run, None)
    return terminal.close()


def plain(text):
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


def test_the_table_is_live_and_ends_settled(event):
    events = [
        event("run.started", flow="", entity="", tables=2, concurrency=1),
        event("table.waiting"),
        event("table.waiting", entity="pots"),
        event("table.started", source="a", target="b", run_type="full_drop"),
        event("table.progress", rows=12_345, bytes=2048),
    ]
    run = report(
        outcome("cups", rows=RowChain(staged=12_345), size=12_897_485, seconds=2.0, target="settled/cups"),
        outcome("pots", "kept"),
    )
    text = show(events, run)
    assert "\x1b[?25l" in text
    assert text.rfind("\x1b[?25h") > text.rfind("\x1b[?25l")
    assert "\x1b[2K" in text[text.rfind("\x1b[?25h") :], "the live table is cleared away before the settled one"
    words = plain(text)
    assert "0 settled, 1 moving, 1 waiting" in words
    assert re.search(r"tea\.cups +moving +12,345 +2\.0 KiB", words)
    assert re.search(r"tea\.cups +settled +12,345 +12\.3 MiB +2\.0s +settled/cups", words)
    assert re.search(r"tea\.pots +kept", words)
    assert "🏡 Your data is settled: 1 of 2 tables moved, 1 kept, 12,345 rows, 12.3 MiB in 3.0s" in words


def test_two_hundred_tables_stay_within_the_screen(event):
    events = [event("table.started", entity=f"t{number:03}") for number in range(200)]
    text = plain(show(events, report()))
    end = text.index("200 moving")
    picture = text[text.rindex("table ", 0, end) : end]
    assert picture.count("tea.t") == 18


def test_complaints_and_changed_columns_stay_on_the_screen(event):
    events = [
        event("table.drift", changes=("a added",)),
        event("table.recovered", rolled_forward=(), swept=1),
        event("table.failed", error="tea.cups: disk full"),
        event("warning", text="3 rows skipped"),
    ]
    words = plain(show(events, report(outcome("cups", "failed"))))
    for line in (
        "tea.cups  columns changed: a added",
        "tea.cups  tidied up after an earlier run: 0 commits finished, 1 leftover swept",
        "error: tea.cups: disk full",
        "warning: tea.cups: 3 rows skipped",
        "Need attention: tea.cups",
    ):
        assert line in words
    assert "1 failed" in words


def test_the_table_says_when_it_is_stopping():
    stop = Stop()
    stop.requested = True
    assert "stopping; press Ctrl-C again to leave at once" in plain(show([], report(), stop=stop))


def test_names_are_shown_as_they_are_and_cannot_steer_the_terminal(event):
    name = "[red]x[/red]\x1b[2J"
    text = show(
        [event("table.started", entity=name), event("table.drift", entity=name, changes=())], report(outcome(name))
    )
    assert "\x1b[2J" not in text
    assert "tea.[red]x[/red]\\x1b[2J" in plain(text)


def test_no_color_means_no_colour_and_still_a_live_table(event, monkeypatch):
    events = [event("table.committed", rows=1, seconds=1.0), event("table.failed", entity="pots", error="x")]
    colours = re.compile(r"\x1b\[[0-9;]*3[0-9][0-9;]*m")
    assert colours.search(show(events, report(outcome("cups"))))
    monkeypatch.setenv("NO_COLOR", "1")
    text = show(events, report(outcome("cups")))
    assert not colours.search(text)
    assert "\x1b[?25l" in text


def test_an_ascii_terminal_gets_ascii(event):
    text = show([event("table.started", entity="häuslich 🏡")], report(outcome("häuslich 🏡")), encoding="ascii")
    assert text.isascii()
    assert "Your data is settled" in text


def test_a_terminal_that_goes_away_stops_nothing(event):
    terminal = Terminal()
    session = Session(out=Steady(terminal.file), err=Steady(None))
    view = LiveView(session, Stop())
    with view:
        view.emit(event("table.started"))
        os.close(terminal.leader)
        view.emit(event("table.progress", rows=1, bytes=1))
        view._live.refresh()
        view.emit(event("table.drift", changes=("x",)))
    view.settle(report(outcome("cups")), None)
    assert session.out.lost is not None
    terminal.file.close()
