"""Thrift's compact protocol, in which Parquet writes its footers and page headers."""

from __future__ import annotations

from typing import Any


_TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = range(1, 13)


class Compact:
    """Reads structures into dictionaries by field number; ``at`` is where the next one begins.

    Bytes that are no Thrift raise `IndexError`, `KeyError` or `TypeError`.
    """

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data = data
        self.at = at

    def struct(self, *, until: int | None = None) -> dict[int, Any]:
        """Read one structure; ``until`` names a field after which the rest is not looked at."""
        fields: dict[int, Any] = {}
        number = 0
        while head := self._byte():
            step, kind = head >> 4, head & 15
            number = number + step if step else self._zigzag()
            fields[number] = self._value(kind)
            if number == until:
                break
        return fields

    def _value(self, kind: int) -> Any:  # noqa: PLR0911 - one return for each kind of value
        if kind in {_TRUE, _FALSE}:
            return kind == _TRUE
        if kind == _BYTE:
            return self._byte()
        if kind in {_I16, _I32, _I64}:
            return self._zigzag()
        if kind == _DOUBLE:
            return self._take(8)
        if kind == _BINARY:
            return self._take(self._varint())
        if kind in {_LIST, _SET}:
            return self._list()
        if kind == _STRUCT:
            return self.struct()
        raise KeyError(kind)  # Parquet's structures hold no maps

    def _list(self) -> list[Any]:
        head = self._byte()
        kind = head & 15
        count = head >> 4 if head >> 4 != 15 else self._varint()  # noqa: PLR2004 - 15 announces a longer count
        if kind in {_TRUE, _FALSE}:
            return [self._byte() == _TRUE for _ in range(count)]
        return [self._value(kind) for _ in range(count)]

    def _byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def _take(self, count: int) -> bytes:
        if self.at + count > len(self.data):
            raise IndexError(count)
        self.at += count
        return self.data[self.at - count : self.at]

    def _varint(self) -> int:
        result = shift = 0
        while (byte := self._byte()) & 128:
            result |= (byte & 127) << shift
            shift += 7
        return result | byte << shift

    def _zigzag(self) -> int:
        number = self._varint()
        return (number >> 1) ^ -(number & 1)
