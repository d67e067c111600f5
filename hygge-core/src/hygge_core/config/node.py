"""Values of a configuration that know where they are written.

A whole project is read into such nodes first.  Merging and overriding then keep the
origin of each value by themselves, and every later error can say file, line and key.
"""

from __future__ import annotations

import json
import re
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from attrs import frozen

from hygge_core.errors import Problem


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType

    from hygge_core.config.lines import Path


Scalar = str | int | float | bool | datetime | date | time
_BARE = re.compile(r"[A-Za-z0-9_-]+")
LONGEST_SHOWN = 40
"""Longer texts are described in messages, not quoted."""


class Invalid(Exception):
    """A value cannot be used. Without problems when what is wrong with it was said already.

    ``wanted`` names what would have fitted.  Never leaves this package; what users meet is `ConfigError`.
    """

    def __init__(self, problems: Iterable[Problem] = (), *, wanted: str = "") -> None:
        self.problems = tuple(problems)
        self.wanted = wanted
        super().__init__(*map(str, self.problems))


class Problems:
    """Gathers what is wrong, so that one mistake does not hide the next.

    As a context it takes the problems of an `Invalid` raised inside, and goes on after it.
    """

    def __init__(self) -> None:
        self.found: list[Problem] = []
        self.failed = False

    def add(self, *problems: Problem) -> None:
        """Take problems in."""
        self.failed = self.failed or bool(problems)
        self.found.extend(problems)

    def settle(self) -> None:
        """Raise `Invalid` with everything gathered, if anything was."""
        if self.failed:
            raise Invalid(self.found)

    def __enter__(self) -> None:
        return None

    def __exit__(self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None) -> bool:
        if isinstance(error, Invalid):
            self.failed = True
            self.found.extend(error.problems)
            return True
        return False


@frozen(kw_only=True)
class Place:
    """Where something is written: a file or an option of the command line, a line (0 for none), a dotted key."""

    file: str
    line: int = 0
    key: str = ""

    def under(self, name: str) -> Place:
        """Place a key that is not there: at the table that should hold it."""
        return Place(file=self.file, line=self.line, key=dotted((name,), after=self.key))

    def problem(self, what: str, fix: str = "") -> Problem:
        """Say what is wrong here."""
        return Problem(file=self.file, line=self.line, key=self.key, what=what, fix=fix)

    def invalid(self, what: str, fix: str = "") -> Invalid:
        """Say what is wrong here, to be raised."""
        return Invalid([self.problem(what, fix)])


@frozen(kw_only=True)
class Node:
    """One value and its place.

    ``variables`` names the environment variables that the text came from, and ``whole`` says
    that it is nothing but one of them.  ``known`` is False where a problem was already
    reported and nothing more can be said.
    """

    value: dict[str, Node] | list[Node] | Scalar
    place: Place
    variables: tuple[str, ...] = ()
    whole: bool = False
    known: bool = True

    @property
    def table(self) -> dict[str, Node]:
        """The keys of a table. Raises `Invalid` for anything else."""
        if not isinstance(self.value, dict):
            raise self.mismatch("a table")
        return self.value

    @property
    def items(self) -> list[Node]:
        """The elements of an array. Raises `Invalid` for anything else."""
        if not isinstance(self.value, list):
            raise self.mismatch("an array", "put it in brackets: [...]" if isinstance(self.value, str) else "")
        return self.value

    @property
    def shown(self) -> str:
        """The value in words, without what the environment holds."""
        if self.variables:
            return "the value of " + " and ".join(f"${{{name}}}" for name in self.variables)
        return _in_words(self.value)

    def mismatch(self, wanted: str, fix: str = "") -> Invalid:
        """Say that something else belongs here. Nothing more about a value that is already reported."""
        if not self.known:
            return Invalid()
        return Invalid([self.place.problem(f"must be {wanted}, not {self.shown}", fix)], wanted=wanted)

    def plain(self) -> Any:
        """Return the value as ordinary Python data."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


def build(value: Any, place_of: Callable[[Path], Place], path: Path = ()) -> Node:
    """Make nodes of parsed TOML; ``place_of`` tells where the value at a path is written."""
    inner: Any = value
    if isinstance(value, dict):
        inner = {key: build(item, place_of, (*path, key)) for key, item in value.items()}
    elif isinstance(value, list):
        inner = [build(item, place_of, (*path, index)) for index, item in enumerate(value)]
    return Node(value=inner, place=place_of(path))


def dotted(path: Path, *, after: str = "") -> str:
    """Write a path as it would be written in TOML, with indexes in brackets: ``flows.erp.entities[2].name``."""
    text = after
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            word = step if _BARE.fullmatch(step) else json.dumps(step, ensure_ascii=False)
            text += f".{word}" if text else word
    return text


def _in_words(value: object) -> str:
    match value:
        case dict():
            return "a table"
        case list():
            return "an array"
        case bool():
            kind, text = "boolean", str(value).lower()
        case str():
            kind, text = "string", json.dumps(value, ensure_ascii=False)
        case _:
            kind = {int: "integer", float: "float"}.get(type(value), type(value).__name__)
            text = str(value)
    return f"the {kind} {text}" if len(text) <= LONGEST_SHOWN else f"a long {kind}"
