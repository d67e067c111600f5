"""One type's values made into another's, as CAST and CONVERT do it, and as an INSERT does it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from tds.contract import MAX, TICKS_PER_DAY, Instant, SqlError, Variant
from tds.engine.values import hierarchy, spatial, times
from tds.engine.values.collations import encoding
from tds.engine.values.families import family, is_national
from tds.engine.values.numbers import to_binary, to_decimal, to_float, to_integer
from tds.engine.values.texts import fit_text, size, to_text


if TYPE_CHECKING:
    from collections.abc import Callable

    from tds.contract import SqlType


_FORBIDDEN = {
    ("date", "integer"), ("date", "decimal"), ("date", "float"), ("date", "binary"), ("date", "guid"),
    ("time", "integer"), ("time", "decimal"), ("time", "float"), ("guid", "integer"), ("guid", "decimal"),
    ("guid", "float"), ("instant", "integer"), ("integer", "guid"), ("integer", "date"), ("integer", "time"),
    ("float", "date"), ("decimal", "date"), ("guid", "datetime"), ("date", "time"), ("time", "date"),
    ("float", "guid"), ("decimal", "guid"), ("xml", "integer"), ("integer", "xml"), ("integer", "instant"),
}  # fmt: skip


def casting(source: SqlType, target: SqlType, style: int | None = None) -> Callable[[Any], Any]:
    """Return what makes values of one type those of another; NULL never reaches it.

    Raises `SqlError` 529 for types of which one never becomes the other, and for pairs that this server does not know.
    """
    if source == target:
        return lambda value: value
    kinds = family(source), family(target)
    if kinds in _FORBIDDEN:
        raise SqlError(529, f"Explicit conversion from data type {source.name} to {target.name} is not allowed.")
    maker = _MAKERS.get(kinds[1])
    if maker is None:
        raise SqlError(40000, f"this server does not convert {source.name} to {target.name}")
    if kinds[0] == "variant":
        return lambda value: casting(value.type, target, style)(value.value)
    return lambda value: maker(value, source, target, style)


def _text(value: Any, source: SqlType, target: SqlType, style: int | None) -> str:
    return fit_text(value if type(value) is str else to_text(value, source, target, style), target)


def _binary(value: Any, source: SqlType, target: SqlType, style: int | None) -> bytes:
    kind = family(source)
    if kind == "text":
        value = _bytes_of_text(value, source, style)
    elif kind not in {"binary", "hierarchyid", "spatial"}:
        value = to_binary(value, source)
        if target.name in {"binary", "timestamp"}:
            value = value.rjust(target.length or 8, b"\0")[-(target.length or 8) :]
    return fit_binary(value, target)


def fit_binary(value: bytes, target: SqlType) -> bytes:
    """Cut or fill bytes to their type."""
    length = 8 if target.name == "timestamp" else target.length
    if length is not None and length != MAX:
        value = value[:length]
    return value.ljust(length or 1, b"\0") if target.name in {"binary", "timestamp"} else value


def _bytes_of_text(text: str, source: SqlType, style: int | None) -> bytes:
    if style not in {1, 2}:
        return text.encode("utf-16-le" if is_national(source) else encoding(source.collation), "surrogatepass")
    digits = text[2:] if style == 1 and text[:2].lower() == "0x" else text
    try:
        return bytes.fromhex(digits)
    except ValueError:
        raise SqlError(8114, f"Error converting data type {source.name} to varbinary.") from None


def _guid(value: Any, source: SqlType, _target: SqlType, _style: int | None) -> UUID:
    if family(source) == "binary":
        return UUID(bytes_le=value.ljust(16, b"\0")[:16])
    try:
        return UUID(value.strip()[:36] if not value.startswith("{") else value[:38])
    except (ValueError, AttributeError):
        raise SqlError(8169, "Conversion failed when converting from a character string to uniqueidentifier.") from None


def _local_ticks(value: Any, source: SqlType) -> int:
    """Return the ticks that a moment of any type shows on its own clock."""
    kind = family(source)
    if kind == "text":
        date, time, _ = times.read(value)
        return (times.DAYS_TO_1900 * TICKS_PER_DAY if date is None else date) + time
    if kind == "date":
        return int(value) * TICKS_PER_DAY
    if kind == "time":
        return times.DAYS_TO_1900 * TICKS_PER_DAY + int(value)
    if kind == "instant":
        return times.local(value)
    if kind == "datetime":
        return int(value)
    raise SqlError(40000, f"this server does not convert {source.name} to dates and times")


def _date(value: Any, source: SqlType, _target: SqlType, _style: int | None) -> int:
    return _local_ticks(value, source) // TICKS_PER_DAY


def _time(value: Any, source: SqlType, target: SqlType, _style: int | None) -> int:
    return times.rounded(_local_ticks(value, source) % TICKS_PER_DAY, _scale(target)) % TICKS_PER_DAY


def _datetime(value: Any, source: SqlType, target: SqlType, _style: int | None) -> int:
    if target.name != "datetime2" and family(source) == "text" and _too_fine(value):
        raise times.bad_text()
    ticks = _local_ticks(value, source)
    if target.name == "datetime":
        ticks = times.to_datetime(ticks)
    elif target.name == "smalldatetime":
        ticks = times.to_minute(ticks)
    else:
        ticks = times.rounded(ticks, _scale(target))
    return times.check_range(ticks, target.name)


def _too_fine(text: str) -> bool:
    """A text of a datetime has at most three digits of a second."""
    return len(text.strip().partition(".")[2]) > 3


def _instant(value: Any, source: SqlType, target: SqlType, style: int | None) -> Instant:
    if family(source) == "instant":
        found = value
    elif family(source) == "text":
        minutes = times.read(value)[2] or 0
        found = times.instant(_local_ticks(value, source), minutes)
    else:
        found = Instant(_local_ticks(value, source), 0)
    del style
    return Instant(times.check_range(times.rounded(found.ticks, _scale(target)), target.name), found.minutes)


def _scale(target: SqlType) -> int:
    return 7 if target.scale is None else target.scale


def _xml(value: Any, source: SqlType, _target: SqlType, _style: int | None) -> str:
    if family(source) != "text":
        raise SqlError(40000, f"this server does not convert {source.name} to xml")
    import xml.etree.ElementTree as ET  # what a test wrote, so nothing to fear

    try:
        ET.fromstring(f"<all>{value}</all>")  # noqa: S314 - the same
    except ET.ParseError as error:
        raise SqlError(9400, f"XML parsing: {error}") from error
    return str(value)


def _hierarchy(value: Any, source: SqlType, _target: SqlType, _style: int | None) -> bytes:
    return bytes(value) if family(source) == "binary" else hierarchy.read(value)


def _spatial(value: Any, source: SqlType, target: SqlType, _style: int | None) -> bytes:
    if family(source) == "text":
        return spatial.read(target.name, value, 4326 if target.name == "geography" else 0)
    return bytes(value)


def _variant(value: Any, source: SqlType, _target: SqlType, _style: int | None) -> Variant:
    return Variant(source, value)


_MAKERS: dict[str, Callable[[Any, SqlType, SqlType, int | None], Any]] = {
    "integer": lambda value, source, target, _: to_integer(value, source, target),
    "decimal": lambda value, source, target, _: to_decimal(value, source, target),
    "float": lambda value, source, target, _: to_float(value, source, target),
    "text": _text, "binary": _binary, "guid": _guid, "date": _date, "time": _time, "datetime": _datetime,
    "instant": _instant, "xml": _xml, "hierarchyid": _hierarchy, "spatial": _spatial, "variant": _variant,
    "null": lambda value, *_: value,
}  # fmt: skip


def storing(source: SqlType, target: SqlType, column: str) -> Callable[[Any], Any]:
    """Return what makes a value that of a column; unlike a CAST it cuts no text and no bytes that matter."""
    if family(target) == "text" and target.length not in {None, MAX}:
        cast = casting(source, target)
        return lambda value: cast(_short_enough(value, source, target, column))
    if target.name in {"binary", "varbinary"} and target.length != MAX and family(source) in {"binary", "text"}:
        cast = casting(source, target)
        return lambda value: cast(_not_cut(value, target, column))
    return casting(source, target)


def _short_enough(value: Any, source: SqlType, target: SqlType, column: str) -> Any:
    if family(source) == "text" and size(value.rstrip(" "), target) > (target.length or 0):
        raise _cut(column)
    return value


def _not_cut(value: Any, target: SqlType, column: str) -> Any:
    if len(value) > (target.length or 0):
        raise _cut(column)
    return value


def _cut(column: str) -> SqlError:
    return SqlError(2628, f"String or binary data would be truncated in column '{column}'.")
