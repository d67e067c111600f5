"""Values made into text, and text fitted to a type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tds.contract import MAX, SqlError
from tds.engine.values import times
from tds.engine.values.collations import encoding
from tds.engine.values.families import INTEGERS, digits, family, is_national
from tds.engine.values.hierarchy import written as hierarchy_written


if TYPE_CHECKING:
    from tds.contract import SqlType


def to_text(value: Any, source: SqlType, target: SqlType, style: int | None) -> str:  # noqa: PLR0911 - one for each family
    """Write a value as text in one of T-SQL's styles; None is the one that CAST has."""
    kind = family(source)
    if kind == "integer":
        return _fits_number(str(int(value)), target, source)
    if kind == "decimal":
        return _fits_number(_decimal(value, source, style), target, source)
    if kind == "float":
        return _fits_number(_float(value, source, style), target, source)
    if kind == "binary":
        return _binary(value, target, style)
    if kind == "guid":
        return _fits_number(str(value).upper(), target, source)
    if kind == "hierarchyid":
        return hierarchy_written(value)
    if kind in {"xml", "text"}:
        return str(value)
    return _moment(value, source, style)


def _decimal(value: Any, source: SqlType, style: int | None) -> str:
    if source.name in {"money", "smallmoney"}:
        if style == 1:
            return f"{value:,.2f}"
        return f"{value:.4f}" if style == 2 else f"{value.quantize(value.__class__('0.01'), 'ROUND_HALF_UP'):f}"
    return f"{value:.{digits(source)[1]}f}"


def _float(value: float, source: SqlType, style: int | None) -> str:
    if style == 3:
        text = f"{value:.{16 if source.name == 'float' else 8}e}"
    elif style in {1, 2}:
        text = f"{value:.{7 if style == 1 else 15}e}"
    else:
        text = f"{value:g}"
    mantissa, e, exponent = text.partition("e")
    return f"{mantissa}e{exponent[0]}{int(exponent[1:]):03}" if e else text


def _binary(value: bytes, target: SqlType, style: int | None) -> str:
    if style in {1, 2}:
        return ("0x" if style == 1 else "") + value.hex().upper()
    return value.decode("utf-16-le" if is_national(target) else encoding(target.collation), "replace")


def _moment(value: Any, source: SqlType, style: int | None) -> str:
    kind = family(source)
    if kind == "date":
        return times.written(
            value * times.TICKS_PER_DAY, 0, 23 if style in {None, 120, 121, 126, 127, 20, 21} else style
        )
    if kind == "time":
        return times.clock(value, source.scale if source.scale is not None else 7)
    if kind == "datetime":
        scale = {"datetime": 3, "smalldatetime": 0}.get(source.name, source.scale if source.scale is not None else 7)
        default = 121 if source.name == "datetime2" else 0
        ticks = _milliseconds(value) if source.name == "datetime" else value
        return times.written(ticks, scale, default if style is None else style)
    if kind == "instant":
        return _instant(value, source, style)
    raise SqlError(529, f"Explicit conversion from data type {source.name} to text is not allowed.")


def _milliseconds(ticks: int) -> int:
    """Round a datetime to what its text shows: .003, .007 and so on."""
    return (ticks + 5_000) // 10_000 * 10_000


def _instant(value: Any, source: SqlType, style: int | None) -> str:
    scale = source.scale if source.scale is not None else 7
    if style == 127:
        return times.written(value.ticks, scale, 127) + "Z"
    chosen = 121 if style is None else style
    gap = "" if chosen == 126 else " "
    return times.written(times.local(value), scale, chosen) + gap + times.offset(value.minutes)


def _fits_number(text: str, target: SqlType, source: SqlType) -> str:
    if target.length in {None, MAX} or len(text) <= (target.length or 0):
        return text
    if source.name in INTEGERS and not is_national(target):
        return "*"
    if source.name == "uniqueidentifier":
        raise SqlError(8170, "Insufficient result space to convert uniqueidentifier value to char.")
    raise SqlError(8115, f"Arithmetic overflow error converting {source.name} to data type {target.name}.")


def fit_text(text: str, target: SqlType) -> str:
    """Cut or pad a text to its type, and put ``?`` for what its code page lacks, as a server stores it."""
    length = target.length
    if is_national(target):
        if length is not None and length != MAX and (len(text) > length or not text.isascii()):
            text = text.encode("utf-16-le", "surrogatepass")[: length * 2].decode("utf-16-le", "surrogatepass")
        return _padded(text, units(text), length) if target.name == "nchar" else text
    if not text.isascii():
        page = encoding(target.collation)
        data = text.encode(page, "replace") if page != "utf-8" else text.encode("utf-8", "replace")
        text = (data if length in {None, MAX} else data[:length]).decode(page, "ignore")
        return _padded(text, len(text.encode(page)), length) if target.name == "char" else text
    if length is not None and length != MAX:
        text = text[:length]
    return _padded(text, len(text), length) if target.name == "char" else text


def _padded(text: str, size: int, length: int | None) -> str:
    return text + " " * ((length or 1) - size)


def units(text: str) -> int:
    """Count UTF-16 code units, which is what LEN and nvarchar(n) count."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def size(text: str, target: SqlType) -> int:
    """Return what a text needs of its type's length."""
    if text.isascii() or is_national(target):
        return units(text)
    return len(text.encode(encoding(target.collation), "replace"))
