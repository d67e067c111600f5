"""What the first result of a batch would look like, found by planning it without running it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tds.contract import SqlError
from tds.engine.queries.planning import planned
from tds.engine.syntax import statements as made
from tds.engine.syntax import tree
from tds.engine.syntax.batch import statements_of
from tds.engine.syntax.tokens import Tokens
from tds.engine.syntax.types import type_of


if TYPE_CHECKING:
    from tds.contract import Column, SqlType
    from tds.engine.steering import Surroundings


def declared(text: str) -> dict[str, SqlType]:
    """Read ``@a int, @b nvarchar(10) OUTPUT``: what a statement's parameters are."""
    tokens, found = Tokens.of(text), {}
    while tokens.next.kind == "variable":
        name = tokens.take().text.lower()
        found[name] = type_of(tokens, length=1)
        tokens.one_of("OUTPUT", "OUT")
        tokens.accept(",")
    return found


def describe(surroundings: Surroundings, sql: str, parameters: dict[str, SqlType]) -> tuple[Column, ...]:
    """Return the columns of the first result of a batch, if it gives one. Raises `SqlError` as running would."""
    from tds.engine.steering import Surroundings as Inner  # steering needs procedures, which need this

    inner = Inner(surroundings.server, surroundings.session, {name: (kind, None) for name, kind in parameters.items()},
                  describing=True)  # fmt: skip
    for statement in statements_of(sql):
        if isinstance(statement, made.Declare):
            inner.variables.update({name.lower(): (kind, None) for name, kind, _ in statement.items})
        if isinstance(statement, made.If | made.While):
            raise SqlError(11513, "The metadata could not be determined because the statement depends on a condition.")
        if isinstance(statement, tree.Query) and not _assigns(statement):
            return _columns(statement, inner)
    return ()


def _assigns(query: tree.Query) -> bool:
    return isinstance(query.body, tree.Select) and any((item.alias or "").startswith("@") for item in query.body.items)


def _columns(query: tree.Query, inner: Surroundings) -> tuple[Column, ...]:
    context = inner.context(inner.begin("READ COMMITTED"))
    context.describing = True
    return planned(query, context, None).columns
