"""Parsing JSON lines strictly: what Polars would read otherwise, or not at all, is a fault of the line."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NoReturn

import polars as pl
from attrs import field, frozen

from hygge_home_files.chunks import chunks
from hygge_home_files.faults import shown


if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO


_LONGEST_LINE = 256 << 20

_UNUSUAL = r"[0-9]{19}|[eE]\+?[0-9]{3}|\\u[dD][89a-fA-F]"
"""Numbers that may not fit and halves of surrogate pairs: lines that are looked at value by value."""

_KEY = r"\"\s*:"
"""The end of a key. A line where it comes as often as its object has keys holds no key twice."""


@frozen(kw_only=True)
class Line:
    """One line that is not blank: its number (1-based), its bytes, and its object or what is wrong with it.

    An ``unusual`` line is looked at value by value, however many like it came before.
    """

    number: int
    raw: bytes
    value: dict[str, Any] = field(factory=dict)
    fault: str = ""
    unusual: bool = False


class Parser:
    """Parses lines; numbers with a point become `Decimal` if ``exact``, else floats."""

    def __init__(self, *, exact: bool) -> None:
        number = Decimal if exact else None
        self._quick = json.JSONDecoder(parse_float=number, parse_constant=_refuse_constant)
        self._unique = json.JSONDecoder(object_pairs_hook=_refuse_twins)

    def chunks(self, stream: BinaryIO) -> Iterator[list[Line]]:
        """Yield the lines that are not blank, some at a time."""
        numbered = enumerate(iter(lambda: stream.readline(_LONGEST_LINE + 1), b""), start=1)
        for chunk in chunks(numbered, lambda item: len(item[1])):
            texts = pl.Series([raw.decode(errors="replace") for _, raw in chunk], dtype=pl.String)
            unusual, keys = texts.str.contains(_UNUSUAL), texts.str.count_matches(_KEY)
            yield [
                self._line(number, raw, unusual=odd, keys=count)
                for (number, raw), odd, count in zip(chunk, unusual, keys, strict=True)
                if raw.strip()
            ]

    def _line(self, number: int, raw: bytes, *, unusual: bool, keys: int) -> Line:
        raw = raw if raw.endswith(b"\n") else raw + b"\n"
        if len(raw) > _LONGEST_LINE:
            return Line(number=number, raw=raw, fault=f"the line is longer than {_LONGEST_LINE:,} bytes")
        try:
            text = raw.decode()
            value = self._quick.decode(text)
            if isinstance(value, dict) and len(value) != keys:
                self._unique.decode(text)
        except (ValueError, RecursionError) as error:
            return Line(number=number, raw=raw, fault=f"the line is not JSON: {error}")
        if not isinstance(value, dict):
            return Line(number=number, raw=raw, fault=f"the line is not a JSON object but {shown(value)}")
        fault = _unusual_fault(value) if unusual else ""
        return Line(number=number, raw=raw, value=value, fault=fault, unusual=unusual)


def _refuse_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        message = f"an object has a key twice, of the keys {', '.join(repr(name) for name, _ in pairs[:5])}"
        raise ValueError(message)
    return value


def _refuse_constant(word: str) -> NoReturn:
    message = f"{word} is not a JSON number"
    raise ValueError(message)


def _unusual_fault(value: dict[str, Any]) -> str:
    """Say what Polars would get wrong in an unusual line, if anything."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=float)
        text.encode()
    except UnicodeEncodeError:
        return "the line holds half of a surrogate pair, which is no character"
    return "the line holds a number too large for float64" if "Infinity" in text else ""
