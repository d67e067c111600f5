"""Carrying out a recorded commit, in the process that began it or in a later one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core.errors import Retryable, StoreError, StoreUnavailable


if TYPE_CHECKING:
    from collections.abc import Callable

    from hygge_core.commit import CommitRecord
    from hygge_core.staging.folder import TableFolder


def publish(folder: TableFolder, record: CommitRecord, *, deep: bool, check: Callable[[], None]) -> None:
    """Make the recorded parts visible and end the commit; may be repeated from any point.

    An operation whose answer was lost is looked at once more before it counts as failed.
    ``check`` is asked before each visible change and raises `Locked` when the table may be
    another writer's.  Raises `StoreError`; the commit then stays recorded and the next run finishes it.
    """
    try:
        _carry_out(folder, record, deep=deep, check=check)
    except OSError as first:
        try:
            _carry_out(folder, record, deep=True, check=check)
        except OSError as error:
            kind = StoreUnavailable if isinstance(error, Retryable) else StoreError
            raise kind(
                f"the commit of run {record.run.id} is recorded but could not be finished: {error}",
                where=folder.lake.url(folder.place.table),
                fix="mend that and run again: the staged rows are kept and the next run finishes the commit",
            ) from first


def _carry_out(folder: TableFolder, record: CommitRecord, *, deep: bool, check: Callable[[], None]) -> None:
    if folder.history.ended(record.run.token) is None:
        folder.layout.publish(folder.lake, folder.place, record, deep=deep, check=check)
        check()
        folder.history.end(record)
