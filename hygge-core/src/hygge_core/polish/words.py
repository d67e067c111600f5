"""Cleaning one column name: its words found and joined anew."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygge_core.polish.config import Case, ColumnsConfig


def clean(name: str, config: ColumnsConfig) -> str:
    """Clean a name as configured; the result is in Unicode normal form C and may be empty.

    A name that nothing applies to comes back as it is.
    """
    if config.case == "keep" and not config.remove_special and not config.remove_spaces:
        return name
    name = unicodedata.normalize("NFC", name)
    if config.remove_special:
        gap = "" if config.case == "keep" else " "
        name = "".join(char if _plain(char) else gap for char in name)
    if config.remove_spaces and config.case == "keep":
        name = "".join(name.split())
    return unicodedata.normalize("NFC", join(words(name), config.case)) if config.case != "keep" else name


def words(name: str) -> list[str]:
    """Split a name into its words: ``HTTPServerID`` is HTTP, Server, ID.

    Words end at spaces, underscores and hyphens, before a capital that follows a digit or a
    letter other than a capital, and before the last capital of a run that a small letter
    follows.  Digits belong to the word before them.  Scripts without case are kept whole.
    """
    parts = "".join(" " if char in "_-" else char for char in name).split()
    return [word for part in parts for word in _humps(part)]


def join(parts: list[str], case: Case) -> str:
    """Join words as ``snake_case``, ``PascalCase`` or ``camelCase``."""
    if case == "snake":
        return "_".join(part.lower() for part in parts)
    capitalised = [part.capitalize() for part in parts]
    if case == "camel":
        capitalised[:1] = [part.lower() for part in parts[:1]]
    return "".join(capitalised)


def _humps(part: str) -> Iterator[str]:
    start = 0
    for at in range(1, len(part)):
        before, char, after = part[at - 1], part[at], part[at + 1 : at + 2]
        if _capital(char) and _letter(before) and (not _capital(before) or after.islower()):
            yield part[start:at]
            start = at
    yield part[start:]


def _capital(char: str) -> bool:
    return char.lower() != char


def _letter(char: str) -> bool:
    return unicodedata.category(char)[0] in "LMN"


def _plain(char: str) -> bool:
    return _letter(char) or char == "_" or char.isspace()
