from __future__ import annotations

import io
import re
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygge_core.cli.lines import PROGRESS_SECONDS, LineView
from hygge_core.cli.session import Session
from hygge_core.cli.streams import Steady
from hygge_core.cli.summary import settled_rows
from hygge_core.cli.wording import complaint, sentence
from hygge_core.engine.events import Event, Kind
from hygge_core.engine.report import RowChain, RunReport, TableOutcome

from .conftest import START


KINDS = get_args(Kind)


class Ascii(io.StringIO):
    encoding = "ascii"


@pytest.fixture
def session():
    return Session(out=Steady(Ascii()), err=Steady(Ascii()))


def said(session):
    """What stands on standard output and on standard error, without the times of day."""
    texts = (session.out._stream.getvalue(), session.err._stream.getvalue())
    return tuple(re.sub(r"^\d\d:\d\d:\d\d  ", "", text, flags=re.MULTILINE).splitlines() for text in texts)


def tell(session, *events):
    with LineView(session) as view:
        for event in events:
            view.emit(event)
    return said(session)


FULL = {
    "run.started": ({"tables": 5, "concurrency": 2, "max_memory": 1}, "moving 5 tables, 2 at once (run r1)"),
    "table.started": (
        {"source": "cups.csv", "target": "settled/cups", "run_type": "full_drop"},
        "tea.cups  cups.csv -> settled/cups (full_drop)",
    ),
    "table.recovered": (
        {"rolled_forward": ("r0",), "swept": 2},
        "tea.cups  tidied up after an earlier run: 1 commit finished, 2 leftovers swept",
    ),
    "table.range": ({"column": "at", "low": "1", "high": None}, "tea.cups  reading at from 1 to the end"),
    "table.drift": ({"changes": ("a added", "b gone")}, "tea.cups  columns changed: a added; b gone"),
    "table.committed": (
        {"rows": 1_000_000, "bytes": 12_897_485, "files": 1, "seconds": 12.0, "location": "settled/cups"},
        "tea.cups  settled: 1,000,000 rows, 12.3 MiB in 1 file, 12.0s, 83,333 rows/s -> settled/cups",
    ),
    "table.kept": ({"rows": 0}, "tea.cups  the home is empty, so the table stays as it was"),
    "table.stopped": ({"error": "another table failed"}, "tea.cups  stopped: another table failed"),
}


@pytest.mark.parametrize("kind", FULL)
def test_an_event_worth_reading_is_one_line(session, event, kind):
    data, line = FULL[kind]
    entity = "" if kind.startswith("run.") else "cups"
    assert tell(session, event(kind, entity=entity, **data)) == ([line], [])


def test_what_an_upsert_deleted_and_left_alone_is_told_beside_what_it_wrote(session, event):
    data = {"bytes": 1024, "files": 3, "seconds": 2.0, "location": "settled/cups"}
    full = event("table.committed", rows=1859, deleted=120, carried=334_797, **data)
    words = "settled: 1,859 rows, 120 deleted, 334,797 left alone, 1.0 KiB in 3 files"
    assert tell(session, full)[0] == [f"tea.cups  {words}, 2.0s, 930 rows/s -> settled/cups"]
    only = event("table.committed", rows=2, deleted=0, carried=5, **data)
    assert tell(session, only)[0][-1].startswith("tea.cups  settled: 2 rows, 5 left alone, 1.0 KiB in 3 files")


def test_a_failure_is_a_line_and_an_error(session, event):
    out, err = tell(session, event("table.failed", error="tea.cups: disk full; free some space", exit_code=1))
    assert out == ["tea.cups  failed, and the table is as it was"]
    assert err == ["error: tea.cups: disk full; free some space"]


def test_an_error_that_does_not_name_its_table_gets_its_name(session, event):
    assert tell(session, event("table.failed", error="cups.csv:4: bad"))[1] == ["error: tea.cups: cups.csv:4: bad"]


def test_retries_and_warnings_go_to_standard_error_only(session, event):
    retry = event("table.retry", attempt=1, error="no route", seconds=2.0)
    warning = event("warning", text="3 rows skipped")
    of_run = event("warning", flow="", entity="", text="low on memory")
    assert tell(session, retry, warning, of_run) == (
        [],
        [
            "warning: tea.cups: attempt 1 failed, trying again in 2.0s: no route",
            "warning: tea.cups: 3 rows skipped",
            "warning: low on memory",
        ],
    )


def test_progress_is_told_once_in_a_while(session, event):
    beats = [event("table.progress", at=at, rows=int(at), bytes=1) for at in range(30)]
    other = event("table.progress", entity="pots", at=12, rows=7, bytes=1)
    out, _ = tell(session, *beats, other)
    assert out == [
        f"tea.cups  {at} rows so far, 1 B in memory"
        for at in (PROGRESS_SECONDS, 2 * PROGRESS_SECONDS)
        for at in [int(at)]
    ]


def test_verbose_tells_more(session, event):
    session.verbose = True
    out, _ = tell(
        session,
        event("table.waiting"),
        event("table.progress", rows=1, bytes=2048),
        event("table.staged", rows=3, bytes=5, files=2),
    )
    assert out == [
        "tea.cups  waiting for its turn",
        "tea.cups  1 row so far, 2.0 KiB in memory",
        "tea.cups  staged 3 rows, 5 B in 2 files",
    ]


def test_quiet_tells_only_what_is_wrong(session, event):
    session.quiet = True
    everything = [event(kind, error="broken", text="look") for kind in KINDS]
    out, err = tell(session, *everything)
    assert out == []
    assert [line.split(":")[0] for line in err] == ["warning", "error", "warning"]


@given(
    kind=st.sampled_from(KINDS),
    data=st.dictionaries(
        st.sampled_from(
            ["rows", "bytes", "files", "seconds", "error", "text", "swept", "changes", "rolled_forward", "location"]
        ),
        st.none() | st.text(),
    ).map(lambda data: {k: v for k, v in data.items() if k in ("error", "text", "location") or v is None}),
)
def test_no_event_can_break_the_wording(kind, data):
    event = Event(kind=kind, run="r", at=START, flow="f", entity="e", data=data)
    assert isinstance(sentence(event), str)
    assert isinstance(complaint(event), str)


def test_every_kind_but_the_last_has_words(event):
    assert {kind for kind in KINDS if not sentence(event(kind, text="x"))} == {"run.finished"}


def outcome(entity, state="committed", **more):
    return TableOutcome(flow="tea", entity=entity, state=state, run_type="full_drop", **more)


def report(*tables, exit_code=0):
    finished = START + timedelta(seconds=3.25)
    return RunReport(
        id="r1", project="p", started=START, finished=finished, hygge="0", tables=tables, exit_code=exit_code
    )


def settled(session, run, file=None):
    LineView(session).settle(run, file)
    return said(session)[0]


def test_a_calm_run_ends_settled(session):
    run = report(outcome("cups", rows=RowChain(read=5, staged=5), size=2048), outcome("pots", "kept"))
    assert settled(session, run, Path("runs/r1.json")) == [
        "Your data is settled: 1 of 2 tables moved, 1 kept, 5 rows, 2.0 KiB in 3.2s",
        "Report: runs/r1.json",
    ]


def test_rows_that_were_deleted_are_summed_up_beside_those_that_were_written(session):
    moved = (
        outcome("cups", rows=RowChain(staged=5, deleted=2)),
        outcome("pots", rows=RowChain(staged=1, deleted=None)),
    )
    lost = outcome("jars", "failed", rows=RowChain(staged=1, deleted=9))
    assert "2 of 3 tables moved, 6 rows, 2 deleted, 0 B" in settled(session, report(*moved, lost))[0]


def test_a_run_with_failures_names_them_and_is_not_called_settled(session):
    run = report(outcome("cups"), outcome("pots", "failed", error="x"), outcome("jars", "stopped"), exit_code=3)
    assert settled(session, run) == [
        "Not everything is settled: 1 of 3 tables moved, 0 rows, 0 B in 3.2s",
        "Need attention: tea.pots",
        "Stopped before they were done: tea.jars",
    ]


def test_many_failures_are_summed_up(session):
    run = report(*(outcome(f"t{n}", "failed") for n in range(200)), exit_code=1)
    assert settled(session, run)[1].endswith("tea.t11 and 188 more")


def test_rows_that_did_not_settle_are_not_counted(session):
    run = report(outcome("cups", "failed", rows=RowChain(staged=7), size=9), exit_code=1)
    assert "0 of 1 table moved, 0 rows, 0 B" in settled(session, run)[0]
    assert settled_rows(run.tables) == 0


def test_rows_are_those_of_the_first_station_that_counted(session):
    run = report(outcome("cups", rows=RowChain(visible=4)), outcome("pots", rows=RowChain(read=1, staged=2)))
    assert "6 rows" in settled(session, run)[0]


def test_quiet_ends_without_a_word(session):
    session.quiet = True
    assert settled(session, report(outcome("cups"))) == []
