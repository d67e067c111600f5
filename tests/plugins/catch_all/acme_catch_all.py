"""Declares parameters that stay empty."""

from __future__ import annotations

from hygge_core import hookimpl


@hookimpl
def hygge_stores(**kwargs):
    return kwargs.values()
