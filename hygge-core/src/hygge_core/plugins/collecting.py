"""Asking a plugin what it brings, and believing nothing before it was looked at."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

from hygge_core.plugins.blame import blamed
from hygge_core.plugins.calling import call
from hygge_core.plugins.status import BrokenPlugin, Fault


if TYPE_CHECKING:
    from hygge_core.plugins.calling import Tracer
    from hygge_core.plugins.hooks import Implementation
    from hygge_core.plugins.kinds import Kind, T


_MOST = 1000
"""More things than any plugin brings; a generator without an end stops here."""


def collect(implementation: Implementation, kind: Kind[T], *, tracer: Tracer) -> tuple[T, ...]:
    """Call a hook that yields things, to its end. Raises `BrokenPlugin` for anything but things of that kind."""
    with blamed(f"{implementation.hook} failed"):
        return call(implementation, {}, lambda result: _all_of(result, kind), tracer=tracer)


def _all_of(result: object, kind: Kind[T]) -> tuple[T, ...]:
    wanted = kind.type.__name__
    fix = f"yield objects of type {wanted}"
    if inspect.iscoroutine(result):
        result.close()
        raise BrokenPlugin(Fault(what=f"{kind.hook} returned a coroutine, and hooks are not async", fix=fix))
    if isinstance(result, str | bytes) or not isinstance(result, Iterable):
        raise BrokenPlugin(Fault(what=f"{kind.hook} returned {_a(result)}, not {wanted} objects", fix=fix))
    items = tuple(islice(result, _MOST + 1))
    if len(items) > _MOST:
        raise BrokenPlugin(Fault(what=f"{kind.hook} yielded more than {_MOST} objects; does it ever end?", fix=fix))
    for item in items:
        if not isinstance(item, kind.type):
            raise BrokenPlugin(Fault(what=f"{kind.hook} yielded {_a(item)}, not {wanted} objects", fix=fix))
    return items


def _a(value: object) -> str:
    return "None" if value is None else f"an object of type {type(value).__name__}"
