"""Records as lines of JSON: written always alike, read with care."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import attrs

from hygge_core.journal.record import JournalRecord


if TYPE_CHECKING:
    from collections.abc import Iterator


FIELDS: dict[str, str] = {field.name: str(field.type) for field in attrs.fields(JournalRecord)}
"""The columns of the journal in order, each with the name of its Python type."""

_TYPES: dict[str, tuple[type, ...]] = {"str": (str,), "int": (int,), "float": (float, int), "bool": (bool,)}


def encode(record: JournalRecord) -> bytes:
    """Write a record as one line, its end included."""
    plain = {name: _plain(getattr(record, name)) for name in FIELDS}
    return (
        json.dumps(plain, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode(errors="replace") + b"\n"
    )


def decode(line: bytes) -> JournalRecord:
    """Read a line. Keys that a newer version may have added are passed over.

    Raises `ValueError` for anything that is not a whole record.
    """
    data = json.loads(line)
    if not isinstance(data, dict):
        raise ValueError("is not a record")  # noqa: TRY004 - one error for whatever a file may hold
    known = {name: _value(name, kind, data[name]) for name, kind in FIELDS.items() if name in data}
    try:
        return JournalRecord(**known)
    except TypeError as error:
        raise ValueError(f"is not a whole record: {error}") from error


def split(data: bytes) -> Iterator[bytes]:
    """Yield the lines of a file, blank ones left out."""
    return (line for line in data.split(b"\n") if line.strip())


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return value


def _value(name: str, kind: str, value: Any) -> Any:
    if kind == "datetime":
        return _moment(name, value)
    if type(value) not in _TYPES[kind]:  # exactly: true is not 1
        raise ValueError(f"{name} is {value!r}, not {kind}")
    return _TYPES[kind][0](value)


def _moment(name: str, value: Any) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    if moment is None or moment.tzinfo is None:
        raise ValueError(f"{name} is {value!r}, not a moment in UTC")
    return moment.astimezone(UTC)
