"""The plain data of commits as JSON, for any store to keep and any process to read back."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar


if TYPE_CHECKING:
    from cattrs import Converter


T = TypeVar("T")


def dump(value: object) -> bytes:
    """Write a frozen object of `hygge_core.commit` as JSON, the same bytes for equal objects."""
    plain = _converter().unstructure(value)
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"


def load(data: bytes, kind: type[T]) -> T:
    """Read what `dump` wrote. Raises `ValueError` when the bytes are not a whole, known ``kind``."""
    try:
        return _converter().structure(json.loads(data), kind)
    except Exception as error:
        message = f"not a {kind.__name__}: {data[:80]!r}"
        raise ValueError(message) from error


@cache
def _converter() -> Converter:
    from cattrs import Converter

    converter = Converter(forbid_extra_keys=True)
    converter.register_unstructure_hook(datetime, datetime.isoformat)
    converter.register_structure_hook(datetime, _moment)
    return converter


def _moment(text: Any, _: object) -> datetime:
    return datetime.fromisoformat(text)
