"""Reading JSON lines one by one: which are good, what they hold, and a copy of the good ones if need be."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from hygge_home_files.archives import Piece
from hygge_home_files.faults import Fault, Place, shown
from hygge_home_files.ndjson_parsing import Line, Parser
from hygge_home_files.ndjson_shape import Shape
from hygge_home_files.text import is_bad


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hygge_home_files.config import NdjsonConfig
    from hygge_home_files.faults import Tally
    from hygge_home_files.scratch import Scratch


_LINE_FIX = "correct the line, or set bad_rows to 'skip'"
_VALUE_FIX = "correct it, declare the column as 'string' in 'columns', or set bad_rows to 'skip' or 'null'"


class Lines:
    """Goes through the files of a table, gathers the shape of every column, and weeds out bad lines."""

    def __init__(
        self, declared: Mapping[str, pl.DataType], settings: NdjsonConfig, scratch: Scratch, tally: Tally
    ) -> None:
        self._declared = declared
        self._settings = settings
        self._scratch = scratch
        self._tally = tally
        self._seen: set[tuple[tuple[str, ...], tuple[type, ...]]] = set()
        self._parser = Parser(exact=any(isinstance(dtype, pl.Decimal) for dtype in declared.values()))
        self.columns: dict[str, Shape] = {}
        self.rows = 0

    def examine(self, piece: Piece) -> Piece:
        """Read a file to its end; return it, or a copy without its bad lines.

        Raises `HomeError` for the first bad line if the policy is ``fail``.
        """
        target = self._scratch.new(".ndjson") if self._settings.bad_rows != "fail" else None
        before = self._tally.rows
        with piece.path.open("rb") as stream:
            for chunk in self._parser.chunks(stream):
                kept = self._kept(chunk, piece)
                if target is not None:
                    self._scratch.require(sum(len(line.raw) for line in kept), where=piece.label)
                    with target.open("ab") as out:
                        out.writelines(line.raw for line in kept)
        if target is None or self._tally.rows == before:
            return piece
        return Piece(label=piece.label, path=target)

    def _kept(self, chunk: Sequence[Line], piece: Piece) -> list[Line]:
        """Return the lines that stay, mended where that is the policy, after counting the bad ones."""
        faults = {line.number: Fault(piece.label, line.number, line.fault, _LINE_FIX) for line in chunk if line.fault}
        broken = set(faults)
        values = self._value_faults([line for line in chunk if not line.fault], piece)
        faults |= {number: fault for (number, _), fault in reversed(values.items())}
        for number in sorted(faults):
            if self._settings.bad_rows == "fail":
                raise faults[number].error()
            self._tally.add(faults[number])
        dropped = broken if self._settings.bad_rows == "null" else set(faults)
        kept = [line for line in chunk if line.number not in dropped]
        self.rows += len(kept)
        for line in kept:
            self._gather(line, piece)
        if not values:
            return kept
        bad: dict[int, set[str]] = {}
        for number, name in values:
            bad.setdefault(number, set()).add(name)
        return [_mended(line, bad[line.number]) if line.number in bad else line for line in kept]

    def _value_faults(self, lines: Sequence[Line], piece: Piece) -> dict[tuple[int, str], Fault]:
        """Return the values that cannot be read as declared, by line and column."""
        found = {}
        for name, dtype in self._declared.items():
            texts = pl.Series("text", [_text(line.value.get(name)) for line in lines], dtype=pl.String)
            bad = texts.to_frame().select(is_bad(pl.col("text"), dtype)).to_series()
            for index in bad.arg_true():
                line = lines[index]
                what = f"column {name!r}: {shown(line.value[name])} cannot be read as {self._settings.columns[name]}"
                found[line.number, name] = Fault(piece.label, line.number, what, _VALUE_FIX)
        return found

    def _gather(self, line: Line, piece: Piece) -> None:
        """Take a line into account; one whose keys and flat types are known needs no second look."""
        key = (tuple(line.value), tuple(map(type, line.value.values())))
        if key in self._seen and not line.unusual:
            return
        place = Place(piece.label, line.number)
        for name, value in line.value.items():
            shape = self.columns.setdefault(name, Shape())
            if name not in self._declared:
                shape.add(value, place)
        if not {dict, list} & set(key[1]):
            self._seen.add(key)


def _text(value: object) -> str | None:
    """Write a value as Polars does when it reads a JSON value as text; unreadable where digits would be lost."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return repr(float(value)) if Decimal(repr(float(value))) == value else f"{value} has too many digits"
    return json.dumps(value, default=float)


def _mended(line: Line, names: set[str]) -> Line:
    value = {name: None if name in names else inner for name, inner in line.value.items()}
    raw = json.dumps(value, default=float).encode() + b"\n"
    return Line(number=line.number, raw=raw, value=value)
