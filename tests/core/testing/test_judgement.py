"""What the crash matrix takes for a broken promise, and what it does not."""

from __future__ import annotations

import multiprocessing

import polars as pl
import pytest

from core.testing import careless
from core.testing.test_crash_matrix import APPEND, REPLACE, SOUND
from hygge_core.testing import trial
from hygge_core.testing.crash import Matrix, Point, Scenario, Verdict
from hygge_core.testing.frames import difference, small
from hygge_core.testing.judgement import Outcome, judge
from hygge_core.testing.origins import numbers
from hygge_core.testing.plan import points_of


ALL = numbers(REPLACE, "new")
HALF = ALL[: len(ALL) // 2]
FIRST = Scenario(name="first", over_old=False)
LOOSE = Scenario(name="loose", mode="append", atomic=False)
LOOSE_REPLACE = Scenario(name="loose replace", atomic=False)
MIXED = Scenario(name="mixed", atomic=False, mixed=True)
MIXED_FIRST = Scenario(name="mixed first", atomic=False, mixed=True, over_old=False)
KILLED, DONE, REFUSED = Outcome(possible=True), Outcome(committed=True, possible=True), Outcome()


def faults(scenario, before, after, **outcomes):
    seen = trial.Seen(before=before, after=after, left=outcomes.get("left", ()))
    new, rival = outcomes.get("new", KILLED), outcomes.get("rival", REFUSED)
    return list(judge(scenario, new, rival, seen))


SHORT = numbers(LOOSE, "new")


@pytest.mark.parametrize(
    ("scenario", "before", "after", "outcomes"),
    [
        (REPLACE, {"old": ALL}, {"new": ALL}, {}),
        (REPLACE, {"new": ALL}, {"new": ALL}, {}),
        (REPLACE, {"new": ALL}, {"new": ALL}, {"new": DONE}),
        (REPLACE, {"rival": ALL}, {"new": ALL}, {"rival": DONE}),
        (FIRST, None, {"new": SHORT}, {}),
        (APPEND, {"old": ALL}, {"old": ALL, "new": ALL}, {}),
        (APPEND, {"old": ALL, "new": ALL, "rival": ALL}, {"old": ALL, "new": ALL, "rival": ALL}, {"rival": DONE}),
        (LOOSE, {"old": SHORT, "new": SHORT[:3]}, {"old": SHORT, "new": SHORT}, {}),
        (LOOSE_REPLACE, None, {"new": SHORT}, {}),
        (MIXED, {"old": SHORT}, {"new": SHORT}, {}),
        (MIXED, {"old": SHORT, "new": SHORT[:3]}, {"new": SHORT}, {}),
        (MIXED, {"old": SHORT[:3], "new": SHORT}, {"new": SHORT}, {}),
        (MIXED, {"new": SHORT}, {"new": SHORT}, {"new": DONE}),
        (MIXED_FIRST, {"new": SHORT[:3]}, {"new": SHORT}, {}),
        (MIXED_FIRST, None, {"new": SHORT}, {}),
    ],
)
def test_what_is_right(scenario, before, after, outcomes):
    assert not faults(scenario, before, after, **outcomes)


@pytest.mark.parametrize(
    ("scenario", "before", "after", "said", "outcomes"),
    [
        (REPLACE, None, {"new": ALL}, "there is no table; ['old'] was there", {}),
        (MIXED, None, {"new": SHORT}, "sees all rows of nobody, only some of []", {}),
        (MIXED, {"old": SHORT[:3], "new": SHORT[3:]}, {"new": SHORT}, "sees all rows of nobody", {}),
        (MIXED, {"old": SHORT, "new": SHORT[:1] * 2}, {"new": SHORT}, "that nobody wrote, or twice", {}),
        (MIXED, {"old": SHORT, "new": [10**9]}, {"new": SHORT}, "that nobody wrote, or twice", {}),
        (MIXED, {"old": SHORT, "new": SHORT}, {"new": SHORT}, "a mix of", {"new": DONE}),
        (MIXED, {"old": SHORT, "new": SHORT[:3]}, {"old": SHORT, "new": SHORT}, "a mix of", {}),
        (REPLACE, {}, {"new": ALL}, "an empty table", {}),
        (REPLACE, {"old": HALF}, {"new": ALL}, "rows of 'old', not", {}),
        (REPLACE, {"old": [*ALL, 0]}, {"new": ALL}, "rows of 'old', not", {}),
        (REPLACE, {"old": ALL, "new": ALL}, {"new": ALL}, "a mix of ['new', 'old']", {}),
        (REPLACE, {"old": ALL}, {"new": ALL}, "sees ['old'], not ['new']", {"new": DONE}),
        (REPLACE, {"rival": ALL}, {"new": ALL}, "sees ['rival'], not", {}),
        (REPLACE, {"old": ALL}, {"old": ALL}, "ends with the rows of ['old'], not ['new']", {}),
        (REPLACE, {"old": ALL}, {"new": HALF}, "after running again", {}),
        (REPLACE, {"old": ALL}, None, "ends with the rows of []", {}),
        (APPEND, {"new": ALL}, {"old": ALL, "new": ALL}, "misses the rows of ['old']", {}),
        (APPEND, {"old": ALL}, {"old": ALL, "new": ALL}, "misses the rows of ['new']", {"new": DONE}),
        (APPEND, {"old": ALL, "rival": ALL}, {"old": ALL, "new": ALL}, "rows of ['rival'], which were refused", {}),
        (APPEND, {"old": ALL}, {"old": ALL, "new": ALL}, "misses the rows of ['rival']", {"rival": DONE}),
        (LOOSE, {"old": SHORT[:3]}, {"old": SHORT, "new": SHORT}, "rows of 'old'", {}),
        (LOOSE, {"old": SHORT, "new": [1, 1]}, {"old": SHORT, "new": SHORT}, "rows of 'new'", {}),
        (LOOSE, {"old": SHORT, "new": SHORT[:3]}, {"old": SHORT, "new": SHORT}, "rows of 'new'", {"new": DONE}),
        (FIRST, None, {"new": SHORT}, "left behind after running again: part", {"left": ("part",)}),
    ],
)
def test_what_is_wrong(scenario, before, after, said, outcomes):
    assert any(said in fault for fault in faults(scenario, before, after, **outcomes))


def test_a_publish_is_recorded_and_run_again_without_other_processes(tmp_path):
    operations = trial.record(SOUND, REPLACE, str(tmp_path), "calls", thorough=False)
    assert operations.count("change") == 4  # sweep, two parts, commit
    assert "rows" in " ".join(operations)
    seen = trial.run_again(SOUND, REPLACE, str(tmp_path))
    assert seen == trial.Seen(before={"new": ALL}, after={"new": ALL}, left=())


def test_a_committed_append_is_not_repeated(tmp_path):
    trial.record(SOUND, APPEND, str(tmp_path), "calls", thorough=False)
    trial.rival(SOUND, APPEND, str(tmp_path))
    seen = trial.run_again(SOUND, APPEND, str(tmp_path))
    assert seen.after == {"old": ALL, "new": ALL, "rival": ALL}


@pytest.mark.parametrize(("kind", "visible"), [("failed", {"old": ALL}), ("answer lost", {"new": ALL})])
def test_a_struck_operation_fails_or_loses_its_answer(kind, visible, tmp_path):
    subject = careless.subject("DeletesThenRenames")
    operations = trial.record(subject, REPLACE, str(tmp_path / "recorded"), "calls", thorough=False)
    put = next(index for index, operation in enumerate(operations) if operation.startswith("put"))
    index = put if kind == "answer lost" else 0
    ours, _ = multiprocessing.Pipe()
    point = Point(index=index, operation=operations[index], kind=kind)
    with pytest.raises(OSError, match="the crash matrix"):
        trial.strike(ours, subject, REPLACE, str(tmp_path / "struck"), point)
    seen = trial.run_again(subject, REPLACE, str(tmp_path / "struck"))
    assert seen.before == visible
    assert seen.after == {"new": ALL}


def test_a_second_writer_is_asked_for_and_waited_for(tmp_path):
    ours, theirs = multiprocessing.Pipe()
    ours.send("go on")
    trial.strike(theirs, SOUND, REPLACE, str(tmp_path), Point(index=0, operation="", kind="second writer"))
    assert ours.recv() == "second writer"
    assert trial.run_again(SOUND, REPLACE, str(tmp_path)).before == {"new": ALL}


def test_changes_of_the_file_system_are_recorded(tmp_path):
    subject = careless.subject("DeletesThenRenames")
    changes = trial.record(subject, REPLACE, str(tmp_path), "system", thorough=False)
    assert {"os.rename", "os.mkdir", "open", "os.remove"} <= {change.partition(" ")[0] for change in changes}
    trial.recover(
        None, subject, REPLACE, str(tmp_path), Point(index=99, operation="", kind="killed before", level="system")
    )


def test_each_stream_is_torn_once_in_the_middle():
    operations = ["create a", "create:begin a", *["create:write a"] * 6, "create:end a", "put b"]
    points = list(points_of(operations, "calls", thorough=False))
    assert [point.index for point in points if "write" in point.operation] == [5, 5]
    assert len({point.index for point in points}) == 5
    assert {point.kind for point in points_of(operations, "system", thorough=False)} == {"killed before"}


def test_a_matrix_tells_its_points_and_explains_its_violations():
    point = Point(index=3, operation="rename a b", kind="killed after", recovery=2)
    matrix = Matrix(
        scenario=REPLACE, verdicts=(Verdict(point=point, faults=("torn",), endings=("the publish: killed",)),)
    )
    assert str(matrix) == "replace: 1 points, 1 violations (1 recovery killed)"
    told = matrix.explained()
    assert "killed after operation 3 (rename a b), recovery killed before its operation 2:" in told
    assert "torn" in told
    assert "the publish: killed" in told


def test_frames_differ_in_words():
    assert not difference(small().reverse(), small())
    assert "no such table" in difference(None, small())
    assert "the columns are" in difference(small().rename({"id": "ID"}), small())
    assert "other values" in difference(small(1), small())
    assert not difference(pl.DataFrame({"a": [None]}), pl.DataFrame({"a": [None]}))
