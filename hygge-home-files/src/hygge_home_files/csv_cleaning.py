"""Finding the bad rows of a CSV file, and copying the file without them where that is the policy."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import polars as pl
from attrs import evolve

from hygge_home_files.archives import Piece
from hygge_home_files.chunks import chunks
from hygge_home_files.csv_records import Lines, parse
from hygge_home_files.faults import Fault, shown
from hygge_home_files.text import is_bad


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import BinaryIO

    from hygge_home_files.config import CsvConfig
    from hygge_home_files.csv_layout import Layout
    from hygge_home_files.csv_records import Record
    from hygge_home_files.faults import Tally
    from hygge_home_files.scratch import Scratch


_VALUE_FIX = "correct it, declare the column as 'string' in 'columns', or set bad_rows to 'skip' or 'null'"
_SHAPE_FIX = "correct the line, check 'separator' and 'quote', or set bad_rows to 'skip' or 'null'"


def cleaned(
    layout: Layout, declared: Mapping[str, pl.DataType], settings: CsvConfig, scratch: Scratch, tally: Tally
) -> Layout:
    """Read a file record by record and return a layout of good rows only.

    That is the layout itself if there is nothing to leave out or to mend, else one of a copy
    in scratch: without blank lines, and without (``skip``) or with completed (``null``) rows
    of the wrong length.  Raises `HomeError` for the first bad row if the policy is ``fail``.
    """
    target = scratch.new(".csv")
    changed = False
    with layout.piece.path.open("rb") as stream, target.open("xb") as out:
        stream.seek(layout.offset)
        lines = Lines(stream, label=layout.piece.label, comment=settings.comment, number=layout.lines)
        records = parse(lines, settings)
        for chunk in chunks(records, lambda record: len(record.raw)):
            scratch.require(sum(len(record.raw) for record in chunk), where=layout.piece.label)
            kept = _kept(chunk, layout, declared, settings, tally)
            changed |= _write(kept, out, len(layout.names), settings) or len(kept) < len(chunk)
    if not changed:
        target.unlink()
        return layout
    return evolve(layout, piece=Piece(label=layout.piece.label, path=target), lines=0, offset=0)


def _kept(
    chunk: Sequence[Record], layout: Layout, declared: Mapping[str, pl.DataType], settings: CsvConfig, tally: Tally
) -> list[Record]:
    """Return the records that stay, in order, after counting the bad ones."""
    width = len(layout.names)
    records = [record for record in chunk if width == 1 or not record.blank]
    faults = dict(_value_faults(records, layout, declared, settings))
    faults |= {record.line: _shape_fault(record, layout) for record in records if len(record.fields) != width}
    for line in sorted(faults):
        if settings.bad_rows == "fail":
            raise faults[line].error()
        tally.add(faults[line])
    return [record for record in records if settings.bad_rows == "null" or record.line not in faults]


def _shape_fault(record: Record, layout: Layout) -> Fault:
    width, fields = len(layout.names), len(record.fields)
    lacking = f"; there is none for {layout.names[fields]!r}" if fields < width else ""
    last = record.fields[-1]
    what = f"the row has {fields} fields instead of {width}{lacking}; its last is {shown(last)}"
    return Fault(label=layout.piece.label, line=record.line, what=what, fix=_SHAPE_FIX)


def _value_faults(
    records: Sequence[Record], layout: Layout, declared: Mapping[str, pl.DataType], settings: CsvConfig
) -> Iterator[tuple[int, Fault]]:
    """Yield line and fault of each value that cannot be read as declared; the leftmost of a line comes last."""
    whole = [record for record in records if len(record.fields) == len(layout.names)]
    nulls = set(settings.null_values)
    for position, name in reversed(list(enumerate(layout.names))):
        if name not in declared:
            continue
        fields = (record.fields[position] for record in whole)
        texts = pl.Series("text", [None if field in nulls else field for field in fields], dtype=pl.String)
        bad = is_bad(pl.col("text"), declared[name], decimal_comma=settings.decimal_comma)
        for index in texts.to_frame().select(bad.arg_true()).to_series():
            what = f"column {name!r}: {shown(texts[index])} cannot be read as {settings.columns[name]}"
            yield whole[index].line, Fault(label=layout.piece.label, line=whole[index].line, what=what, fix=_VALUE_FIX)


def _write(records: Sequence[Record], out: BinaryIO, width: int, settings: CsvConfig) -> bool:
    """Write the records, those of the wrong length completed with nulls or cut; say whether there were any."""
    mended = False
    for record in records:
        if len(record.fields) == width:
            out.write(record.raw)
        else:
            mended = True
            out.write(_mended(record.fields, width, settings))
    return mended


def _mended(fields: Sequence[str], width: int, settings: CsvConfig) -> bytes:
    text = io.StringIO()
    writer = csv.writer(
        text,
        delimiter=settings.separator,
        quotechar=settings.quote or None,
        quoting=csv.QUOTE_MINIMAL if settings.quote else csv.QUOTE_NONE,
        lineterminator="\n",
    )
    writer.writerow([*fields[:width], *[""] * (width - len(fields))])
    return text.getvalue().encode()
