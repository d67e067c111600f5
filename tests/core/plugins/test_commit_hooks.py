from __future__ import annotations

import gc

import polars as pl
import pytest

from hygge_core import CommitRecord, CommitRefused, Receipt, Table


@pytest.fixture
def receipt(run):
    return Receipt(record=CommitRecord(run=run, table=Table(name="Order"), parts=()), location="here")


def test_a_gate_lets_pass_what_it_does_not_refuse(load, run, staged):
    load("sound").before_commit(run, staged(10))


def test_a_refusal_names_the_table_and_the_plugin(load, run, staged):
    with pytest.raises(CommitRefused) as caught:
        load("sound").before_commit(run, staged(9))
    assert str(caught.value) == ("erp.Order, refused by acme-attic 1.0 (attic): 9 rows staged, at least 10 expected")


def test_a_refusal_keeps_the_place_that_the_gate_names(load, run, staged):
    with pytest.raises(CommitRefused) as caught:
        load("gate_refuses").before_commit(run, staged(9))
    assert str(caught.value) == "table Order, refused by acme-gate-refuses 1.0 (plugin): too few; load more"


@pytest.mark.parametrize(
    ("folder", "cause", "what"),
    [
        ("gate_fails", ZeroDivisionError, "hygge_before_commit failed: ZeroDivisionError: 5 rows"),
        ("gate_exits", SystemExit, "hygge_before_commit failed: SystemExit"),
        (
            "gate_answers",
            TypeError,
            "hygge_before_commit failed: TypeError: it returned False where nothing is expected",
        ),
    ],
)
def test_a_gate_that_fails_or_answers_refuses_the_commit(load, staged, folder, cause, what):
    with pytest.raises(CommitRefused) as caught:
        load(folder).before_commit(staged(5).run, staged(5))
    assert caught.value.what.startswith(what)
    assert caught.value.where == f"erp.Order, refused by acme-{folder.replace('_', '-')} 1.0 (plugin)"
    assert isinstance(caught.value.__cause__, cause)


def test_a_gate_sees_the_rows_and_the_commit_before(load, run, staged):
    last = CommitRecord(run=run, table=Table(name="Order"), parts=(), sequence=7)
    frame = pl.LazyFrame({"id": [1, 2], "price": [3, 4]})
    with pytest.raises(CommitRefused, match="2 rows of id, price after 7"):
        load("gate_looks").before_commit(run, staged(2), rows=lambda: frame, last=last)
    with pytest.raises(CommitRefused, match="2 rows of id, price after nothing"):
        load("gate_looks").before_commit(run, staged(2), rows=lambda: frame)


def test_a_gate_is_told_when_rows_cannot_be_seen(load, run, staged):
    with pytest.raises(CommitRefused, match="rows cannot be seen"):
        load("gate_looks").before_commit(run, staged(2))


def test_gates_are_asked_in_a_fixed_order_and_the_first_refusal_counts(load, run, staged):
    for folders in [("sound", "gate_fails"), ("gate_fails", "sound")]:
        with pytest.raises(CommitRefused, match="refused by acme-attic"):
            load(*folders).before_commit(run, staged(1))


def test_listeners_hear_and_their_failures_are_warnings(load, run, receipt, capsys):
    plugins = load("sound", "listener_fails")
    assert plugins.after_commit(run, receipt) == (
        "acme-listener-fails 1.0 (plugin): hygge_after_commit failed: SystemExit: 0",
    )
    assert capsys.readouterr().out == "0 rows of Order\n"


def test_a_coroutine_from_a_listener_is_a_warning_and_never_left_unawaited(load, run):
    (warning,) = load("listener_fails").after_abort(run, ValueError("x"))
    gc.collect()  # a coroutine that nobody closed would warn here, and warnings are errors
    assert warning.startswith(
        "acme-listener-fails 1.0 (plugin): hygge_after_abort failed: TypeError: it returned <coro"
    )


def test_an_object_can_be_a_plugin(load, run):
    assert load("second").after_abort(run, ValueError("x")) == ()


def test_ctrl_c_passes_through_gates_and_listeners(load, run, staged, receipt):
    plugins = load("interrupted")
    with pytest.raises(KeyboardInterrupt):
        plugins.before_commit(run, staged(1))
    with pytest.raises(KeyboardInterrupt):
        plugins.after_commit(run, receipt)


def test_tracing_tells_how_each_gate_decided(load, run, staged, capsys):
    plugins = load("sound", environ={"HYGGE_TRACE_PLUGINS": "1"})
    plugins.before_commit(run, staged(10))
    with pytest.raises(CommitRefused):
        plugins.before_commit(run, staged(9))
    told = capsys.readouterr().err
    assert "hygge plugins: hygge_before_commit of acme-attic 1.0 (attic) -> None in " in told
    assert "hygge plugins: hygge_before_commit of acme-attic 1.0 (attic) failed after " in told
    assert "CommitRefused: 9 rows staged" in told
