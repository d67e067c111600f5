"""Every kind of change is found, and only what changed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hygge_core.commit import Column
from hygge_core.drift import compare


DTYPES = st.sampled_from(["int32", "int64", "string", "date", "decimal(10, 2)", "datetime[us, UTC]"])
SCHEMAS = st.lists(
    st.builds(Column, name=st.text(min_size=1, max_size=5), dtype=DTYPES),
    max_size=8,
    unique_by=lambda column: column.name.casefold(),
)


def _columns(**dtypes):
    return tuple(Column(name=name, dtype=dtype) for name, dtype in dtypes.items())


def _found(drift):
    return [(change.kind, change.column) for change in drift.changes]


@given(SCHEMAS)
def test_a_schema_does_not_differ_from_itself(columns):
    drift = compare(columns, columns)

    assert not drift
    assert drift.changes == ()


@given(SCHEMAS, SCHEMAS)
def test_schemas_that_differ_always_show_a_change_and_equal_ones_never(old, new):
    assert bool(compare(old, new)) == (old != new)


@given(SCHEMAS.filter(bool), st.data())
def test_an_added_or_removed_column_is_the_only_change_wherever_it_stood(columns, data):
    at = data.draw(st.integers(0, len(columns) - 1))
    without = columns[:at] + columns[at + 1 :]

    assert _found(compare(without, columns)) == [("added", columns[at].name)]
    assert _found(compare(columns, without)) == [("removed", columns[at].name)]


@given(SCHEMAS.filter(lambda columns: len(columns) > 1), st.data())
def test_another_order_is_the_only_change_of_a_shuffled_schema(columns, data):
    shuffled = data.draw(st.permutations(columns).filter(lambda order: order != columns))

    assert _found(compare(columns, shuffled)) == [("reordered", "")]


@given(SCHEMAS, DTYPES)
def test_a_changed_dtype_is_one_retyping_of_that_column(columns, dtype):
    old = [*columns, Column(name="the one that changes", dtype=dtype)]
    new = [*columns, Column(name="the one that changes", dtype="binary")]

    assert _found(compare(old, new)) == [("incompatible", "the one that changes")]


def test_a_column_spelt_in_another_case_is_the_same_column():
    drift = compare(_columns(Id="int64", Name="string"), _columns(ID="int64", Name="string"))

    assert _found(drift) == [("recased", "Id")]
    assert [str(change) for change in drift.changes] == ["column 'Id' is now spelt 'ID'"]


def test_a_recased_column_can_be_retyped_and_moved_too():
    drift = compare(_columns(Id="int32", Name="string"), _columns(NAME="string", ID="int64"))

    assert _found(drift) == [("recased", "Id"), ("widened", "Id"), ("recased", "Name"), ("reordered", "")]


def test_an_exact_name_is_never_taken_for_another_spelling():
    drift = compare(_columns(id="int64", ID="string"), _columns(ID="string", Id="int64"))

    assert _found(drift) == [("recased", "id"), ("reordered", "")]
    assert _found(compare(_columns(id="int64", ID="string"), _columns(Id="int64", ID="string"))) == [("recased", "id")]
    assert _found(compare(_columns(ID="string"), _columns(id="int64", ID="string"))) == [("added", "id")]


def test_each_change_says_what_was_and_what_is():
    drift = compare(
        _columns(a="int32", b="int64", c="string", d="date", e="int8", f="int8"),
        _columns(a="int64", b="int32", c="date", f="int8", e="int8", g="string"),
    )

    assert [str(change) for change in drift.changes] == [
        "column 'a' was widened from int32 to int64",
        "column 'b' was narrowed from int64 to int32",
        "column 'c' changed from string to date",
        "column 'd' (date) is gone",
        "column 'g' (string) is new",
        "the columns come in another order",
    ]
