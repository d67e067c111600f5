"""Writing a project as TOML in the style of the documentation: short tables on one line, long ones below."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hygge_core.migrate.factoring import NewEntity, NewFlow


LONGEST = 110
"""A table that is longer on one line gets a header and a line for each key."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_FIRST = ("run_type", "write", "home", "store", "watermark")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]+")


def key(name: str) -> str:
    """Write a key, in quotes where it needs them."""
    return name if _BARE.fullmatch(name) else text(name)


def text(value: str) -> str:
    """Write a text: JSON's form, but for the one sign that TOML escapes besides."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def literal(value: Any) -> str:
    """Write a value on one line."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return text(value)
        case datetime() | date() | time():
            return value.isoformat()
        case dict():
            inner = ", ".join(f"{key(name)} = {literal(part)}" for name, part in value.items())
            return f"{{ {inner} }}" if inner else "{}"
        case list() | tuple():
            return f"[{', '.join(map(literal, value))}]"
        case _:
            return str(value)


def comment(words: str, indent: str = "") -> str:
    """Write a decision that is open as a comment of one line."""
    return f"{indent}# TODO: {_CONTROL.sub(' ', words)}"


def table(header: str, settings: Mapping[str, Any], comments: Sequence[str] = ()) -> Iterator[str]:
    """Write a table under a header, with comments above it."""
    yield ""
    yield from map(comment, comments)
    yield f"[{header}]"
    yield from (f"{key(name)} = {literal(value)}" for name, value in settings.items())


def flow(new: NewFlow, *, header: str = "") -> Iterator[str]:
    """Write a flow: under a header such as ``flows.erp``, or at the top of a file of its own."""
    above = {name: value for name, value in sorted(new.shared.items(), key=_rank) if not _is_long(name, value)}
    lines = [*_settings(new, above), *_entities(new.entities)]
    if header and lines:
        yield from ("", f"[{header}]")
    yield from lines
    for name, value in sorted(new.shared.items(), key=_rank):
        if name not in above:
            yield from table(".".join(filter(None, [header, key(name)])), value, _open(new, name))


def _settings(new: NewFlow, above: Mapping[str, Any]) -> Iterator[str]:
    for name, value in above.items():
        yield from map(comment, _open(new, name))
        yield f"{key(name)} = {literal(value)}"
    yield from (comment(words) for about, words in new.open if about not in new.shared)


def _open(new: NewFlow, name: str) -> list[str]:
    return [words for about, words in new.open if about == name]


def _is_long(name: str, value: Any) -> bool:
    """Tell whether a value gets a header of its own."""
    return isinstance(value, dict) and (name not in _FIRST or len(f"{name} = {literal(value)}") > LONGEST)


def _rank(setting: tuple[str, Any]) -> int:
    return _FIRST.index(setting[0]) if setting[0] in _FIRST else len(_FIRST)


def _entities(entities: Sequence[NewEntity]) -> Iterator[str]:
    line = f"entities = [{', '.join(literal(entity.name) for entity in entities)}]"
    if not entities:
        return
    if not any(entity.own or entity.open for entity in entities) and len(line) <= LONGEST:
        yield line
        return
    yield "entities = ["
    for entity in entities:
        yield from (comment(words, "    ") for words in entity.open)
        yield from _entity(entity)
    yield "]"


def _entity(entity: NewEntity) -> Iterator[str]:
    """Write one element of the list of entities; a table that is long gets a line for each key, as TOML 1.1 allows."""
    settings = {"name": entity.name} | entity.own
    line = f"    {literal(settings) if entity.own else literal(entity.name)},"
    if len(line) <= LONGEST or not entity.own:
        yield line
        return
    yield "    {"
    yield from (f"        {key(name)} = {literal(value)}," for name, value in settings.items())
    yield "    },"
