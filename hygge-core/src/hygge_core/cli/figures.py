"""Numbers as people like to read them."""

from __future__ import annotations


_KIB = 1024
_UNITS = ("KiB", "MiB", "GiB", "TiB")
_MINUTE = 60
_HOUR = 60 * _MINUTE


def count(number: int, one: str, many: str = "") -> str:
    """Write ``1 row`` or ``1,234 rows``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def size(octets: float) -> str:
    """Write a size in the binary unit that suits it: ``512 B``, ``12.3 MiB``."""
    if octets < _KIB:
        return f"{octets:.0f} B"
    power = next((power for power in range(1, len(_UNITS)) if octets < _KIB ** (power + 1)), len(_UNITS))
    return f"{octets / _KIB**power:,.1f} {_UNITS[power - 1]}"


def duration(seconds: float) -> str:
    """Write ``0.8s``, ``3m 05s`` or ``1h 02m``."""
    whole = round(seconds)
    if whole < _MINUTE:
        return f"{seconds:.1f}s"
    if whole < _HOUR:
        return f"{whole // _MINUTE}m {whole % _MINUTE:02}s"
    return f"{whole // _HOUR:,}h {whole % _HOUR // _MINUTE:02}m"


def rate(rows: int, seconds: float) -> str:
    """Write ``83,333 rows/s``; nothing where there is nothing to divide."""
    return f"{rows / seconds:,.0f} rows/s" if rows and seconds > 0 else ""
