"""Conditions: comparisons, AND, OR, NOT, IN, LIKE, and what is unknown because of NULL."""

from __future__ import annotations

import operator
import re
from typing import TYPE_CHECKING, Any

from attrs import evolve

from tds.contract import SqlError, SqlType
from tds.engine.expressions.compiled import Compiled, folded
from tds.engine.values.casting import casting
from tds.engine.values.collations import text_key
from tds.engine.values.families import common, family
from tds.engine.values.ordering import is_itself, key_of


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tds.engine.expressions.compiled import Row

BIT = SqlType("bit")
_SIGNS = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def comparable(*parts: Compiled, sign: str = "=") -> SqlType:
    """Return the type in which values meet, with the collation that counts. Raises `SqlError` 468 and 402."""
    found = parts[0].type
    for part in parts[1:]:
        _check_pair(found, part.type, sign)
        found = common(found, part.type)
    if family(found) == "text":
        return evolve(found, collation=collation_of(parts))
    return found


def _check_pair(left: SqlType, right: SqlType, sign: str) -> None:
    kinds = {family(left), family(right)}
    if kinds in ({"date", "time"}, {"guid", "integer"}, {"date", "integer"}, {"guid", "datetime"}):
        raise SqlError(402, f"The data types {left.name} and {right.name} are incompatible in the {sign} operator.")


def collation_of(parts: Sequence[Compiled]) -> str | None:
    """Return the collation of COLLATE, else that of columns, which must agree, else that of constants."""
    for chosen in (
        {part.type.collation for part in parts if part.explicit},
        {part.type.collation for part in parts if part.type.collation and not part.constant},
        {part.type.collation for part in parts if part.type.collation},
    ):
        if len(chosen) > 1:
            first, second, *_ = sorted(str(name) for name in chosen)
            raise SqlError(
                468,
                f'Cannot resolve the collation conflict between "{first}" and "{second}" in the equal to operation.',
            )
        if chosen:
            return chosen.pop()
    return None


def keyed(part: Compiled, type_: SqlType) -> tuple[Compiled, bool]:
    """Return an expression that gives the comparison key of a value, and whether that is the value itself."""
    key = key_of(type_)
    same = _same_values(part.type, type_)
    if same and is_itself(key):
        return part, True
    cast = None if same else casting(part.type, type_)
    run = part.run

    def keys(row: Row) -> Any:
        value = run(row)
        if value is None:
            return None
        return key(value if cast is None else cast(value))

    return folded(evolve(part, run=keys), part), False


def _same_values(source: SqlType, target: SqlType) -> bool:
    """Say whether values need no cast to be compared: their form is the same and nothing is rounded."""
    if family(source) in {"integer", "decimal"} and family(target) in {"integer", "decimal"}:
        return True
    return family(source) == family(target) and source.name != "null"


def compare(sign: str, left: Compiled, right: Compiled) -> Compiled:
    """Compare two values."""
    type_ = comparable(left, right, sign=sign)
    if type_.name == "null":
        return Compiled(type=BIT, run=lambda _: None, constant=True)
    (first, _), (second, _) = keyed(left, type_), keyed(right, type_)
    one, other, holds = first.run, second.run, _SIGNS[sign]
    if second.constant:
        return folded(_against(one, second, holds, left), first, second)

    def run(row: Row) -> bool | None:
        a, b = one(row), other(row)
        return None if a is None or b is None else holds(a, b)

    return folded(Compiled(type=BIT, run=run, nullable=left.nullable or right.nullable), first, second)


def _against(one: Callable[[Row], Any], second: Compiled, holds: Callable[..., Any], left: Compiled) -> Compiled:
    """Compare with a constant, which is looked at once, when the first row comes."""
    limit: list[Any] = []

    def run(row: Row) -> bool | None:
        if not limit:
            limit.append(second.run(()))
        value = one(row)
        return None if value is None or limit[0] is None else holds(value, limit[0])

    return Compiled(type=BIT, run=run, nullable=left.nullable or second.nullable)


def both(left: Compiled, right: Compiled) -> Compiled:
    """Join conditions by AND."""
    one, other = left.run, right.run

    def run(row: Row) -> bool | None:
        a = one(row)
        if a is False:
            return False
        b = other(row)
        return False if b is False else None if a is None or b is None else True

    return Compiled(type=BIT, run=run, constant=left.constant and right.constant)


def either(left: Compiled, right: Compiled) -> Compiled:
    """Join conditions by OR."""
    one, other = left.run, right.run

    def run(row: Row) -> bool | None:
        a = one(row)
        if a is True:
            return True
        b = other(row)
        return True if b is True else None if a is None or b is None else False

    return Compiled(type=BIT, run=run, constant=left.constant and right.constant)


def negated(of: Compiled) -> Compiled:
    """Turn a condition around; unknown stays unknown."""
    inner = of.run

    def run(row: Row) -> bool | None:
        value = inner(row)
        return None if value is None else not value

    return evolve(of, type=BIT, run=run, position=None, source=None)


def is_null(of: Compiled) -> Compiled:
    """Test for NULL."""
    inner = of.run
    return evolve(of, type=BIT, run=lambda row: inner(row) is None, nullable=False, position=None, source=None)


def in_list(of: Compiled, values: Sequence[Compiled]) -> Compiled:
    """Test whether a value is one of others."""
    found = compare("=", of, values[0])
    for value in values[1:]:
        found = either(found, compare("=", of, value))
    return found


def in_rows(of: Compiled, inner: Compiled, rows: Callable[[Row], Sequence[Any]]) -> Compiled:
    """Test whether a value is among those that a query gives for a row."""
    type_ = comparable(of, inner)
    key = key_of(type_)
    left, _ = keyed(of, type_)
    cast = casting(inner.type, type_)

    def run(row: Row) -> bool | None:
        value, found = left.run(row), rows(row)
        if value is None:
            return None if found else False
        if any(one is not None and key(cast(one)) == value for one in found):
            return True
        return None if None in found else False

    return Compiled(type=BIT, run=run)


def like(of: Compiled, pattern: Compiled, escape: Compiled | None) -> Compiled:
    """Test a text against a pattern of ``%``, ``_``, ``[a-z]`` and ``[^a-z]``."""
    if family(pattern.type) not in {"text", "null"} or family(of.type) not in {"text", "null"}:
        raise SqlError(40000, "this server knows LIKE only for texts")
    name = (collation_of((of, pattern)) or "_CI").upper()
    flags = re.DOTALL if "_CS" in name or "_BIN" in name else re.DOTALL | re.IGNORECASE
    sign = escape.value() if escape is not None else None
    text_key(name)

    def run(row: Row) -> bool | None:
        value, wanted = of.run(row), pattern.run(row)
        if value is None or wanted is None:
            return None
        return re.fullmatch(_regex(wanted, sign), value.rstrip(" ") if wanted[-1:] != " " else value, flags) is not None

    return folded(Compiled(type=BIT, run=run), of, pattern)


def _regex(pattern: str, escape: str | None) -> str:
    found, at = "", 0
    while at < len(pattern):
        sign = pattern[at]
        if sign == escape and at + 1 < len(pattern):
            at += 1
            found += re.escape(pattern[at])
        elif sign == "[" and "]" in pattern[at + 2 :]:
            end = pattern.index("]", at + 2)
            inside = pattern[at + 1 : end].replace("\\", "\\\\").replace("[", "\\[")
            found += f"[{inside}]"
            at = end
        else:
            found += {"%": ".*", "_": "."}.get(sign, re.escape(sign))
        at += 1
    return found
