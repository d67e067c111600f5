"""What all contracts have in common: cases grouped by promise, none of which is quietly replaced."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def cases_of(contract: type) -> Mapping[str, Callable[..., object]]:
    """Return the tests of a contract by name, in alphabetical order."""
    found = inspect.getmembers(contract, inspect.isfunction)
    return {name: case for name, case in found if name.startswith("test_")}


def promise_of(contract: type, case: str) -> str:
    """Return the promise that a case tries to break: the attribute ``promise`` of the class that defines it.

    A test class that expects a case to fail redefines it; the promise stays.  Empty for the cases that look
    at the test class itself.
    """
    homes = [each for each in contract.__mro__ if case in vars(each)]
    for each in homes:
        if "promise" in vars(each):
            return str(vars(each)["promise"])
    if homes:
        return ""
    raise LookupError(f"{contract.__name__} has no case {case!r}")


def replaced(contract: type, subclass: type) -> list[str]:
    """Name the cases that a subclass overrides without a mark ``xfail`` that gives its reason."""
    return [name for name, case in cases_of(contract).items() if _is_replaced(getattr(subclass, name, None), case)]


def _is_replaced(own: object, case: object) -> bool:
    marks = getattr(own, "pytestmark", [])
    return own is not case and not any(mark.name == "xfail" and mark.kwargs.get("reason") for mark in marks)
