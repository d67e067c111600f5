"""The types of T-SQL as they are written: synonyms, lengths, precisions, defaults."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tds.contract import MAX, SqlError, SqlType


if TYPE_CHECKING:
    from tds.engine.syntax.tokens import Tokens


PLAIN = {
    "bit", "tinyint", "smallint", "int", "bigint", "real", "money", "smallmoney", "text", "ntext", "image", "xml",
    "timestamp", "uniqueidentifier", "date", "datetime", "smalldatetime", "hierarchyid", "geometry", "geography",
    "sql_variant",
}  # fmt: skip
SIZED = {"char": 8000, "varchar": 8000, "nchar": 4000, "nvarchar": 4000, "binary": 8000, "varbinary": 8000}
SCALED = {"time", "datetime2", "datetimeoffset"}
_SYNONYMS = {
    "integer": "int", "dec": "decimal", "rowversion": "timestamp", "character": "char", "sysname": "nvarchar",
}  # fmt: skip


def type_of(tokens: Tokens, *, length: int = 30) -> SqlType:
    """Read a type; ``length`` is what char and its relatives have when nothing says it: 30 in CAST, 1 elsewhere."""
    tokens.accept("SYS", ".")
    written = tokens.name().lower()
    name = _SYNONYMS.get(written, written)
    if name == "double" and tokens.accept("PRECISION"):
        return SqlType("float")
    if name in {"char", "nchar", "binary"} and tokens.accept("VARYING"):
        name = name.replace("char", "varchar").replace("binary", "varbinary")
    if name in PLAIN:
        return SqlType(name)
    if name in SIZED:
        return SqlType(name, length=128 if written == "sysname" else _length(tokens, name, length))
    if name in {"decimal", "numeric"}:
        return _decimal(tokens, name)
    if name in SCALED:
        return SqlType(name, scale=_scale(tokens))
    if name == "float":
        return _float(tokens)
    raise SqlError(243, f"Type {written} is not a defined system type.")


def _sizes(tokens: Tokens) -> list[int]:
    sizes = []
    if tokens.accept("("):
        sizes.append(tokens.integer())
        while tokens.accept(","):
            sizes.append(tokens.integer())
        tokens.expect(")")
    return sizes


def _length(tokens: Tokens, name: str, missing: int) -> int:
    if tokens.accept("(", "MAX", ")"):
        if not name.startswith(("var", "nvar")):
            tokens.refuse()
        return MAX
    sizes = _sizes(tokens) or [missing]
    if not 1 <= sizes[0] <= SIZED[name]:
        raise SqlError(131, f"The size ({sizes[0]}) given to the type '{name}' exceeds the maximum ({SIZED[name]}).")
    return sizes[0]


def _decimal(tokens: Tokens, name: str) -> SqlType:
    precision, scale = _two(tokens) if tokens.sees("(") else (18, 0)
    if not 1 <= precision <= 38 or not 0 <= scale <= precision:
        raise SqlError(192, "The scale must be less than or equal to the precision.")
    return SqlType(name, precision=precision, scale=scale)


def _two(tokens: Tokens) -> tuple[int, int]:
    sizes = _sizes(tokens)
    return sizes[0], sizes[1] if len(sizes) > 1 else 0


def _scale(tokens: Tokens) -> int:
    (scale, *_) = _sizes(tokens) or [7]
    if not 0 <= scale <= 7:
        raise SqlError(1002, f"Line 1: Specified scale {scale} is invalid.")
    return scale


def _float(tokens: Tokens) -> SqlType:
    (bits, *_) = _sizes(tokens) or [53]
    return SqlType("real" if bits <= 24 else "float")
