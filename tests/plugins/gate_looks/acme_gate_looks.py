"""Looks at the rows and at the commit before."""

from __future__ import annotations

from hygge_core import CommitRefused, hookimpl


@hookimpl
def hygge_before_commit(run, rows, last):
    if rows is None:
        raise CommitRefused("rows cannot be seen", where=run.entity)
    found = rows().collect()
    seen = f"{found.height} rows of {', '.join(found.columns)}"
    raise CommitRefused(f"{seen} after {last.sequence if last else 'nothing'}", where=run.entity)
