"""Settings from the command line: ``--var flow.<flow>.<key>=value`` and ``--var options.<key>=value``.

A variable changes what is written in the files before anything is made of it, so an entity
that overrides its flow still does.  The value is read as TOML if it is TOML, and as a
string otherwise: ``true`` is a boolean, ``"true"`` and ``yes`` are strings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import tomli
from attrs import evolve

from hygge_core.config.node import Node, Place, build, dotted
from hygge_core.config.suggest import did_you_mean


if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygge_core.config.node import Invalid, Problems
    from hygge_core.config.sources import Sources


_FORMS = "write flow.<flow>.<key>=value or options.<key>=value"


def override(sources: Sources, variables: Sequence[str], problems: Problems) -> None:
    """Apply each ``--var`` in turn; a later one wins. Problems are placed at ``--var N``, counted from 1."""
    for number, text in enumerate(variables, start=1):
        with problems:
            _apply(sources, text, Place(file=f"--var {number}"))


def _apply(sources: Sources, text: str, place: Place) -> None:
    written, equals, value = text.partition("=")
    if not equals:
        raise place.invalid("no value given", _FORMS)
    path = _path(written, place)
    place = evolve(place, key=dotted(tuple(path)))
    new = build(_value(value), lambda inner: evolve(place, key=dotted(inner, after=place.key)))
    match path:
        case ["options", _, *_]:
            sources.project = _put(sources.project, path, new)
        case ["flow", flow, _, *_]:
            if flow in sources.flows:
                sources.flows[flow] = _put(sources.flows[flow], path[2:], new)
            elif sources.complete and flow not in sources.unreadable:
                raise _unknown_flow(flow, sources, place)
        case ["options"] | ["flow"] | ["flow", _]:
            raise place.invalid("names no key", _FORMS)
        case [first, *_]:
            raise place.invalid("cannot be set here", did_you_mean(first, ("flow", "options")) or _FORMS)


def _path(written: str, place: Place) -> list[str]:
    """Take a dotted key apart as TOML would, quoted parts included."""
    try:
        step: Any = tomli.loads(f"{written} = 0")
    except tomli.TOMLDecodeError as error:
        raise place.invalid("not a dotted key", 'quote parts with other signs: flow."my flow".run_type=...') from error
    path: list[str] = []
    while isinstance(step, dict):
        [(name, step)] = step.items()
        path.append(name)
    return path


def _value(text: str) -> Any:
    """Read a value as TOML if it is exactly one value, else take it as the string it is."""
    try:
        parsed = tomli.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text
    return parsed["value"] if len(parsed) == 1 else text


def _unknown_flow(flow: str, sources: Sources, place: Place) -> Invalid:
    near = did_you_mean(flow, sources.flows)
    known = ", ".join(sorted(sources.flows)) or "none"
    return place.invalid(f"there is no flow {flow!r}", near or f"known are {known}")


def _put(node: Node, path: Sequence[str], new: Node) -> Node:
    """Return the table with the value at the path, making tables on the way where there are none."""
    if not isinstance(node.value, dict):
        raise new.place.invalid(f"{node.place.key} is not a table, so nothing in it can be set")
    first, *rest = path
    if rest:
        new = _put(node.value.get(first, Node(value={}, place=new.place)), rest, new)
    return evolve(node, value={**node.value, first: new})
