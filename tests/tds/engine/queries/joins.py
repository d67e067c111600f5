"""Joins: by equal values where the condition says so, else every row with every row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve

from tds.contract import SqlError
from tds.engine.expressions.compiling import compiled, condition
from tds.engine.expressions.conditions import comparable, keyed
from tds.engine.expressions.scope import Field
from tds.engine.queries.plan import Reading
from tds.engine.syntax import tree


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tds.engine.expressions.compiled import Row
    from tds.engine.expressions.scope import Scope

    Reader = Callable[[tree.Source, Scope], Reading]
    Key = Callable[[Row], Any]


def joined(join: tree.Join, scope: Scope, reading: Reader) -> Reading:
    """Make a join ready to read."""
    left = reading(join.left, scope)
    if join.kind.endswith("APPLY"):
        return _applied(join, left, scope, reading)
    right = reading(join.right, scope)
    if left.encoded or right.encoded:
        raise SqlError(40000, "this server does not join a table of rows that are encoded already")
    fields = _fields(join.kind, left, right)
    inside = scope.with_fields(fields)
    test = None if join.on is None else condition(join.on, inside)
    keys = _equal_keys(join.on, scope.with_fields(left.fields), scope.with_fields(right.fields))

    def rows() -> Iterator[Row]:
        inside.frame.row = ()
        return _matched(join.kind, left, right, test, keys)

    return Reading(fields, rows)


def _fields(kind: str, left: Reading, right: Reading) -> tuple[Field, ...]:
    """Return the fields of both; those of a side that may be missing may be NULL."""
    first = _maybe(left.fields) if kind in {"RIGHT", "FULL"} else left.fields
    second = _maybe(right.fields) if kind in {"LEFT", "FULL", "OUTER APPLY"} else right.fields
    return first + second


def _maybe(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    return tuple(Field(one.source, evolve(one.column, nullable=True)) for one in fields)


def _matched(kind: str, left: Reading, right: Reading, test: Any, keys: tuple[Key, Key] | None) -> Iterator[Row]:
    others = list(right.rows())
    by_key = None if keys is None else _by_key(others, keys[1])
    found_right: set[int] = set()
    for row in left.rows():
        if by_key is None or keys is None:
            candidates: Any = range(len(others))
        else:
            candidates = by_key.get(keys[0](row), ())
        matched = False
        for at in candidates:
            pair = row + others[at]
            if test is None or test(pair):
                matched = True
                found_right.add(at)
                yield pair
        if not matched and kind in {"LEFT", "FULL"}:
            yield row + (None,) * len(right.fields)
    if kind in {"RIGHT", "FULL"}:
        yield from ((None,) * len(left.fields) + row for at, row in enumerate(others) if at not in found_right)


def _by_key(rows: list[Row], key: Key) -> dict[Any, list[int]]:
    found: dict[Any, list[int]] = {}
    for at, row in enumerate(rows):
        value = key(row)
        if None not in value:
            found.setdefault(value, []).append(at)
    return found


def _equal_keys(on: tree.Expression | None, left: Scope, right: Scope) -> tuple[Key, Key] | None:
    """Find the equalities of a condition between one side and the other."""
    pairs = [pair for part in _conjuncts(on) if (pair := _pair(part, left, right)) is not None]
    if not pairs:
        return None
    firsts, seconds = [one for one, _ in pairs], [other for _, other in pairs]
    return (lambda row: tuple(run(row) for run in firsts)), (lambda row: tuple(run(row) for run in seconds))


def _conjuncts(on: tree.Expression | None) -> Iterator[tree.Expression]:
    if isinstance(on, tree.Binary) and on.sign == "AND":
        yield from _conjuncts(on.left)
        yield from _conjuncts(on.right)
    elif on is not None:
        yield on


def _pair(part: tree.Expression, left: Scope, right: Scope) -> tuple[Key, Key] | None:
    if not isinstance(part, tree.Binary) or part.sign != "=":
        return None
    names = (part.left, part.right)
    if not all(isinstance(name, tree.Name) for name in names):
        return None
    for one, other in (names, names[::-1]):
        if _only_in(one, left, right) and _only_in(other, right, left):
            first, second = compiled(one, left), compiled(other, right)
            type_ = comparable(first, second)
            return keyed(first, type_)[0].run, keyed(second, type_)[0].run
    return None


def _only_in(name: Any, here: Scope, there: Scope) -> bool:
    return len(here.places(name.parts)) == 1 and not there.places(name.parts)


def _applied(join: tree.Join, left: Reading, scope: Scope, reading: Reader) -> Reading:
    """Read the right side anew for each row of the left one, which it may name."""
    outer = evolve(scope.with_fields(left.fields), outer=scope.outer)
    right = reading(join.right, outer.inner() if not isinstance(join.right, tree.Derived) else outer)
    if isinstance(join.right, tree.Join):
        raise SqlError(40000, "this server does not know APPLY of a join")
    fields = _fields(join.kind, left, right)

    def rows() -> Iterator[Row]:
        for row in left.rows():
            outer.frame.row = row
            found = list(right.rows())
            yield from (row + other for other in found)
            if not found and join.kind == "OUTER APPLY":
                yield row + (None,) * len(right.fields)

    return Reading(fields, rows)
