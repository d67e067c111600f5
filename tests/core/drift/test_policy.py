"""What may change, and how a refusal reads. The table in the documentation is the table that is tested."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

from hygge_core.commit import Column
from hygge_core.drift import compare
from hygge_core.errors import DriftRefused


DOCUMENT = Path(__file__).parents[3] / "docs" / "drift.md"
COMMITTED = (Column(name="Id", dtype="int32"), Column(name="Name", dtype="string"))
PRESENT = {
    "added": (*COMMITTED, Column(name="New", dtype="date")),
    "removed": COMMITTED[:1],
    "widened": (Column(name="Id", dtype="int64"), COMMITTED[1]),
    "narrowed": (Column(name="Id", dtype="int16"), COMMITTED[1]),
    "incompatible": (Column(name="Id", dtype="string"), COMMITTED[1]),
    "recased": (Column(name="ID", dtype="int32"), COMMITTED[1]),
    "reordered": COMMITTED[::-1],
}
POLICIES = ("evolve", "warn", "freeze")
MODES = ("replace", "append", "upsert")


def _documented():
    rows = re.findall(r"^\| \*(\w+)\* (.*)\|$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    for kind, cells in rows:
        words = [cell.strip() for cell in cells.strip(" |").split("|")]
        for (mode, policy), word in zip(product(MODES, POLICIES), words, strict=True):
            yield kind, mode, policy, {"yes": True, "no": False}[word]


CASES = list(_documented())


def test_the_documented_table_is_complete():
    assert {case[:3] for case in CASES} == set(product(PRESENT, MODES, POLICIES))


@pytest.mark.parametrize(("kind", "mode", "policy", "may"), CASES)
def test_each_change_is_let_through_or_refused_as_documented(kind, mode, policy, may):
    drift = compare(COMMITTED, PRESENT[kind])

    assert [change.kind for change in drift.changes] == [kind]
    if may:
        assert drift.check(policy, mode=mode, where="erp.Order") == (str(drift.changes[0]),)
    else:
        with pytest.raises(DriftRefused) as caught:
            drift.check(policy, mode=mode, where="erp.Order")
        assert str(caught.value).startswith(f"erp.Order: {drift.changes[0]}; if this is meant, ")


@pytest.mark.parametrize(("mode", "policy"), list(product(MODES, POLICIES)))
def test_no_drift_is_never_refused(mode, policy):
    assert compare(COMMITTED, COMMITTED).check(policy, mode=mode, where="t") == ()


def test_each_policy_lets_through_all_that_the_stricter_one_does():
    may = {case[:3]: case[3] for case in CASES}

    assert all(may[k, m, "evolve"] >= may[k, m, "warn"] >= may[k, m, "freeze"] for k, m in product(PRESENT, MODES))


def test_one_change_that_may_not_be_refuses_the_run_and_names_only_that():
    present = (Column(name="Id", dtype="int64"), Column(name="New", dtype="date"))

    with pytest.raises(DriftRefused) as caught:
        compare(COMMITTED, present).check("warn", mode="replace", where="erp.Order")

    assert caught.value.what == "column 'Name' (string) is gone"
    assert caught.value.exit_code == 4


@pytest.mark.parametrize(
    ("kind", "mode", "policy", "fix"),
    [
        ("added", "append", "freeze", 'if this is meant, set on_drift = "evolve"'),
        ("removed", "replace", "warn", 'if this is meant, set on_drift = "evolve"'),
        ("widened", "append", "evolve", "if this is meant, write the table anew once with --full-drop"),
        (
            "widened",
            "append",
            "freeze",
            'if this is meant, set on_drift = "evolve" and write the table anew once with --full-drop',
        ),
    ],
)
def test_the_way_out_is_one_that_works(kind, mode, policy, fix):
    drift = compare(COMMITTED, PRESENT[kind])

    with pytest.raises(DriftRefused) as caught:
        drift.check(policy, mode=mode, where="t")

    assert caught.value.fix.splitlines()[0] == fix
    way_mode = "replace" if "--full-drop" in fix else mode
    assert drift.check("evolve", mode=way_mode, where="t")


def test_both_schemas_stand_side_by_side():
    present = (Column(name="Id", dtype="int64"), Column(name="New", dtype="decimal(10, 2)"))
    committed = (*COMMITTED, Column(name="Same", dtype="date"))

    with pytest.raises(DriftRefused) as caught:
        compare(committed, (*present, committed[2])).check("freeze", mode="append", where="t")

    assert str(caught.value).splitlines()[1:] == [
        "    column  committed  now",
        "  ~ Id      int32      int64",
        "  - Name    string",
        "    Same    date       date",
        "  + New                decimal(10, 2)",
    ]


def test_a_wide_table_shows_what_changed_and_counts_the_rest():
    committed = [Column(name=f"c{n}", dtype="int32") for n in range(2000)]
    present = [*committed[:-1], Column(name="c1999", dtype="string")]

    with pytest.raises(DriftRefused) as caught:
        compare(committed, present).check("freeze", mode="replace", where="t")

    assert str(caught.value).splitlines()[2:] == ["  ~ c1999   int32      string", "    and 1999 columns as before"]
