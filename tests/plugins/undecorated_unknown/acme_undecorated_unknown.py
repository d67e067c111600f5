"""Forgets the marker and misspells the hook."""

from __future__ import annotations


def hygge_hoems():
    yield from ()
