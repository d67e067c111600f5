"""Functions with OVER: numbers, ranks, tiles, neighbours, aggregates, percentiles."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from attrs import frozen

from tds.contract import SqlError, SqlType
from tds.engine.expressions.aggregates import aggregate
from tds.engine.expressions.compiling import AGGREGATES, compiled
from tds.engine.syntax import tree
from tds.engine.values.ordering import nulls_first


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tds.engine.expressions.compiled import Compiled, Row
    from tds.engine.expressions.scope import Scope

_BIGINT = SqlType("bigint")
_FLOAT = SqlType("float")


@frozen(kw_only=True)
class Windowed:
    """A function with OVER: its type, and what it gives each row of all rows."""

    type: SqlType
    over: Callable[[list[Row]], list[Any]]
    nullable: bool = True


def sort_key(orders: Sequence[tree.Ordering], scope: Scope) -> Callable[[list[Row], list[int]], list[int]]:
    """Return what brings places of rows into an order; descending ones keep NULL last."""
    keys = []
    for order in orders:
        by = compiled(order.by, scope)
        keys.append((by.run, nulls_first(by.type), order.descending))

    def ordered(rows: list[Row], places: list[int]) -> list[int]:
        for run, key, descending in reversed(keys):
            values = {place: key(run(rows[place])) for place in places}
            places = sorted(places, key=values.__getitem__, reverse=descending)
        return places

    return ordered


def _identity_of(orders: Sequence[Any], scope: Scope) -> Callable[[Row], tuple[Any, ...]]:
    parts = [compiled(getattr(one, "by", one), scope) for one in orders]
    keys = [(part.run, nulls_first(part.type)) for part in parts]
    return lambda row: tuple(key(run(row)) for run, key in keys)


def windowed(node: tree.Window, scope: Scope) -> Windowed:
    """Make a function with OVER ready to run."""
    order = node.order or node.within
    arrange = sort_key(order, scope)
    group, peer = _identity_of(node.partition, scope), _identity_of(order, scope)
    arguments = [compiled(argument, scope) for argument in node.call.arguments if not isinstance(argument, tree.Star)]
    type_, function = _function(node, arguments)

    def over(rows: list[Row]) -> list[Any]:
        found: list[Any] = [None] * len(rows)
        parts: dict[Any, list[int]] = {}
        for place, row in enumerate(rows):
            parts.setdefault(group(row), []).append(place)
        for places in parts.values():
            ordered = arrange(rows, places)
            peers = [list(same) for _, same in groupby(ordered, key=lambda place: peer(rows[place]))]
            for place, value in zip(ordered, function(rows, ordered, peers), strict=True):
                found[place] = value
        return found

    return Windowed(type=type_, over=over, nullable=node.call.name not in _NEVER_NULL)


_NEVER_NULL = {"ROW_NUMBER", "RANK", "DENSE_RANK", "NTILE", "COUNT", "COUNT_BIG"}


def _function(node: tree.Window, arguments: list[Compiled]) -> tuple[SqlType, Any]:
    name = node.call.name
    if name in AGGREGATES:
        return _aggregate(node, arguments)
    builder = _FUNCTIONS.get(name)
    if builder is None:
        raise SqlError(195, f"'{name}' is not a recognized function (or this server does not know it with OVER).")
    if not (node.order or node.within):
        raise SqlError(4112, f"The function '{name}' must have an OVER clause with ORDER BY.")
    found: tuple[SqlType, Any] = builder(*arguments)
    return found


def _aggregate(node: tree.Window, arguments: list[Compiled]) -> tuple[SqlType, Any]:
    """An aggregate of the whole part, or with ORDER BY of all rows up to this one and its peers."""
    found = aggregate(node.call.name, arguments, distinct=node.call.distinct)
    run = arguments[0].run if arguments else lambda _: True

    def values(rows: list[Row], places: list[int], peers: list[list[int]]) -> list[Any]:
        if not node.order:
            return [found.of([v for p in places if (v := run(rows[p])) is not None])] * len(places)
        seen: list[Any] = []
        given: list[Any] = []
        for same in peers:
            seen.extend(value for place in same if (value := run(rows[place])) is not None)
            given.extend([found.of(seen)] * len(same))
        return given

    return found.type, values


def _row_number() -> Any:
    return _BIGINT, lambda _rows, places, _peers: range(1, len(places) + 1)


def _rank() -> Any:
    def ranks(_rows: Any, _places: Any, peers: list[list[int]]) -> list[int]:
        found: list[int] = []
        for same in peers:
            found.extend([len(found) + 1] * len(same))
        return found

    return _BIGINT, ranks


def _dense_rank() -> Any:
    return _BIGINT, lambda _rows, _places, peers: [at for at, same in enumerate(peers, 1) for _ in same]


def _percent_rank() -> Any:
    _, ranks = _rank()

    def percents(rows: Any, places: list[int], peers: Any) -> list[float]:
        return [(rank - 1) / (len(places) - 1) if len(places) > 1 else 0.0 for rank in ranks(rows, places, peers)]

    return _FLOAT, percents


def _cume_dist() -> Any:
    def shares(_rows: Any, places: list[int], peers: list[list[int]]) -> list[float]:
        found: list[float] = []
        for same in peers:
            found.extend([(len(found) + len(same)) / len(places)] * len(same))
        return found

    return _FLOAT, shares


def _tiles(parts: Compiled) -> Any:
    count = parts.value()

    def tiles(_rows: Any, places: list[int], _peers: Any) -> list[int]:
        size, rest = divmod(len(places), count)
        return [tile + 1 for tile in range(count) for _ in range(size + (tile < rest))]

    return _BIGINT, tiles


def _neighbour(direction: int) -> Any:
    def build(of: Compiled, offset: Compiled | None = None, default: Compiled | None = None) -> Any:
        step = direction * (1 if offset is None else offset.value())

        def values(rows: list[Row], places: list[int], _peers: Any) -> list[Any]:
            missing = None if default is None else default.value()
            wanted = (at + step for at in range(len(places)))
            return [of.run(rows[places[at]]) if 0 <= at < len(places) else missing for at in wanted]

        return of.type, values

    return build


def _first_value(of: Compiled) -> Any:
    return of.type, lambda rows, places, _peers: [of.run(rows[places[0]])] * len(places)


def _percentile(share: Compiled) -> Any:
    raise SqlError(40000, f"this server does not know percentiles ({share.value()}); NTILE and PERCENT_RANK are known")


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "ROW_NUMBER": _row_number, "RANK": _rank, "DENSE_RANK": _dense_rank, "PERCENT_RANK": _percent_rank,
    "CUME_DIST": _cume_dist, "NTILE": _tiles, "LAG": _neighbour(-1), "LEAD": _neighbour(1),
    "FIRST_VALUE": _first_value, "PERCENTILE_DISC": _percentile, "PERCENTILE_CONT": _percentile,
}  # fmt: skip
