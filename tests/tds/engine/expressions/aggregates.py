"""Aggregates: what they give, and how they take one value after the other."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from tds.contract import MAX, SqlError, SqlType
from tds.engine.expressions.arithmetic import divided
from tds.engine.values.families import INTEGERS, digits, exact, family
from tds.engine.values.numbers import WIDE, fitted, overflow
from tds.engine.values.ordering import key_of


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tds.engine.expressions.compiled import Compiled


@frozen
class Aggregate:
    """An aggregate: its type, and its value for the values of a group, NULL left out."""

    type: SqlType
    of: Callable[[list[Any]], Any]
    nullable: bool = True


def aggregate(name: str, arguments: Sequence[Compiled], *, distinct: bool) -> Aggregate:
    """Return an aggregate for the type of its argument; without one it counts rows."""
    if name in {"COUNT", "COUNT_BIG"}:
        found = Aggregate(SqlType("int" if name == "COUNT" else "bigint"), len, nullable=False)
    elif name == "STRING_AGG":
        found = _string_agg(arguments)
    else:
        found = _KINDS[name](arguments[0].type)
    if not distinct:
        return found
    key, inner = key_of(arguments[0].type), found.of
    return evolve(found, of=lambda values: inner(list({key(value): value for value in values}.values())))


def _minimum(type_: SqlType) -> Aggregate:
    key = key_of(type_)
    return Aggregate(type_, lambda values: min(values, key=key) if values else None)


def _maximum(type_: SqlType) -> Aggregate:
    key = key_of(type_)
    return Aggregate(type_, lambda values: max(values, key=key) if values else None)


def _sum(type_: SqlType) -> Aggregate:
    target = _sum_type(type_, "sum")
    return Aggregate(target, lambda values: _added(values, target) if values else None)


def _sum_type(type_: SqlType, name: str) -> SqlType:
    kind = family(type_)
    if kind not in {"integer", "decimal", "float"} or type_.name == "bit":
        raise SqlError(8117, f"Operand data type {type_.name} is invalid for {name} operator.")
    if kind == "integer":
        return SqlType("bigint" if type_.name == "bigint" else "int")
    if kind == "float":
        return SqlType("float")
    return SqlType("money") if type_.precision is None else SqlType("decimal", precision=38, scale=type_.scale)


def _added(values: list[Any], type_: SqlType) -> Any:
    if family(type_) == "decimal":
        total = Decimal(0)
        for value in values:
            total = WIDE.add(total, value)
        return fitted(total, type_)
    found = sum(values)
    if family(type_) == "integer":
        low, high = INTEGERS[type_.name]
        if not low <= found <= high:
            raise overflow("expression", type_)
    return found


def _average(type_: SqlType) -> Aggregate:
    target = _sum_type(type_, "avg")
    if target.precision is not None:
        scale = digits(type_)[1]
        total, target = target, exact(38, max(scale, 6), "decimal")
        return Aggregate(target, lambda values: fitted(WIDE.divide(_added(values, total), Decimal(len(values))), target)
                         if values else None)  # fmt: skip
    return Aggregate(target, lambda values: _mean(values, target) if values else None)


def _mean(values: list[Any], type_: SqlType) -> Any:
    total = _added(values, type_)
    if family(type_) == "integer":
        return divided(total, len(values))
    if family(type_) == "decimal":
        return fitted(WIDE.divide(total, Decimal(len(values))), type_)
    return total / len(values)


def _string_agg(arguments: Sequence[Compiled]) -> Aggregate:
    of, separator = arguments
    if family(of.type) != "text":
        raise SqlError(40000, "this server knows STRING_AGG only of texts")
    national = of.type.name.startswith("n")
    length = MAX if of.type.length == MAX else 4000 if national else 8000
    type_ = SqlType("nvarchar" if national else "varchar", length=length, collation=of.type.collation)
    sign = separator.value() or ""
    return Aggregate(type_, lambda values: sign.join(values) if values else None)


_KINDS = {"MIN": _minimum, "MAX": _maximum, "SUM": _sum, "AVG": _average}
