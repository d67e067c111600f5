"""Reading one TOML file into nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import tomli

from hygge_core.config.lines import line_index
from hygge_core.config.node import Place, build, dotted


if TYPE_CHECKING:
    from pathlib import Path

    from hygge_core.config.node import Node


_PLAINER = {
    "Cannot overwrite a value": "a key is written twice",
    "Cannot declare twice": "a table is written twice",
}
"""What the parser says of the commonest mistakes, for those who do not write parsers."""


def read_document(path: Path, *, name: str) -> Node:
    """Read a TOML 1.1 file; ``name`` is how messages call it.

    A byte order mark at the start, as some editors leave it, is skipped.  Raises `Invalid` for a file that is
    missing, unreadable, not UTF-8 or not TOML, with the line where that can be known.
    """
    text = _text(path, name)
    try:
        data, index = tomli.loads(text), line_index(text)
    except tomli.TOMLDecodeError as error:
        what = _PLAINER.get(error.msg, error.msg[:1].lower() + error.msg[1:])
        place = Place(file=name, line=error.lineno)
        raise place.invalid(f"not valid TOML: {what} (column {error.colno})") from error
    except ValueError as error:  # Python's own limit on the digits of an integer
        raise Place(file=name).invalid("not valid TOML: an integer has too many digits") from error
    except RecursionError as error:
        raise Place(file=name).invalid("arrays or inline tables are nested too deeply") from error
    return build(data, lambda path: Place(file=name, line=index[path], key=dotted(path)))


def _text(path: Path, name: str) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Place(file=name).invalid(f"cannot be read: {error.strerror or error}") from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise Place(file=name, line=line).invalid("not valid UTF-8", "save the file as UTF-8") from error
