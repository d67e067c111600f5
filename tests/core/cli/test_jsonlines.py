from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from hygge_core.cli.jsonlines import JsonView, event_line
from hygge_core.cli.session import Session
from hygge_core.cli.streams import Steady
from hygge_core.engine.events import Event
from hygge_core.engine.report import RunReport


texts = st.text()
values = (
    texts | st.integers(-(2**53), 2**53) | st.booleans() | st.none() | st.floats(allow_nan=False, allow_infinity=False)
)


@given(flow=texts, entity=texts, data=st.dictionaries(texts, values | st.lists(texts).map(tuple)))
def test_an_event_is_one_line_of_ascii_that_says_it_all(flow, entity, data):
    at = datetime(2024, 11, 5, 20, 15, 0, 5, tzinfo=UTC)
    line = event_line(Event(kind="warning", run="r", at=at, flow=flow, entity=entity, data=data))
    assert line.isascii()
    assert line.splitlines() == [line]
    assert json.loads(line) == {
        "kind": "warning",
        "run": "r",
        "at": "2024-11-05T20:15:00.000005+00:00",
        "flow": flow,
        "entity": entity,
        "data": {key: list(value) if isinstance(value, tuple) else value for key, value in data.items()},
    }


def test_the_last_line_says_where_the_report_is(event):
    out = io.StringIO()
    now = datetime.now(UTC)
    report = RunReport(id="r1", project="p", started=now, finished=now, hygge="0", tables=(), exit_code=0)
    with JsonView(Session(out=Steady(out))) as view:
        view.emit(event("table.kept", rows=0))
        view.settle(report, Path("r1.json"))
        view.settle(report, None)
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [line["kind"] for line in lines] == ["table.kept", "report.saved"]
    assert lines[1]["data"] == {"run": "r1", "path": "r1.json"}
