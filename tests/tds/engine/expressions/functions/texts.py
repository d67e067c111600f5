"""Functions of texts and bytes."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from attrs import evolve

from tds.contract import MAX, SqlError, SqlType
from tds.engine.expressions.compiled import Compiled, constant, of_values
from tds.engine.expressions.conditions import collation_of
from tds.engine.values.casting import casting
from tds.engine.values.collations import encoding
from tds.engine.values.families import family, is_national
from tds.engine.values.texts import units


if TYPE_CHECKING:
    from collections.abc import Callable


INT = SqlType("int")


def as_text(part: Compiled) -> Compiled:
    """Make a text of a value where a text is wanted."""
    if family(part.type) == "text":
        return part
    target = SqlType("varchar", length=8000)
    return of_values(target, casting(part.type, target), part)


def _varying(type_: SqlType) -> SqlType:
    return evolve(type_, name=type_.name.replace("nchar", "nvarchar") if type_.name == "nchar" else
                  "varchar" if type_.name == "char" else type_.name)  # fmt: skip


def _same(function: Callable[..., str]) -> Callable[..., Compiled]:
    """Make a function whose result is as long as its first argument may be."""

    def build(of: Compiled, *others: Compiled) -> Compiled:
        of = as_text(of)
        return of_values(_varying(of.type), function, of, *others)

    return build


def _length(of: Compiled) -> Compiled:
    of = as_text(of)
    kind = SqlType("bigint") if of.type.length == MAX else INT
    return of_values(kind, lambda text: units(text.rstrip(" ")), of)


def _data_length(of: Compiled) -> Compiled:
    kind = SqlType("bigint") if of.type.length == MAX else INT
    return of_values(kind, lambda value: _bytes(value, of.type), of)


def _bytes(value: Any, type_: SqlType) -> int:
    if family(type_) == "text":
        return units(value) * 2 if is_national(type_) else len(value.encode(encoding(type_.collation), "replace"))
    if isinstance(value, bytes):
        return len(value)
    sizes = {"bit": 1, "tinyint": 1, "smallint": 2, "int": 4, "bigint": 8, "real": 4, "float": 8, "money": 8,
             "smallmoney": 4, "uniqueidentifier": 16, "date": 3, "datetime": 8, "smalldatetime": 4}  # fmt: skip
    if type_.name not in sizes:
        raise SqlError(40000, f"this server does not know the DATALENGTH of {type_.name}")
    return sizes[type_.name]


def _substring(of: Compiled, start: Compiled, length: Compiled) -> Compiled:
    def cut(text: Any, first: int, count: int) -> Any:
        if count < 0:
            raise SqlError(537, "Invalid length parameter passed to the substring function.")
        return text[max(first - 1, 0) : max(first - 1 + count, 0)]

    if family(of.type) == "binary":
        return of_values(SqlType("varbinary", length=of.type.length or 8), cut, of, start, length)
    return _same(cut)(of, start, length)


def _charindex(wanted: Compiled, text: Compiled, start: Compiled | None = None) -> Compiled:
    wanted, text = as_text(wanted), as_text(text)
    binary = "_CS" in (name := (collation_of((wanted, text)) or "_CI").upper()) or "_BIN" in name
    fold = (lambda value: value) if binary else str.lower

    def find(one: str, other: str, first: int = 1) -> int:
        return fold(other).find(fold(one), max(first - 1, 0)) + 1

    return of_values(INT, find, wanted, text, *(() if start is None else (start,)))


def _replace(of: Compiled, old: Compiled, new: Compiled) -> Compiled:
    of, old, new = as_text(of), as_text(old), as_text(new)
    name = (collation_of((of, old)) or "_CI").upper()

    def replaced(text: str, one: str, other: str) -> str:
        if not one:
            return text
        if "_CS" in name or "_BIN" in name:
            return text.replace(one, other)
        found, low = "", text.lower()
        at = 0
        while (place := low.find(one.lower(), at)) >= 0:
            found += text[at:place] + other
            at = place + len(one)
        return found + text[at:]

    length = 4000 if is_national(of.type) else 8000
    return of_values(evolve(_varying(of.type), length=MAX if of.type.length == MAX else length), replaced, of, old, new)


def _concat(*parts: Compiled) -> Compiled:
    texts = [as_text(part) for part in parts]
    name = "nvarchar" if any(is_national(part.type) for part in texts) else "varchar"
    longest = MAX if any(part.type.length == MAX for part in texts) else {"nvarchar": 4000, "varchar": 8000}[name]
    runs = [part.run for part in texts]
    type_ = SqlType(name, length=longest, collation=collation_of(texts))
    return Compiled(
        type=type_, run=lambda row: "".join(run(row) or "" for run in runs), nullable=False,
        constant=all(part.constant for part in parts),
    )  # fmt: skip


def _replicate(of: Compiled, times: Compiled) -> Compiled:
    of = as_text(of)
    limit = 4000 if is_national(of.type) else 8000

    def repeated(text: str, count: int) -> str | None:
        if count < 0:
            return None
        return text * count if of.type.length == MAX else (text * count)[:limit]

    return of_values(evolve(_varying(of.type), length=MAX if of.type.length == MAX else limit), repeated, of, times,
                     nullable=True)  # fmt: skip


def _quoted(of: Compiled, sign: Compiled | None = None) -> Compiled:
    def quoted(text: str, quote: str = "[") -> str:
        closing = {"[": "]", "(": ")", "<": ">", "{": "}"}.get(quote, quote)
        return f"{quote}{text.replace(closing, closing * 2)}{closing}"

    return of_values(SqlType("nvarchar", length=258), quoted, as_text(of), *(() if sign is None else (sign,)))


def _hash(algorithm: Compiled, of: Compiled) -> Compiled:
    name = {"SHA2_256": "sha256", "SHA2_512": "sha512", "SHA1": "sha1", "SHA": "sha1", "MD5": "md5"}.get(
        str(algorithm.value()).upper()
    )
    if name is None:
        return constant(SqlType("varbinary", length=8000), None)
    to_bytes = casting(of.type, SqlType("varbinary", length=MAX))
    return of_values(SqlType("varbinary", length=8000), lambda value: hashlib.new(name, to_bytes(value)).digest(), of)


def _left(text: str, count: int) -> str:
    return text[: max(count, 0)]


def _right(text: str, count: int) -> str:
    return text[-count:] if count > 0 else ""


def _part_of_name(of: Compiled, place: Compiled) -> Compiled:
    from tds.engine.syntax.sources import name_parts
    from tds.engine.syntax.tokens import Tokens

    def part(text: str, number: int) -> str | None:
        parts = name_parts(Tokens.of(text))
        return parts[-number] if 0 < number <= len(parts) else None

    return of_values(SqlType("nvarchar", length=128), part, of, place, nullable=True)


def _code(of: Compiled) -> Compiled:
    return of_values(INT, lambda text: ord(text[0]) if text else None, as_text(of), nullable=True)


def _national_char(of: Compiled) -> Compiled:
    return of_values(SqlType("nvarchar", length=2), chr, of, nullable=True)


def _char(of: Compiled) -> Compiled:
    def char(code: int) -> str | None:
        return bytes([code]).decode(encoding(None), "replace") if 0 <= code < 256 else None

    return of_values(SqlType("char", length=1), char, of, nullable=True)


FUNCTIONS: dict[str, Callable[..., Compiled]] = {
    "LEN": _length, "DATALENGTH": _data_length, "UPPER": _same(str.upper), "LOWER": _same(str.lower),
    "LTRIM": _same(lambda text: text.lstrip(" ")), "RTRIM": _same(lambda text: text.rstrip(" ")),
    "TRIM": _same(lambda text: text.strip(" ")), "LEFT": _same(_left), "RIGHT": _same(_right),
    "SUBSTRING": _substring, "CHARINDEX": _charindex, "REPLACE": _replace, "CONCAT": _concat,
    "REPLICATE": _replicate, "SPACE": lambda of: _replicate(constant(SqlType("varchar", length=1), " "), of),
    "REVERSE": _same(lambda text: text[::-1]), "QUOTENAME": _quoted, "HASHBYTES": _hash, "PARSENAME": _part_of_name,
    "ASCII": _code, "UNICODE": _code, "CHAR": _char, "NCHAR": _national_char,
}  # fmt: skip
