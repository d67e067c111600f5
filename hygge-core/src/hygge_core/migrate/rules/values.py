"""How values change on their way: what the original took for a number, a boolean or a name, and this hygge writes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from hygge_core.migrate.rules.rule import Asked, Dropped, Moved


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hygge_core.migrate.rules.rule import Convert


_YES = frozenset({"yes", "true", "on", "1", "y", "t"})
_NO = frozenset({"no", "false", "off", "0", "n", "f"})
_BY_FORMAT = frozenset({"local"})
_NUMBER = re.compile(r"-?\d+")


def whole(value: Any, _: Mapping[str, Any]) -> Any:
    """Read a whole number, as the original did, also from text."""
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def truth(value: Any, _: Mapping[str, Any]) -> Any:
    """Read a boolean, as the original did, also from text and numbers."""
    word = str(value).strip().lower()
    return True if word in _YES else False if word in _NO else value


def seconds(value: Any, _: Mapping[str, Any]) -> Any:
    """Write seconds as a span of time."""
    return f"{value}s"


def listed(value: Any, _: Mapping[str, Any]) -> Any:
    """Put one name into a list."""
    return value if isinstance(value, list) else [value]


def named_by_format(value: Any, _: Mapping[str, Any]) -> Any:
    """Say of a type for local files that it is called by their format now."""
    return Moved({"type": value}) if str(value).lower() in _BY_FORMAT else value


def one_of(*allowed: Any, fix: str) -> Convert:
    """Take some values as they are, and ask about the others."""

    def convert(value: Any, _: Mapping[str, Any]) -> Any:
        if value in allowed or (isinstance(value, str) and "${" in value):
            return value
        raise Asked(f"{_shown(value)} has no counterpart here", fix)

    return convert


def words(meanings: Mapping[str, str]) -> Convert:
    """Write some words otherwise."""

    def convert(value: Any, _: Mapping[str, Any]) -> Any:
        return meanings.get(value, value) if isinstance(value, str) else value

    return convert


def unless(default: Any, why: str) -> Convert:
    """Leave out what is the default here as well, or needs not be said."""

    def convert(value: Any, _: Mapping[str, Any]) -> Any:
        if value == default:
            raise Dropped(why)
        return value

    return convert


def only_where(applies: Callable[[Mapping[str, Any]], bool], why: str, then: Convert | None = None) -> Convert:
    """Leave out what means nothing beside the other keys of its table."""

    def convert(value: Any, table: Mapping[str, Any]) -> Any:
        if not applies(table):
            raise Dropped(why)
        return then(value, table) if then else value

    return convert


def _shown(value: Any) -> str:
    text = str(value)
    return repr(text) if isinstance(value, str) and len(text) <= len("a word of this length") else "this value"
