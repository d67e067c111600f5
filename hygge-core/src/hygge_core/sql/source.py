"""What stands after ``FROM``: a table by its quoted name, or the user's query in brackets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hygge_core.template import fill


if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygge_core.sql.dialect import Dialect


_ALIAS = "source"
_BEGINS_WITH = re.compile(r"(?:\s|--[^\n]*\n|/\*.*?\*/)*WITH\b", re.IGNORECASE | re.DOTALL)


def of_table(template: str, dialect: Dialect, *, entity: str, flow: str = "") -> str:
    """Write the name of a table, such as ``dbo.{entity}``, with each of its parts quoted.

    Names are filled into the parts after the name was taken apart: whatever is in them, they
    stay one part, and a dot in an entity does not begin a new one.
    """
    return ".".join(dialect.quote(part) for part in table_parts(template, dialect, entity=entity, flow=flow))


def table_parts(template: str, dialect: Dialect, *, entity: str, flow: str = "") -> tuple[str, ...]:
    """Take the name of a table apart: its parts without quotes, the names filled in. Raises `ValueError`."""
    return tuple(fill(part, entity=entity, flow=flow) for part in _parts(template, dialect))


def check_table(template: str, dialect: Dialect) -> None:
    """Raise `ValueError` for what cannot be the name of a table, for the checks of a configuration."""
    list(_parts(template, dialect))


def of_query(query: str, dialect: Dialect, *, entity: str, flow: str = "") -> str:
    """Put a query in brackets, as it is, to be read like a table.

    ``{entity}`` and ``{flow}`` in it become quoted names.  The closing bracket stands on a line of
    its own, so that a comment at the end of the query does not swallow it.
    """
    names = {name: dialect.quote(value) for name, value in (("entity", entity), ("flow", flow))}
    return f"(\n{fill(query, **names)}\n) AS {dialect.quote(_ALIAS)}"


def check_query(query: str, dialect: Dialect) -> None:
    """Raise `ValueError` for what cannot be put in brackets, for the checks of a configuration."""
    if not query.strip():
        raise ValueError("the query is empty")
    if query.rstrip().endswith(";"):
        raise ValueError("the query ends with a semicolon; leave it out, since the query becomes part of a larger one")
    if not dialect.derives_with and _BEGINS_WITH.match(query):
        raise ValueError(
            "the query begins with WITH, which this database does not take inside of a larger query; "
            "make it a view, or write what WITH names in brackets where it is used"
        )


def _parts(template: str, dialect: Dialect) -> Iterator[str]:
    """Yield what stands between the dots, unquoted."""
    rest = template
    while True:
        part, rest = _part(rest, template, dialect)
        if not part or "\0" in part:
            raise ValueError(f"{template!r} is not the name of a table: a part of it is empty or holds a zero byte")
        yield part
        if not rest:
            return
        if not rest.startswith("."):
            raise ValueError(f"{template!r} is not the name of a table: put a dot after a quoted part")
        rest = rest[1:]


def _part(text: str, template: str, dialect: Dialect) -> tuple[str, str]:
    """Take the first part off, and return it with what is left."""
    for opening, closing in dialect.quotes:
        if text.startswith(opening):
            inside = rf"((?:[^{re.escape(closing)}]|{re.escape(closing * 2)})*){re.escape(closing)}"
            found = re.match(inside, text[1:], re.DOTALL)
            if found is None:
                raise ValueError(f"{template!r} is not the name of a table: the quote {opening} is never closed")
            return found[1].replace(closing * 2, closing), text[1 + found.end() :]
    part, dot, rest = text.partition(".")
    return part, dot + rest
