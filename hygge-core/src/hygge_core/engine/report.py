"""What is left of a run: an outcome for each table, and how the whole ended."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - cattrs resolves the annotations at run time
from typing import Literal

from attrs import frozen

from hygge_core.home import Isolation  # noqa: TC001 - the same


State = Literal["committed", "kept", "failed", "stopped"]


@frozen(kw_only=True)
class RowChain:
    """The rows of one table at each station, for anyone to check that none was lost.

    None where a station was not counted: ``read`` by the home or as the rows passed,
    ``marked`` those of them that the source marks as deleted, ``dropped`` those that the store
    had already, ``staged`` from the footers of the staged files or by the store's own count,
    ``deleted`` the rows of the old table that were taken out, ``carried`` those that an upsert
    left as they were, ``visible`` from what readers see after the commit.  Where they are
    counted, ``read - marked - dropped = staged`` and ``staged + carried = visible``.
    """

    read: int | None = None
    marked: int | None = None
    dropped: int | None = None
    staged: int | None = None
    deleted: int | None = None
    carried: int | None = None
    visible: int | None = None


@frozen(kw_only=True)
class Bounds:
    """What one table run took from the watermark's column, each value as the text of a `Mark`.

    ``low`` and ``high`` belong to the range that was read, None where it was open; ``mark`` is
    what the commit carries, None while no row had a value.
    """

    column: str
    key: tuple[str, ...] = ()
    dtype: str = ""
    low: str | None = None
    high: str | None = None
    mark: str | None = None


@frozen(kw_only=True)
class TableOutcome:
    """How one table run ended. ``error`` is the message of `HyggeError`, empty when all is well."""

    flow: str
    entity: str
    state: State
    run_type: str
    source: str = ""
    target: str = ""
    attempts: int = 1
    mode: str = ""
    road: str = ""
    watermark: Bounds | None = None
    isolation: Isolation | None = None
    rows: RowChain = RowChain()
    size: int = 0
    files: int = 0
    sequence: int = 0
    seconds: float = 0.0
    drift: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    error: str = ""
    exit_code: int = 0


@frozen(kw_only=True)
class RunReport:
    """A whole run, as it is written to ``runs/<id>.json``. Times are UTC.

    ``retries`` counts requests that homes and stores made again by themselves, those of table runs apart.
    """

    id: str
    project: str
    started: datetime
    finished: datetime
    hygge: str
    tables: tuple[TableOutcome, ...]
    exit_code: int
    retries: int = 0
    version: int = 1
