"""Functions of numbers, and those that choose among values."""

from __future__ import annotations

import math
import uuid
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from attrs import evolve

from tds.contract import SqlError, SqlType
from tds.engine.expressions.compiled import Compiled, folded, of_values
from tds.engine.values.casting import casting
from tds.engine.values.families import family
from tds.engine.values.numbers import WIDE


if TYPE_CHECKING:
    from collections.abc import Callable

    from tds.engine.expressions.compiled import Row


def cast_to(part: Compiled, type_: SqlType) -> Compiled:
    """Bring a value to a type, if it has another."""
    return part if part.type == type_ else of_values(type_, casting(part.type, type_), part)


def chosen_type(parts: tuple[Compiled, ...]) -> SqlType:
    """Return the type of an expression that gives one of several values."""
    if all(part.type.name == "null" for part in parts):
        return SqlType("int")
    found = parts[0].type
    for part in parts:
        found = comparable_quietly(found, part)
    return found


def comparable_quietly(type_: SqlType, part: Compiled) -> SqlType:
    """Return what a type and a value's have in common, whether or not their values compare."""
    from tds.engine.values.families import common

    found = common(type_, part.type)
    if family(found) == "text":
        return evolve(found, collation=type_.collation or part.type.collation)
    return found


def coalesce(*parts: Compiled) -> Compiled:
    """Return the first value that is not NULL."""
    type_ = chosen_type(parts)
    runs = [cast_to(part, type_).run for part in parts]

    def run(row: Row) -> Any:
        for one in runs:
            value = one(row)
            if value is not None:
                return value
        return None

    return folded(Compiled(type=type_, run=run, nullable=all(part.nullable for part in parts)), *parts)


def _is_null(of: Compiled, other: Compiled) -> Compiled:
    """ISNULL gives the type of its first argument, which cuts the second."""
    type_ = of.type if of.type.name != "null" else other.type
    first, second = cast_to(of, type_).run, cast_to(other, type_).run

    def run(row: Row) -> Any:
        value = first(row)
        return second(row) if value is None else value

    return folded(Compiled(type=type_, run=run, nullable=of.nullable and other.nullable), of, other)


def _whole(rounding: str) -> Callable[[Compiled], Compiled]:
    def build(of: Compiled) -> Compiled:
        if family(of.type) == "integer":
            return of
        if family(of.type) == "float":
            function: Any = math.ceil if rounding == ROUND_CEILING else math.floor
            return of_values(SqlType("float"), lambda value: float(function(value)), of)
        type_ = of.type if of.type.precision is None else evolve(of.type, scale=0)
        return of_values(type_, lambda value: value.to_integral_value(rounding, WIDE), of)

    return build


def _round(of: Compiled, places: Compiled, cuts: Compiled | None = None) -> Compiled:
    rounding = ROUND_DOWN if cuts is not None and cuts.value() else ROUND_HALF_UP

    def rounded(value: Any, digits: int) -> Any:
        found = Decimal(value).quantize(Decimal(1).scaleb(-digits), rounding, WIDE)
        if isinstance(value, Decimal):
            return (
                found.quantize(value, rounding, WIDE)
                if found.as_tuple().exponent > value.as_tuple().exponent
                else found
            )  # type: ignore[operator]
        return type(value)(found)

    return of_values(of.type, rounded, of, places)


def _abs(of: Compiled) -> Compiled:
    return of_values(of.type, abs, of)


def _sign(of: Compiled) -> Compiled:
    return of_values(of.type, lambda value: type(value)((value > 0) - (value < 0)), of)


def _power(of: Compiled, exponent: Compiled) -> Compiled:
    cast = casting(SqlType("float"), of.type) if of.type.name != "float" else float

    def power(value: Any, by: Any) -> Any:
        if family(of.type) == "integer" and isinstance(by, int) and by >= 0:
            return casting(of.type, of.type)(value**by)
        return cast(math.pow(float(value), float(by)))

    return of_values(of.type, power, of, exponent)


def _sqrt(of: Compiled) -> Compiled:
    def root(value: Any) -> float:
        if value < 0:
            raise SqlError(3623, "An invalid floating point operation occurred.")
        return math.sqrt(value)

    return of_values(SqlType("float"), root, of)


def _new_id() -> Compiled:
    return Compiled(type=SqlType("uniqueidentifier"), run=lambda _: uuid.uuid4(), nullable=False)


FUNCTIONS: dict[str, Callable[..., Compiled]] = {
    "COALESCE": coalesce, "ISNULL": _is_null, "ABS": _abs, "CEILING": _whole(ROUND_CEILING),
    "FLOOR": _whole(ROUND_FLOOR), "ROUND": _round, "SIGN": _sign, "POWER": _power, "SQRT": _sqrt, "NEWID": _new_id,
}  # fmt: skip
