"""Importing one plugin and hearing what it brings, so that its failure stays its own."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from typing import TYPE_CHECKING, Any

from attrs import frozen

from hygge_core.plugins.blame import blamed
from hygge_core.plugins.checks import check_hooks
from hygge_core.plugins.collecting import collect
from hygge_core.plugins.hooks import implementations
from hygge_core.plugins.kinds import COMMAND, CONNECTION, HOME, STORE
from hygge_core.plugins.status import BrokenPlugin, Contribution, Fault, PluginStatus


if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from hygge_core.plugins.calling import Tracer
    from hygge_core.plugins.discovery import Candidate
    from hygge_core.plugins.hooks import Implementation
    from hygge_core.plugins.kinds import Kind
    from hygge_core.plugins.status import Source


_KINDS: dict[str, Kind[Any]] = {kind.hook: kind for kind in (HOME, STORE, CONNECTION, COMMAND)}


@frozen(kw_only=True)
class Loaded:
    """A plugin after it was imported: how it fares and, if it is sound, all that it brings.

    ``items`` holds pairs of the name of a kind and a thing of that kind; ``observers``
    are its functions around the commit.
    """

    status: PluginStatus
    items: tuple[tuple[str, Any], ...] = ()
    observers: tuple[Implementation, ...] = ()


def load_plugin(candidate: Candidate, *, tracer: Tracer) -> Loaded:
    """Import a plugin, check its hooks and ask what it brings: everything, or nothing of it counts."""
    source, target = candidate.source, candidate.entry_point.value
    try:
        # What a plugin prints here must not end up in the output of `--output json`.
        with redirect_stdout(sys.stderr):
            plugin = _import(candidate.entry_point, f"import of {target} for {source}", tracer)
            found = _hooks(plugin, source)
            items = tuple(pair for implementation in found for pair in _items(implementation, tracer))
    except BrokenPlugin as broken:
        return Loaded(status=PluginStatus(source=source, state="broken", target=target, faults=broken.faults))
    observers = tuple(implementation for implementation in found if implementation.hook not in _KINDS)
    brings = (*(_contribution(kind, item) for kind, item in items), *(_hook(observer) for observer in observers))
    status = PluginStatus(source=source, state="loaded", target=target, brings=brings)
    return Loaded(status=status, items=items, observers=observers)


def _import(entry_point: EntryPoint, step: str, tracer: Tracer) -> object:
    if not entry_point.pattern.match(entry_point.value):
        what = f"its entry point names {entry_point.value!r}, which is not written as module or module:object"
        raise BrokenPlugin(Fault(what=what, fix="repair the plugin's entry_points.txt, or reinstall it"))
    with blamed("it cannot be imported"):
        return tracer.step(step, entry_point.load)


def _hooks(plugin: object, source: Source) -> tuple[Implementation, ...]:
    with blamed("its hooks cannot be looked at"):
        check_hooks(plugin)
        return implementations(plugin, source)


def _items(implementation: Implementation, tracer: Tracer) -> list[tuple[str, Any]]:
    kind = _KINDS.get(implementation.hook)
    return [(kind.name, item) for item in collect(implementation, kind, tracer=tracer)] if kind else []


def _contribution(kind: str, item: Any) -> Contribution:
    return Contribution(kind=kind, name=item.name, summary=item.summary)


def _hook(observer: Implementation) -> Contribution:
    return Contribution(kind="hook", name=observer.hook)
