"""The kinds of columns that can be a watermark, and their values as exact, ordered numbers.

Every value is counted in the smallest step of its column: an integer as it is, a decimal
in units of its last digit, a date in days, a time in its own unit.  Those numbers compare,
subtract and go through Polars without any rounding.  Binary and text are themselves.
"""

from __future__ import annotations

import re
from functools import cache, partial
from typing import TYPE_CHECKING, Literal

from attrs import frozen

from hygge_core.watermark import moments


if TYPE_CHECKING:
    from collections.abc import Callable


Ordinal = int | bytes | str
Name = Literal["number", "date", "time", "datetime", "binary", "string"]

_INTEGER = re.compile(r"(u?)int(8|16|32|64|128)")
_DECIMAL = re.compile(r"decimal\((\d+), (\d+)\)")
_DATETIME = re.compile(r"datetime\[(ms|us|ns)(?:, (.+))?\]")
_DIGITS = re.compile(r"([+-]?)(\d+)(?:\.(\d+))?")
_YEAR_1, _YEAR_9999 = moments.read_day("0001-01-01"), moments.read_day("9999-12-31")


@frozen(kw_only=True)
class Kind:
    """How the values of one dtype are read, written and counted.

    ``read`` and ``write`` raise `ValueError` for what the dtype cannot hold.  ``steps`` is how many
    make a second, or one whole number; None where nothing can be subtracted.  ``lowest`` and
    ``highest`` belong to the dtype.
    """

    name: Name
    read: Callable[[str], Ordinal]
    write: Callable[[Ordinal], str]
    steps: int | None = None
    lowest: int = 0
    highest: int = 0
    zoned: bool = False


@cache
def kind_of(dtype: str) -> Kind:
    """Find the kind of a dtype in its text form. Raises `ValueError` with the reason why there is none."""
    if dtype in _PLAIN:
        return _PLAIN[dtype]
    if found := _INTEGER.fullmatch(dtype):
        return _integer(unsigned=bool(found[1]), bits=int(found[2]))
    if found := _DECIMAL.fullmatch(dtype):
        return _decimal(precision=int(found[1]), scale=int(found[2]))
    if found := _DATETIME.fullmatch(dtype):
        return _datetime(found[1], zoned=bool(found[2]))
    raise ValueError(f"a column of {dtype} cannot be a watermark: {_reason(dtype)}")


def _reason(dtype: str) -> str:
    if dtype.startswith("float"):
        return "floats are rounded, so a bound may miss the rows at it"
    if dtype == "boolean":
        return "it has only two values"
    return "it has no order that a source and hygge agree on"


def _number(  # noqa: PLR0913 - what makes a kind of numbers
    name: Name,
    read: Callable[[str], int],
    write: Callable[[int], str],
    *,
    low: int,
    high: int,
    steps: int = 1,
    zoned: bool = False,
) -> Kind:
    def checked(text: str) -> int:
        number = read(text)
        if not low <= number <= high:
            raise ValueError(f"{text!r} is beyond what the column can hold ({write(low)} to {write(high)})")
        return number

    def written(ordinal: Ordinal) -> str:
        assert isinstance(ordinal, int)  # noqa: S101 - by construction, for the type checker
        return write(ordinal)

    return Kind(name=name, read=checked, write=written, steps=steps, lowest=low, highest=high, zoned=zoned)


def _integer(*, unsigned: bool, bits: int) -> Kind:
    low, high = (0, 2**bits - 1) if unsigned else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    return _number("number", partial(_fixed, scale=0), str, low=low, high=high)


def _decimal(*, precision: int, scale: int) -> Kind:
    high = 10**precision - 1
    write = partial(_fixed_text, scale=scale)
    return _number("number", partial(_fixed, scale=scale), write, low=-high, high=high, steps=10**scale)


def _datetime(unit: str, *, zoned: bool) -> Kind:
    steps = moments.STEPS[unit]
    day = moments.DAY_SECONDS * steps
    read = partial(moments.read_moment, steps=steps, zoned=zoned)
    write = partial(moments.write_moment, steps=steps, zoned=zoned)
    low, high = max(_YEAR_1 * day, -(2**63)), min((_YEAR_9999 + 1) * day - 1, 2**63 - 1)
    return _number("datetime", read, write, low=low, high=high, steps=steps, zoned=zoned)


def _fixed(text: str, *, scale: int) -> int:
    """Read a number as units of its last digit after the point."""
    found = _DIGITS.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not a number such as {_fixed_text(12 * 10**scale, scale=scale)}")
    fraction = (found[3] or "").rstrip("0")
    if len(fraction) > scale:
        raise ValueError(f"{text!r} has more digits than the column keeps")
    return int(f"{found[1]}{found[2]}{fraction.ljust(scale, '0')}")


def _fixed_text(number: int, *, scale: int) -> str:
    if scale == 0:
        return str(number)
    whole, fraction = divmod(abs(number), 10**scale)
    return f"{'-' if number < 0 else ''}{whole}.{fraction:0{scale}}"


def _hexadecimal(ordinal: Ordinal) -> str:
    assert isinstance(ordinal, bytes)  # noqa: S101 - by construction, for the type checker
    return ordinal.hex()


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text.removeprefix("0x").removeprefix("0X"))
    except ValueError as error:
        raise ValueError(f"{text!r} is not binary written in hexadecimal digits, such as 0x00000000000007d1") from error


_PLAIN = {
    "date": _number("date", moments.read_day, moments.write_day, low=_YEAR_1, high=_YEAR_9999),
    "time": _number(
        "time",
        partial(moments.read_clock, steps=moments.STEPS["ns"]),
        partial(moments.write_clock, steps=moments.STEPS["ns"]),
        low=0,
        high=moments.DAY_SECONDS * moments.STEPS["ns"] - 1,
        steps=moments.STEPS["ns"],
    ),
    "binary": Kind(name="binary", read=_bytes, write=_hexadecimal),
    "string": Kind(name="string", read=str, write=str),
}
