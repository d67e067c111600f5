"""The serialization of hierarchyid: paths of numbers from 0 to 5199; others are refused.

Each number is a prefix that says its range, its bits among fixed ones, and a last bit 1 (a dotted part would have 0).
The shape of the bits is documented in [MS-SSCLRT] 2.1.1 as OrdPath.
"""

from __future__ import annotations

from tds.contract import SqlError


_PATTERNS = (
    (0, "01xx"),
    (4, "100xx"),
    (8, "101xxx"),
    (16, "110xx0x1xxx"),
    (80, "1110xxx0xxx0x1xxx"),
    (1104, "11110xxxxx0xxx0x1xxx"),
)


def read(text: str) -> bytes:
    """Read a path such as ``/1/2/``. Raises `SqlError` 6522 as the CLR does."""
    parts = text.split("/")
    if parts[0] or parts[-1] or (len(parts) > 2 and not all(part.isdecimal() for part in parts[1:-1])):
        raise SqlError(6522, f"HierarchyIdException 24001: the input string '{text}' is not a valid hierarchyid.")
    bits = "".join(_bits(int(part)) + "1" for part in parts[1:-1])
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8))


def _bits(number: int) -> str:
    for low, pattern in reversed(_PATTERNS):
        if number >= low:
            rest = iter(f"{number - low:0{pattern.count('x')}b}")
            found = "".join(next(rest) if sign == "x" else sign for sign in pattern)
            if any(True for _ in rest):
                break
            return found
    raise SqlError(40000, f"this server does not know how a hierarchyid holds {number}")


def written(data: bytes) -> str:
    """Write the path that bytes hold."""
    bits = "".join(f"{byte:08b}" for byte in data)
    path = "/"
    while "1" in bits:
        number, bits = _number(bits)
        path += f"{number}/"
    return path


def _number(bits: str) -> tuple[int, str]:
    for low, pattern in _PATTERNS:
        here = bits[: len(pattern)]
        if len(here) == len(pattern) and all(sign in {"x", bit} for sign, bit in zip(pattern, here, strict=True)):
            if bits[len(pattern)] != "1":
                break
            number = int("".join(bit for sign, bit in zip(pattern, here, strict=True) if sign == "x"), 2)
            return low + number, bits[len(pattern) + 1 :]
    raise SqlError(40000, "this server knows only hierarchyids of whole numbers from 0 to 5199")
