"""What figures and keys mean, in sentences: which of them are faults, and which are only worth knowing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen


if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygge_core.verify.expectation import Expectation
    from hygge_core.verify.verdict import Comparison, Kind, RowCounts


_IN_WORDS: dict[Kind, str] = {
    "missing": "missing in the store",
    "older": "older in the store",
    "newer": "newer in the store",
    "doubled": "more than once in the store",
    "surplus": "only in the store",
    "deleted": "deleted in the source and still in the store",
}


@frozen(kw_only=True)
class Judgement:
    """Sentences about one table."""

    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def basis_of(expectation: Expectation | None, key: tuple[str, ...] = ()) -> str:
    """Say what is held against what."""
    if expectation is None:
        return "the store against its commits; a table that appends every load is not compared with its source"
    mark = expectation.watermark.mark if expectation.watermark else None
    upto = f" up to {mark.text}" if mark else ""
    source = f"rows of the source{upto}"
    what = "the newest version of each key" if expectation.versions else "the rows of the store"
    by = f", by {', '.join(key)}" if key else ""
    return f"{source} against {what}{by}"


def judge_counts(rows: RowCounts, expectation: Expectation) -> Judgement:
    """Judge by numbers alone, which allow for rows that changed since the last commit."""
    held = (rows.keys if expectation.versions else rows.visible) or 0
    source, later = rows.source or 0, (rows.newer or 0) + (rows.outside or 0)
    what = "keys" if expectation.versions else "rows"
    if source > held:
        fault = f"{_are(source - held, 'row')} missing: the source holds {source:,} and the store {held:,} {what}"
        return Judgement(faults=(fault,), notes=tuple(_later(rows)))
    surplus = held - source - later
    if surplus <= 0:
        return Judgement(notes=tuple(_later(rows)))
    if expectation.deletes:
        fault = f"{_are(surplus, 'row')} too many: the source holds {source + later:,} and the store {held:,}"
        return Judgement(faults=(fault,), notes=tuple(_later(rows)))
    gone = f"{surplus:,} or more {what} of the store are gone from the source: this table does not follow deletes"
    return Judgement(notes=(*_later(rows), gone))


def judge_keys(rows: RowCounts, found: Comparison, expectation: Expectation) -> Judgement:
    """Judge by the keys that differ. Rows that are gone from the source count only where deletes are followed."""
    followed = {kind: number for kind, number in found.differing.items() if kind != "surplus" or expectation.deletes}
    notes = list(_later(rows))
    gone = found.differing.get("surplus", 0)
    if gone and not expectation.deletes:
        notes.append(
            f"{_are(gone, 'key')} gone from the source and still in the store: this table does not follow deletes"
        )
    if not followed:
        return Judgement(notes=tuple(notes))
    total = sum(followed.values())
    least = "" if found.complete else "at least "
    kinds = ", ".join(f"{number:,} {_IN_WORDS[kind]}" for kind, number in followed.items())
    keys = "1 key differs" if total == 1 else f"{least}{total:,} keys differ"
    return Judgement(faults=(f"{keys}: {kinds}",), notes=tuple(notes))


def in_words(kind: Kind) -> str:
    """Say how a key differs."""
    return _IN_WORDS[kind]


def _later(rows: RowCounts) -> Iterator[str]:
    if rows.newer:
        yield f"{_rows(rows.newer)} of the source beyond the watermark, for the next run to move"
    if rows.outside:
        yield f"{_rows(rows.outside)} of the source left out by `initial` or `nulls`"


def _rows(number: int) -> str:
    return "1 row" if number == 1 else f"{number:,} rows"


def _are(number: int, noun: str) -> str:
    return f"1 {noun} is" if number == 1 else f"{number:,} {noun}s are"
