"""What people do to a source between two runs, and during one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from attrs import evolve, frozen
from hypothesis import strategies as st

from model.documented import Row


if TYPE_CHECKING:
    from collections.abc import Iterable

    from model.source import Source


@frozen(kw_only=True)
class Change:
    """One change of the row of a key.

    ``put`` inserts or updates it, ``ahead`` ticks after the newest row: 0 ties with it, less
    commits late.  ``rewrite`` changes its value and leaves its tick alone.
    """

    what: Literal["put", "put without tick", "rewrite", "delete", "add a column"]
    region: str
    id: int
    ahead: int
    value: int
    gone: bool = False


_WHAT = ["put"] * 8 + ["put without tick", "rewrite", "delete", "delete", "add a column"]


def changes() -> st.SearchStrategy[list[Change]]:
    one = st.builds(
        Change,
        what=st.sampled_from(_WHAT),
        region=st.sampled_from("ab"),
        id=st.integers(0, 3),
        ahead=st.sampled_from([0, 0, 1, 1, 2, -1, -2, -4, -9]),
        value=st.integers(0, 99),
        gone=st.sampled_from([False, False, True]),
    )
    return st.lists(one, max_size=6)


def apply(source: Source, many: Iterable[Change]) -> None:
    for change in many:
        rows = {row.key: row for row in source.rows()}
        newest = max((row.tick for row in rows.values() if row.tick is not None), default=0)
        present = rows.get((change.region, change.id))
        put = Row(
            region=change.region,
            id=change.id,
            tick=newest + change.ahead,
            value=change.value,
            gone=change.gone,
            note=change.value if source.has_note else None,
        )
        match change.what:
            case "put":
                source.put(put)
            case "put without tick":
                source.put(evolve(put, tick=None))
            case "rewrite" if present:
                source.put(evolve(present, value=change.value))
            case "delete" if present:
                source.delete(present)
            case "add a column":
                source.add_note()
