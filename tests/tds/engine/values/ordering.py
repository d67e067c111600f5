"""What values of each type are compared and ordered by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tds.engine.values.collations import text_key
from tds.engine.values.families import family, refuse_comparison


if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from tds.contract import SqlType


def _itself(value: Any) -> Any:
    return value


def guid_key(value: UUID) -> bytes:
    """Return the bytes in the order in which a server compares them: the last six first, the first four last."""
    stored = value.bytes_le
    return stored[10:] + stored[8:10] + stored[6:8] + stored[4:6] + stored[:4]


def _binary_key(value: bytes) -> bytes:
    """Zeros at the end do not count: the shorter value is filled with them."""
    return value.rstrip(b"\0")


def _instant_key(value: Any) -> int:
    return int(value.ticks)


_KEYS: dict[str, Callable[[Any], Any]] = {"guid": guid_key, "binary": _binary_key, "instant": _instant_key}


def key_of(type_: SqlType) -> Callable[[Any], Any]:
    """Return the key of a type's values. Raises `SqlError` for types whose values do not compare."""
    refuse_comparison(type_)
    if family(type_) == "text":
        return text_key(type_.collation)
    return _KEYS.get(family(type_), _itself)


def is_itself(key: Callable[[Any], Any]) -> bool:
    """Say whether values are their own key, which saves a call for each."""
    return key is _itself


def nulls_first(type_: SqlType) -> Callable[[Any], Any]:
    """Return a key that takes NULL as well, and puts it before all values."""
    key = key_of(type_)
    return lambda value: (False,) if value is None else (True, key(value))
