"""Holding a plugin to account for what its code raises."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from hygge_core.plugins.status import BrokenPlugin, Fault


if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def blamed(what: str) -> Iterator[None]:
    """Turn whatever a plugin raises, ``SystemExit`` too, into `BrokenPlugin`; only Ctrl-C stays the user's."""
    try:
        yield
    except (KeyboardInterrupt, BrokenPlugin):
        raise
    except BaseException as error:
        fault = Fault(what=f"{what}: {describe(error)}", fix="repair or reinstall it, or disable it")
        raise BrokenPlugin(fault) from error


def describe(error: BaseException) -> str:
    """Say the kind and the text of an exception, on one line.

    Plugins raise what they like: texts of several lines, none at all, or a ``__str__``
    that fails itself.
    """
    kind = type(error).__name__
    try:
        text = " ".join(str(error).split())
    except Exception:  # noqa: BLE001 - a broken __str__ must not hide which plugin failed
        text = "its text cannot be shown"
    return f"{kind}: {text}" if text else kind
