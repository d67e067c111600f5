"""Arithmetic with the result types of T-SQL, and texts joined by +."""

from __future__ import annotations

import operator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from attrs import evolve

from tds.contract import MAX, TICKS_PER_DAY, SqlError, SqlType
from tds.engine.expressions.compiled import of_values
from tds.engine.expressions.conditions import collation_of
from tds.engine.values.casting import casting
from tds.engine.values.families import INTEGERS, common, digits, exact, family
from tds.engine.values.numbers import WIDE, fitted, overflow
from tds.engine.values.texts import fit_text


if TYPE_CHECKING:
    from collections.abc import Callable

    from tds.engine.expressions.compiled import Compiled


_NAMES = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "%": "modulo"}
_BITS = {"&": operator.and_, "|": operator.or_, "^": operator.xor}


def computed(sign: str, left: Compiled, right: Compiled) -> Compiled:  # noqa: PLR0911 - one for each kind of values
    """Join two values by a sign."""
    kinds = {family(left.type), family(right.type)} - {"null"}
    if not kinds:
        return of_values(SqlType("int"), lambda *_: None, left, right, nullable=True)
    if kinds == {"text"} and sign == "+":
        return _joined(left, right)
    if kinds == {"binary"} and sign == "+":
        return _joined_bytes(left, right)
    if kinds <= {"datetime", "integer"} and "datetime" in kinds and sign in {"+", "-"}:
        return _moved(sign, left, right)
    type_ = common(left.type, right.type)
    kind = family(type_)
    if kind == "integer":
        return _integers(sign, type_, left, right)
    if sign in _BITS:
        raise SqlError(
            402, f"The data types {left.type.name} and {right.type.name} are incompatible in the {sign} operator."
        )
    if kind == "decimal":
        return _decimals(sign, type_, left, right)
    if kind == "float":
        return _floats(sign, type_, left, right)
    if len(kinds) > 1 and kinds <= {"date", "time", "datetime", "instant", "integer", "decimal"}:
        raise SqlError(206, f"Operand type clash: {left.type.name} is incompatible with {right.type.name}")
    raise SqlError(8117, f"Operand data type {type_.name} is invalid for {_NAMES[sign]} operator.")


def _cast(part: Compiled, type_: SqlType) -> Compiled:
    return part if part.type == type_ else of_values(type_, casting(part.type, type_), part)


def _joined(left: Compiled, right: Compiled) -> Compiled:
    type_ = common(left.type, right.type)
    lengths = [part.type.length or 0 for part in (left, right) if part.type.name != "null"]
    limit = 4000 if type_.name.startswith("n") else 8000
    length = MAX if MAX in lengths else min(sum(lengths), limit)
    name = {"char": "varchar", "nchar": "nvarchar"}.get(type_.name, type_.name)
    type_ = SqlType(name, length=max(length, MAX), collation=collation_of((left, right)))
    return of_values(type_, lambda a, b: fit_text(a + b, type_), left, right)


def _joined_bytes(left: Compiled, right: Compiled) -> Compiled:
    lengths = [part.type.length or 8 for part in (left, right) if part.type.name != "null"]
    length = MAX if MAX in lengths else min(sum(lengths), 8000)
    return of_values(SqlType("varbinary", length=length), operator.add, left, right)


def _moved(sign: str, left: Compiled, right: Compiled) -> Compiled:
    """Add days to a datetime, which the newer types refuse."""
    moment = left if family(left.type) == "datetime" else right
    if moment.type.name == "datetime2" or family(right.type) == "datetime":
        raise SqlError(206, f"Operand type clash: {left.type.name} is incompatible with {right.type.name}")
    step = TICKS_PER_DAY if sign == "+" else -TICKS_PER_DAY
    return of_values(moment.type, lambda ticks, days: ticks + step * days, left, right)


def _integers(sign: str, type_: SqlType, left: Compiled, right: Compiled) -> Compiled:
    if type_.name == "bit" and sign not in _BITS:
        raise SqlError(8117, f"Operand data type bit is invalid for {_NAMES[sign]} operator.")
    left, right = (_cast(part, type_) for part in (left, right))
    low, high = INTEGERS[type_.name]
    function = _BITS.get(sign) or _WHOLE[sign]

    def checked(a: int, b: int) -> int:
        found = function(a, b)
        if not low <= found <= high:
            raise overflow("expression", type_)
        return found

    return of_values(type_, checked, left, right)


def divided(a: int, b: int) -> int:
    """Divide integers, towards zero."""
    if b == 0:
        raise SqlError(8134, "Divide by zero error encountered.")
    found = abs(a) // abs(b)
    return -found if (a < 0) != (b < 0) else found


_WHOLE: dict[str, Callable[[int, int], int]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": divided, "%": lambda a, b: a - b * divided(a, b),
}  # fmt: skip


def _decimals(sign: str, type_: SqlType, left: Compiled, right: Compiled) -> Compiled:
    target = type_ if type_.name in {"money", "smallmoney"} else _exact_type(sign, _digits(left), _digits(right))
    function = _EXACT[sign]

    def run(a: Any, b: Any) -> Decimal:
        return fitted(function(Decimal(a), Decimal(b)), target, "numeric")

    return of_values(target, run, left, right)


def _digits(part: Compiled) -> tuple[int, int]:
    """Return precision and scale; an integer constant is as wide as it is written."""
    if part.constant and family(part.type) == "integer" and isinstance(value := part.value(), int):
        return len(str(abs(value))), 0
    return digits(part.type) if family(part.type) != "null" else (1, 0)


def _exact_type(sign: str, left: tuple[int, int], right: tuple[int, int]) -> SqlType:
    (p1, s1), (p2, s2) = left, right
    scale = max(s1, s2)
    if sign in {"+", "-"}:
        whole = max(p1 - s1, p2 - s2)
        return SqlType("numeric", precision=min(scale + whole + 1, 38), scale=min(scale, 38 - whole))
    if sign == "*":
        return exact(p1 + p2 + 1, s1 + s2)
    if sign == "/":
        scale = max(6, s1 + p2 + 1)
        return exact(p1 - s1 + s2 + scale, scale)
    return exact(min(p1 - s1, p2 - s2) + scale, scale)


def _exactly_divided(a: Decimal, b: Decimal) -> Decimal:
    if not b:
        raise SqlError(8134, "Divide by zero error encountered.")
    return WIDE.divide(a, b)


def _remainder(a: Decimal, b: Decimal) -> Decimal:
    if not b:
        raise SqlError(8134, "Divide by zero error encountered.")
    return WIDE.remainder(a, b)


_EXACT: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": WIDE.add, "-": WIDE.subtract, "*": WIDE.multiply, "/": _exactly_divided, "%": _remainder,
}  # fmt: skip


def _floats(sign: str, type_: SqlType, left: Compiled, right: Compiled) -> Compiled:
    if sign == "%":
        raise SqlError(402, "The data types float and float are incompatible in the modulo operator.")
    function: Callable[[float, float], float] = {
        "+": operator.add, "-": operator.sub, "*": operator.mul, "/": _float_divided,
    }[sign]  # fmt: skip
    narrow = casting(SqlType("float"), type_)
    return of_values(type_, lambda a, b: narrow(function(float(a), float(b))), left, right)


def _float_divided(a: float, b: float) -> float:
    if not b:
        raise SqlError(8134, "Divide by zero error encountered.")
    return a / b


def negative(of: Compiled) -> Compiled:
    """Change the sign of a number."""
    if of.type.name == "tinyint":
        of = evolve(of, type=SqlType("smallint"))
    if family(of.type) not in {"integer", "decimal", "float"}:
        raise SqlError(8117, f"Operand data type {of.type.name} is invalid for minus operator.")
    return of_values(of.type, lambda value: -value, of)
