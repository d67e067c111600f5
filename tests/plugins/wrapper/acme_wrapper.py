"""Wants to wrap the others."""

from __future__ import annotations

from hygge_core import hookimpl


@hookimpl(wrapper=True)
def hygge_stores():
    return (yield)
