"""Prints while being imported and asked."""

from __future__ import annotations

import sys

from hygge_core import hookimpl


sys.stdout.write("hello from the import\n")


@hookimpl
def hygge_stores():
    sys.stdout.write("hello from the hook\n")
    return ()
