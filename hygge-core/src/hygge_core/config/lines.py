"""Where each key of a TOML document is written.

TOML parsers keep no positions, and an error without a line sends people searching.  This
walks over a document that is already known to be valid, and notes the line of each key
and of each element of an array.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

import tomli


if TYPE_CHECKING:
    from collections.abc import Mapping


Path = tuple[str | int, ...]
"""The way to a value: keys of tables, indexes of arrays from 0."""

_SPACE = re.compile(r"[ \t]*")
_BLANK = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_KEY = re.compile(r""" "(?:[^"\\]|\\.)*" | '[^']*' | [^\s.=\[\]{}"'\#,]+ """, re.VERBOSE)
_STRING = re.compile(
    r''' """(?:\\.|[^\\])*?"{3,5} | \'\'\'.*?'{3,5} | "(?:\\.|[^"\\])*" | '[^']*' ''',
    re.VERBOSE | re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}#\n]+")


def line_index(text: str) -> Mapping[Path, int]:
    """Map every key and array element of a valid document to its line, counted from 1.

    A table is where its header is, or where it is first mentioned if it has none; an array
    of tables is where its first header is.  The document itself, ``()``, is line 1.
    """
    return _Walk(text.replace("\r\n", "\n")).document()


class _Walk:
    """One walk over a document; ``at`` is the offset reached."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.written: dict[Path, int] = {}
        self.mentioned: dict[Path, int] = {(): 1}
        self.counts: dict[Path, int] = {}

    def document(self) -> Mapping[Path, int]:
        table: Path = ()
        self.skip(_BLANK)
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self.header()
            else:
                self.pair(table)
            self.skip(_BLANK)
        return self.mentioned | self.written

    def header(self) -> Path:
        line = self.line
        brackets = 2 if self.text.startswith("[[", self.at) else 1
        self.at += brackets
        *parents, last = self.key()
        self.at += brackets
        path: Path = ()
        for name in parents:
            path = self.latest((*path, name))
        path = (*path, last)
        self.note(path, line)
        if brackets == 1:
            return path
        self.counts[path] = self.counts.get(path, 0) + 1
        path = self.latest(path)
        self.note(path, line)
        return path

    def latest(self, path: Path) -> Path:
        """Step into the newest element if the path is an array of tables."""
        return (*path, self.counts[path] - 1) if path in self.counts else path

    def pair(self, table: Path) -> None:
        line = self.line
        path = (*table, *self.key())
        self.note(path, line)
        self.at += 1  # the equals sign
        self.skip(_SPACE)
        self.value(path)

    def value(self, path: Path) -> None:
        opening = self.text[self.at]
        if opening == "[":
            self.array(path)
        elif opening == "{":
            self.inline_table(path)
        else:
            self.skip(_STRING if opening in "\"'" else _SCALAR)

    def array(self, path: Path) -> None:
        index = 0
        self.step()
        while self.text[self.at] != "]":
            element = (*path, index)
            self.note(element, self.line)
            self.value(element)
            self.next_item()
            index += 1
        self.at += 1

    def inline_table(self, path: Path) -> None:
        self.step()
        while self.text[self.at] != "}":
            self.pair(path)
            self.next_item()
        self.at += 1

    def next_item(self) -> None:
        self.skip(_BLANK)
        if self.text[self.at] == ",":
            self.step()

    def step(self) -> None:
        """Go over one bracket or comma, and what is blank after it."""
        self.at += 1
        self.skip(_BLANK)

    def key(self) -> tuple[str, ...]:
        names = [self.name()]
        while self.text[self.at] == ".":
            self.at += 1
            names.append(self.name())
        return tuple(names)

    def name(self) -> str:
        self.skip(_SPACE)
        start = self.at
        self.skip(_KEY)
        written = self.text[start : self.at]
        self.skip(_SPACE)
        return next(iter(tomli.loads(f"{written} = 0"))) if written[0] in "\"'" else written

    def note(self, path: Path, line: int) -> None:
        self.written.setdefault(path, line)
        for end in range(1, len(path)):
            self.mentioned.setdefault(path[:end], line)

    def skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.text, self.at)
        if match:
            self.at = match.end()

    @property
    def line(self) -> int:
        return bisect_right(self.starts, self.at)
