"""A gate that falls over."""

from __future__ import annotations

from hygge_core import hookimpl


@hookimpl
def hygge_before_commit(staged):
    raise ZeroDivisionError(f"{staged.rows} rows")
