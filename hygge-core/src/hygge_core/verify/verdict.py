"""What came of verifying one table, as plain data."""

from __future__ import annotations

from typing import Literal

from attrs import Factory, frozen


State = Literal["equal", "different", "failed"]
Kind = Literal["missing", "older", "newer", "doubled", "surplus", "deleted"]
"""How a key of the store differs from the source: see `hygge_core.verify.judgement` for the words."""


@frozen(kw_only=True)
class RowCounts:
    """The rows of one table at each station; None where nobody counted.

    ``source`` are the rows of the source that the store must hold, ``newer`` those beyond
    the watermark, which the next run moves, ``outside`` those that the settings leave out.
    ``committed`` is what the commit records add up to, ``footers`` what the committed parts
    hold now, ``visible`` what readers see.  ``keys`` counts the different keys among the
    visible rows, where a table keeps several versions of a row.
    """

    source: int | None = None
    newer: int | None = None
    outside: int | None = None
    committed: int | None = None
    footers: int | None = None
    visible: int | None = None
    keys: int | None = None


@frozen(kw_only=True)
class Difference:
    """One key on which source and store differ; versions are values of the watermark's column, as text."""

    kind: Kind
    key: str
    in_source: str = ""
    in_store: str = ""


@frozen(kw_only=True)
class Comparison:
    """What came of comparing keys: how many differ in each way, and some of them.

    ``complete`` is False when so many differ that counting ended early; then the numbers
    are at least those.
    """

    columns: tuple[str, ...]
    differing: dict[Kind, int] = Factory(dict)
    shown: tuple[Difference, ...] = ()
    complete: bool = True


@frozen(kw_only=True)
class TableVerdict:
    """What is known of one table.

    ``faults`` say what differs, one sentence each, and ``fix`` what to do about them; ``notes``
    what else is worth knowing.  ``error`` sums faults and fix up, or says why nothing could be
    found out.  ``basis`` says in words what was held against what, ``last`` when the table was
    last committed.
    """

    flow: str
    entity: str
    run_type: str
    state: State = "equal"
    source: str = ""
    target: str = ""
    last: str = ""
    basis: str = ""
    rows: RowCounts = RowCounts()
    keys: Comparison | None = None
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    fix: str = ""
    error: str = ""
    exit_code: int = 0
