"""Strict readings of single values: ``"false"`` is not ``true`` and ``"7"`` is not ``7``.

Environment variables are text by nature, so a string that is nothing but one ``${NAME}``
may stand where a number or a boolean belongs, if its text is exactly one.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hygge_core.config.durations import parse_duration
from hygge_core.config.sizes import parse_size
from hygge_core.secret import Secret


if TYPE_CHECKING:
    from collections.abc import Callable

    from hygge_core.config.node import Node


_INTEGER = re.compile(r"[+-]?[0-9]{1,30}")
_FLOAT = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_BOOLEANS = {"true": True, "false": False}


def read_bool(node: Node) -> bool:
    """Read ``true`` or ``false``."""
    if isinstance(node.value, bool):
        return node.value
    text = _text_of(node)
    if node.whole and text in _BOOLEANS:
        return _BOOLEANS[text]
    raise node.mismatch("a boolean", "use true or false" if node.whole else _unquote(text in _BOOLEANS, text))


def read_int(node: Node) -> int:
    """Read an integer; a float or a boolean never is one."""
    if isinstance(node.value, int) and not isinstance(node.value, bool):
        return _in_64_bits(node.value, node)
    text = _text_of(node)
    matches = bool(_INTEGER.fullmatch(text))
    if node.whole and matches:
        return _in_64_bits(int(text), node)
    raise node.mismatch("an integer", _unquote(matches and not node.variables, text))


def read_float(node: Node) -> float:
    """Read a float; an integer may stand for one."""
    if isinstance(node.value, float):
        return node.value
    if isinstance(node.value, int) and not isinstance(node.value, bool):
        return float(_in_64_bits(node.value, node))
    text = _text_of(node)
    matches = bool(_FLOAT.fullmatch(text))
    if node.whole and matches:
        return float(text)
    raise node.mismatch("a number", _unquote(matches and not node.variables, text))


def read_str(node: Node) -> str:
    """Read a string."""
    if isinstance(node.value, str):
        return node.value
    scalar = not isinstance(node.value, dict | list)
    raise node.mismatch("a string", "put it in quotes" if scalar else "")


def read_path(node: Node) -> Path:
    """Read a path. Relative ones stay relative; what they start from is the reader's business."""
    text = read_str(node)
    if not text or "\0" in text:
        raise node.place.invalid("must be a path, and is empty or holds a zero byte")
    return Path(text)


def read_secret(node: Node) -> Secret:
    """Read a string that never shows."""
    if isinstance(node.value, str):
        return Secret(str(node.value))
    raise node.place.invalid("must be a string", "give a secret as ${NAME} from the environment")


def read_size(node: Node) -> int:
    """Read an amount of bytes: an integer, or a text with a unit."""
    if not isinstance(node.value, str) or (node.whole and _INTEGER.fullmatch(node.value)):
        return read_int(node)
    try:
        return parse_size(node.value)
    except ValueError as error:
        raise node.mismatch('a size such as 536870912, "512MiB" or "2GB"') from error


def read_duration(node: Node) -> timedelta:
    """Read a span of time from a text with units."""
    try:
        return parse_duration(_text_of(node))
    except ValueError as error:
        raise node.mismatch('a span of time such as "30s", "15m" or "1h30m"') from error


def read_datetime(node: Node) -> datetime:
    """Read a date with a time, as TOML writes them: without quotes."""
    if isinstance(node.value, datetime):
        return node.value
    raise node.mismatch("a date with a time such as 2026-01-31T07:30:00Z", _unquote_date(node))


def read_date(node: Node) -> date:
    """Read a date, as TOML writes them: without quotes."""
    if isinstance(node.value, date) and not isinstance(node.value, datetime):
        return node.value
    raise node.mismatch("a date such as 2026-01-31", _unquote_date(node))


def read_time(node: Node) -> time:
    """Read a time of day, as TOML writes them: without quotes."""
    if isinstance(node.value, time):
        return node.value
    raise node.mismatch("a time of day such as 07:30:00", _unquote_date(node))


READERS: dict[type, Callable[[Node], Any]] = {
    bool: read_bool,
    int: read_int,
    float: read_float,
    str: read_str,
    Path: read_path,
    Secret: read_secret,
    timedelta: read_duration,
    datetime: read_datetime,
    date: read_date,
    time: read_time,
}
"""How each type of single value is read."""


def _text_of(node: Node) -> str:
    return node.value if isinstance(node.value, str) else ""


def _unquote_date(node: Node) -> str:
    return "write it without quotes" if isinstance(node.value, str) else ""


def _in_64_bits(number: int, node: Node) -> int:
    if not -(2**63) <= number < 2**63:
        raise node.mismatch("an integer of at most 64 bits")
    return number


def _unquote(applies: bool, text: str) -> str:  # noqa: FBT001 - a condition, not a switch
    return f"write {text} without quotes" if applies else ""
