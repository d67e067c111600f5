"""GROUP BY and aggregates: rows of a group become one row of its keys and totals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve, fields, frozen, has

from tds.contract import Column
from tds.engine.expressions.aggregates import aggregate
from tds.engine.expressions.compiling import AGGREGATES, compiled
from tds.engine.expressions.scope import at
from tds.engine.syntax import tree
from tds.engine.values.ordering import nulls_first


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tds.engine.expressions.aggregates import Aggregate
    from tds.engine.expressions.compiled import Compiled, Row
    from tds.engine.expressions.scope import Scope


@frozen
class Grouped:
    """The scope of what stands beside a GROUP BY, and what makes groups of rows."""

    scope: Scope
    rows: Callable[[Iterable[Row]], Iterator[Row]]


def parts_of(node: Any, kind: type) -> Iterator[Any]:
    """Yield the parts of one kind inside of an expression, not those of queries inside of it."""
    if isinstance(node, kind):
        yield node
    if isinstance(node, tuple):
        for one in node:
            yield from parts_of(one, kind)
    elif has(type(node)) and not isinstance(node, tree.Query):
        for one in fields(type(node)):
            yield from parts_of(getattr(node, one.name), kind)


def aggregates_in(nodes: Iterable[Any]) -> tuple[tree.Call, ...]:
    """Return the aggregates of expressions, each once; those with OVER are none, but what is inside of them may be."""
    found: dict[tree.Call, None] = {}
    for node in nodes:
        over = {window.call for window in parts_of(node, tree.Window)}
        for call in parts_of(node, tree.Call):
            if call.name in AGGREGATES and call not in over:
                found[call] = None
    return tuple(found)


def grouped(groups: tuple[tree.Expression, ...], calls: tuple[tree.Call, ...], scope: Scope) -> Grouped:
    """Make groups and aggregates ready to run."""
    keys = [compiled(node, scope) for node in groups]
    totals = [_total(call, scope) for call in calls]
    places = [at(place, Column("", key.type, nullable=key.nullable)) for place, key in enumerate(keys)]
    places = [evolve(place, source=key.source) for place, key in zip(places, keys, strict=True)]
    known = dict(zip(groups, places, strict=True))
    for place, (call, (total, _)) in enumerate(zip(calls, totals, strict=True), len(keys)):
        known[call] = at(place, Column("", total.type, nullable=total.nullable))
    positions = {key.position: place for key, place in zip(keys, places, strict=True) if key.position is not None}
    inside = evolve(scope, known=known, positions=positions, grouped=True)
    return Grouped(inside, lambda rows: _grouped(rows, keys, totals))


def _total(call: tree.Call, scope: Scope) -> tuple[Aggregate, Callable[[Row], Any]]:
    arguments = [compiled(argument, scope) for argument in call.arguments if not isinstance(argument, tree.Star)]
    run = arguments[0].run if arguments else lambda _: True
    return aggregate(call.name, arguments, distinct=call.distinct), run


def _grouped(rows: Iterable[Row], keys: list[Compiled], totals: list[Any]) -> Iterator[Row]:
    if not keys:
        yield _totals(list(rows), totals)
        return
    makers = [(key.run, nulls_first(key.type)) for key in keys]
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(make(run(row)) for run, make in makers), []).append(row)
    for members in groups.values():
        first = members[0]
        yield tuple(key.run(first) for key in keys) + _totals(members, totals)


def _totals(rows: list[Row], totals: list[tuple[Aggregate, Callable[[Row], Any]]]) -> Row:
    return tuple(total.of([value for row in rows if (value := run(row)) is not None]) for total, run in totals)
