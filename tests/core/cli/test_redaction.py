from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygge_core import Secret
from hygge_core.cli.redaction import MASK, Redactor
from hygge_core.engine.events import Event
from hygge_core.engine.report import Bounds, RunReport, TableOutcome


secrets = st.text(min_size=4, max_size=40).filter(lambda text: not set(text) <= {"*"})


@given(secret=secrets, before=st.text(), after=st.text())
def test_a_secret_shows_in_none_of_its_spellings(secret, before, after):
    redactor = Redactor(frozenset({secret}))
    spellings = [
        secret,
        repr(secret)[1:-1],
        json.dumps(secret)[1:-1],
        quote(secret, safe="", errors="replace"),
        quote_plus(secret, errors="replace"),
    ]
    for spelling in spellings:
        assert spelling not in redactor.text(before + spelling).replace(before, "", 1)
        assert redactor.text(f"<{spelling}>") == f"<{MASK}>"
        assert MASK in redactor.text(before + spelling + after)


@given(secret=secrets, other=secrets)
def test_a_secret_within_another_leaves_nothing_of_the_longer_one(secret, other):
    longer = secret + other
    assert Redactor(frozenset({secret, longer})).text(longer) == MASK


@given(st.text())
def test_without_secrets_every_text_stays(text):
    assert Redactor().text(text) == text
    assert Redactor(frozenset({""})).text(text) == text


def test_values_are_masked_wherever_they_are_nested():
    redactor = Redactor(frozenset({"hunter22"}))
    value = {"a": ["x hunter22", ("hunter22", 1)], "b": {"c": Secret("hunter22")}, "d": None, "e": 1.5, "f": True}
    assert redactor.value(value) == {"a": ["x ***", ["***", 1]], "b": {"c": "***"}, "d": None, "e": 1.5, "f": True}


def test_objects_of_libraries_become_their_masked_repr():
    redactor = Redactor(frozenset({"hunter22"}))
    assert redactor.value(ValueError("login hunter22 failed")) == "ValueError('login *** failed')"


def test_events_keep_the_names_that_tell_tables_apart():
    event = Event(
        kind="table.failed",
        run="r",
        at=datetime.now(UTC),
        flow="sales",
        entity="orders",
        data={"error": "no sales in orders"},
    )
    masked = Redactor(frozenset({"sales", "orders"})).event(event)
    assert (masked.flow, masked.entity, masked.kind) == ("sales", "orders", "table.failed")
    assert masked.data == {"error": "no *** in ***"}


SAYS = "at hunter22"
TEXTS = dict.fromkeys(("source", "target", "error"), SAYS) | {"drift": (SAYS,), "warnings": (SAYS,)}
BOUNDS = [Bounds(column="t", low=SAYS), Bounds(column="t", high=SAYS), Bounds(column="t", mark=SAYS)]


@pytest.mark.parametrize(("place", "value"), [*TEXTS.items(), *(("watermark", bounds) for bounds in BOUNDS)])
def test_reports_are_masked_in_every_text(place, value):
    now = datetime.now(UTC)
    outcome = TableOutcome(flow="f", entity="e", state="failed", run_type="full_drop", **{place: value})
    report = RunReport(id="1", project="p", started=now, finished=now, hygge="0", tables=(outcome,), exit_code=1)
    masked = Redactor(frozenset({"hunter22"})).report(report)
    assert "hunter22" not in str(masked)
    assert MASK in str(masked)


def test_the_redactor_does_not_show_what_it_hides():
    assert "hunter22" not in repr(Redactor(frozenset({"hunter22"})))
