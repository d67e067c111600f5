"""What collations say: which texts are equal, which comes first, which code page holds them.

Texts are compared by letters first, then accents, then case, as far as the collation minds them. That agrees with a
server on letters and digits; a server's weights of punctuation and symbols are not known here.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tds.contract import DEFAULT_COLLATION, SqlError


if TYPE_CHECKING:
    from collections.abc import Callable


_KNOWN = re.compile(
    r"(SQL_)?[A-Za-z0-9]+(_[A-Za-z0-9]+)*?(_(CI|CS)_(AI|AS)(_KS)?(_WS)?(_VSS)?(_SC)?(_UTF8)?|_BIN2?(_UTF8)?)$"
)
_CODE_PAGES = {
    "Polish": 1250, "Czech": 1250, "Hungarian": 1250, "Croatian": 1250, "CP1250": 1250, "Cyrillic": 1251,
    "CP1251": 1251, "Ukrainian": 1251, "Greek": 1253, "CP1253": 1253, "Turkish": 1254, "CP1254": 1254, "Hebrew": 1255,
    "CP1255": 1255, "Arabic": 1256, "CP1256": 1256, "Estonian": 1257, "Latvian": 1257, "Lithuanian": 1257,
    "CP1257": 1257, "Vietnamese": 1258, "Thai": 874, "Japanese": 932, "Chinese_PRC": 936, "Korean": 949,
    "Chinese_Taiwan": 950, "CP437": 437, "CP850": 850,
}  # fmt: skip


def check_collation(name: str) -> None:
    """Raise `SqlError` for a name that cannot be a collation's."""
    if not _KNOWN.match(name):
        raise SqlError(448, f"Invalid collation '{name}'.")


@lru_cache(maxsize=64)
def encoding(name: str | None) -> str:
    """Return the encoding of a collation's varchar, by Python's name."""
    name = name or DEFAULT_COLLATION
    if name.upper().endswith("_UTF8"):
        return "utf-8"
    pages = (page for part, page in _CODE_PAGES.items() if part.lower() in name.lower())
    return f"cp{next(pages, 1252)}"


def _letters(text: str) -> str:
    plain = text if text.isascii() else "".join(c for c in unicodedata.normalize("NFD", text) if not _is_mark(c))
    return plain.casefold()


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) == "Mn"


def _folded(text: str) -> str:
    return text.casefold() if text.isascii() else unicodedata.normalize("NFD", text).casefold()


@lru_cache(maxsize=64)
def text_key(name: str | None) -> Callable[[str], Any]:
    """Return what texts of a collation are compared by; spaces at the end never count."""
    upper = (name or DEFAULT_COLLATION).upper()
    if "_BIN" in upper:
        # UTF-16 code units, as _BIN2 compares; surrogates sort before U+E000 there, which Python's text does not
        return lambda text: text.rstrip(" ").encode("utf-16-be", "surrogatepass")
    minds_case, minds_accents = "_CS" in upper, "_AI" not in upper
    if minds_case and minds_accents:
        return lambda text: (_letters(kept := text.rstrip(" ")), _folded(kept), kept.swapcase())
    if minds_case:
        return lambda text: (_letters(kept := text.rstrip(" ")), kept.swapcase())
    if minds_accents:
        return _without_case
    return lambda text: _letters(text.rstrip(" "))


def _without_case(text: str) -> Any:
    kept = text.rstrip(" ")
    return (kept.casefold(), "") if kept.isascii() else (_letters(kept), _folded(kept))
