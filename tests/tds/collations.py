"""Collations: their five bytes on the wire, and the code page of their varchar."""

from __future__ import annotations

import struct
from functools import cache
from typing import NamedTuple


LANGUAGES = {  # the names that collations begin with: language identifier and code page
    "Latin1_General": (0x0409, "cp1252"),
    "SQL_Latin1_General": (0x0409, "cp1252"),
    "Danish_Norwegian": (0x0406, "cp1252"),
    "Danish_Greenlandic": (0x0406, "cp1252"),
    "Finnish_Swedish": (0x040B, "cp1252"),
    "French": (0x040C, "cp1252"),
    "Modern_Spanish": (0x0C0A, "cp1252"),
    "Polish": (0x0415, "cp1250"),
    "Czech": (0x0405, "cp1250"),
    "Hungarian": (0x040E, "cp1250"),
    "Cyrillic_General": (0x0419, "cp1251"),
    "Ukrainian": (0x0422, "cp1251"),
    "Greek": (0x0408, "cp1253"),
    "Turkish": (0x041F, "cp1254"),
    "Hebrew": (0x040D, "cp1255"),
    "Arabic": (0x0401, "cp1256"),
    "Lithuanian": (0x0427, "cp1257"),
    "Vietnamese": (0x042A, "cp1258"),
    "Thai": (0x041E, "cp874"),
    "Japanese": (0x0411, "cp932"),
    "Chinese_PRC": (0x0804, "cp936"),
    "Korean_Wansung": (0x0412, "cp949"),
    "Chinese_Taiwan_Stroke": (0x0404, "cp950"),
}
SORT_ORDERS = {  # collations from before Windows had them: sort order and code page
    "SQL_Latin1_General_CP1_CI_AS": (52, "cp1252"),
    "SQL_Latin1_General_CP1_CS_AS": (51, "cp1252"),
    "SQL_Latin1_General_CP850_CI_AS": (42, "cp850"),
    "SQL_Latin1_General_CP850_BIN": (40, "cp850"),
    "SQL_Latin1_General_CP437_CI_AS": (32, "cp437"),
}
IGNORE_CASE, IGNORE_ACCENT, IGNORE_KANA, IGNORE_WIDTH, BINARY, BINARY2, UTF8 = (1 << bit for bit in range(7))


class Collation(NamedTuple):
    """What the wire needs of a collation."""

    data: bytes
    codec: str


@cache
def collation(name: str) -> Collation:
    """Return the bytes and the codec of a collation by its T-SQL name; `LookupError` for one that is not known here."""
    language, codec = next((known for start, known in LANGUAGES.items() if name.startswith(start + "_")), (None, ""))
    if language is None:
        raise LookupError(f"the test server does not know the collation {name!r}")
    sort_order, codec = SORT_ORDERS.get(name, (0, codec))
    parts = name.split("_")
    codec = "utf-8" if "UTF8" in parts else codec
    bits = language | _flags(parts) << 20 | _version(parts) << 28
    return Collation(struct.pack("<IB", bits, sort_order), codec)


@cache
def codec_of(data: bytes) -> str:
    """Return the codec of the five bytes that a client sends with a parameter."""
    bits, sort_order = struct.unpack("<IB", data)
    if bits >> 20 & UTF8:
        return "utf-8"
    by_sort_order = dict(SORT_ORDERS.values())
    if sort_order:
        return by_sort_order.get(sort_order, "cp1252")
    return dict(LANGUAGES.values()).get(bits & 0xFFFFF, "cp1252")


def _flags(parts: list[str]) -> int:
    if "BIN2" in parts or "BIN" in parts:
        flags = BINARY2 if "BIN2" in parts else BINARY
    else:
        flags = IGNORE_CASE if "CI" in parts else 0
        flags |= IGNORE_ACCENT if "AI" in parts else 0
        flags |= 0 if "KS" in parts else IGNORE_KANA
        flags |= 0 if "WS" in parts else IGNORE_WIDTH
    return flags | (UTF8 if "UTF8" in parts else 0)


def _version(parts: list[str]) -> int:
    return next((version for mark, version in (("90", 1), ("100", 2), ("140", 3)) if mark in parts), 0)
