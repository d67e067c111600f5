"""What the engine says while it works: one frozen event at a time, to whoever listens."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - part of the public shape
from typing import TYPE_CHECKING, Literal

from attrs import Factory, frozen


if TYPE_CHECKING:
    from collections.abc import Callable


Kind = Literal[
    "run.started",  # tables, concurrency, max_memory
    "table.waiting",  # queued behind others
    "table.started",  # source, target, run_type
    "table.recovered",  # rolled_forward (run ids), swept (count)
    "table.range",  # column, low, high: what an incremental run reads, both bounds included, null where open
    "table.drift",  # changes (texts): allowed or warned of
    "table.progress",  # rows and bytes that passed so far (rows 0 where only bytes are seen); a few a second
    "table.staged",  # rows, bytes, files
    "table.retry",  # attempt, error, seconds until the next
    "table.committed",  # rows that were written, deleted, carried; bytes, files, seconds, location
    "table.kept",  # rows=0, reason: "empty" (an empty source left the old table) or "nothing new"
    "table.failed",  # error, exit_code
    "table.stopped",  # not begun or aborted because the run was asked to stop
    "warning",  # text
    "request.retry",  # where, why, seconds: a home or store makes a request again by itself
    "run.finished",  # seconds, committed, failed, retries, exit_code
]

Value = str | int | float | bool | None | tuple[str, ...]


@frozen(kw_only=True)
class Event:
    """Something that happened in a run.

    ``flow`` and ``entity`` are empty for events of the whole run.  ``data`` holds the
    keys that the list of kinds names, as plain values.
    """

    kind: Kind
    run: str
    at: datetime
    flow: str = ""
    entity: str = ""
    data: dict[str, Value] = Factory(dict)


if TYPE_CHECKING:
    Emit = Callable[[Event], None]
    """Takes events from several threads, one at a time (the engine holds a lock)."""
