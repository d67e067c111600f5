"""Reading CSV record by record, exactly, with line numbers: for headers and for finding bad rows.

Slower than Polars and never on the road of good rows.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, NamedTuple

from hygge_core import HomeError


if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from hygge_home_files.config import CsvConfig


LONGEST_RECORD = 64 << 20
"""Bytes in one record before it is taken for a quote that was never closed."""

csv.field_size_limit(2**31 - 1)  # LONGEST_RECORD limits them; the module's own limit is 128 KiB for the whole process


class Record(NamedTuple):
    """One record: its first physical line (1-based), its bytes as they are, its fields.

    A tuple because there may be millions, one after the other.
    """

    line: int
    raw: bytes
    fields: list[str]

    @property
    def blank(self) -> bool:
        """Whether there is nothing on the line."""
        return not self.raw.strip(b"\r\n")


class Lines:
    """The lines of a file, decoded one at a time; remembers those of the record being read.

    ``number`` and ``offset`` count the lines and bytes read so far.
    """

    def __init__(self, stream: BinaryIO, *, label: str, comment: str, number: int = 0) -> None:
        self._stream = stream
        self._comment = comment.encode()
        self.label = label
        self.number = number
        self.offset = 0
        self.pending: list[bytes] = []
        self.size = 0

    def __iter__(self) -> Iterator[str]:
        while line := self._line():
            if self._comment and not self.pending and line.startswith(self._comment):
                continue
            self.pending.append(line)
            self.size += len(line)
            if self.size > LONGEST_RECORD:
                raise self.fault(f"a record is longer than {LONGEST_RECORD:,} bytes; a quote may never be closed")
            yield self._decoded(line)

    def skip(self, count: int) -> None:
        """Leave out lines, whatever they hold."""
        for _ in range(count):
            self._line()

    def take(self) -> bytes:
        """Return the bytes of the record just read, and begin the next."""
        raw = b"".join(self.pending)
        self.pending.clear()
        self.size = 0
        return raw

    def fault(
        self, what: str, *, fix: str = "correct the file; no 'bad_rows' policy can tell where its rows end"
    ) -> HomeError:
        """Make an error that names the first line of the record being read."""
        return HomeError(what, where=f"{self.label}:{self.first}", fix=fix)

    @property
    def first(self) -> int:
        """The number of the first line of the record being read."""
        return self.number - len(self.pending) + 1

    def _line(self) -> bytes:
        line = self._stream.readline(LONGEST_RECORD + 1)
        if line:
            self.number += 1
            self.offset += len(line)
        return line

    def _decoded(self, line: bytes) -> str:
        try:
            return line.decode()
        except UnicodeDecodeError as error:
            shown = error.object[error.start : error.end].hex(" ")
            what = f"the bytes {shown} are not utf-8"
            raise HomeError(
                what, where=f"{self.label}:{self.number}", fix="set 'encoding' to what the file is written in"
            ) from error


def parse(lines: Lines, settings: CsvConfig) -> Iterator[Record]:
    """Yield the records. Raises `HomeError` where quotes make it unclear where a record ends."""
    quote = settings.quote.encode()
    reader = csv.reader(
        lines,
        delimiter=settings.separator,
        quotechar=settings.quote or None,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
        strict=True,
    )
    while True:
        try:
            fields = next(reader, None)
        except csv.Error as error:
            raise lines.fault(_malformed(str(error))) from error
        if fields is None:
            return
        line, raw = lines.first, lines.take()
        if quote and raw.count(quote) % 2:
            raise HomeError(_malformed("a quote inside an unquoted field"), where=f"{lines.label}:{line}", fix=_QUOTES)
        yield Record(line=line, raw=raw, fields=fields or [""])


_QUOTES = "double the quote and put the field in quotes, or set quote = ''"


def _malformed(reason: str) -> str:
    if "new-line" in reason:
        return "lines end with a carriage return alone"
    return "a quoted field is never closed" if "unexpected end" in reason else f"the quoting is broken: {reason}"
