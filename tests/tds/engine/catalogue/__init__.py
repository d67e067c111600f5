"""The catalogue: the views of sys and INFORMATION_SCHEMA, made of what there is when they are read."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from tds.contract import Column, SqlError
from tds.engine.catalogue import functions, information, objects, servers, storage, tracking
from tds.engine.queries.plan import Plan
from tds.engine.syntax.tokens import Tokens
from tds.engine.syntax.types import type_of


if TYPE_CHECKING:
    from collections.abc import Sequence

    from tds.engine.expressions.compiled import Compiled

_VIEWS = {**objects.VIEWS, **storage.VIEWS, **servers.VIEWS, **tracking.VIEWS, **information.VIEWS}


@cache
def columns_of(spec: str) -> tuple[Column, ...]:
    """Read columns written as ``name type, name type``; a name that ends with ``!`` is never NULL."""
    tokens, found = Tokens.of(spec), []
    while tokens.next.kind != "end":
        name = tokens.name()
        type_ = type_of(tokens, length=1)
        found.append(Column(name, type_, nullable=not tokens.accept("NOT", "NULL")))
        tokens.accept(",")
    return tuple(found)


def catalogue_view(context: Any, parts: tuple[str, ...]) -> Plan | None:
    """Plan a view of the catalogue, None when there is none by this name, or this server was told to lack it."""
    database, schema, name = context.place(parts)
    if len(parts) == 1:
        schema = "sys" if name.lower() == "sysobjects" else schema
    found = _VIEWS.get(f"{schema.lower()}.{name.lower()}")
    if found is None or name.lower() in context.server.lacks:
        return None
    spec, rows = found
    return Plan(columns_of(spec), lambda: iter(list(rows(context, database))))


def catalogue_function(context: Any, parts: tuple[str, ...], arguments: Sequence[Compiled]) -> Plan:
    """Plan a function of the catalogue that gives rows. Raises `SqlError` 208 for one that is not known."""
    _, schema, name = context.place(parts)
    found = functions.FUNCTIONS.get(f"{schema.lower()}.{name.lower()}")
    if found is None or name.lower() in context.server.lacks:
        raise SqlError(208, f"Invalid object name '{'.'.join(parts)}'.")
    spec, rows = found
    return Plan(columns_of(spec), lambda: iter(list(rows(context, *(argument.run(()) for argument in arguments)))))
