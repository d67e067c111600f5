"""Looking at a whole CSV table before its first row moves: are all rows whole, and what are the types.

One streaming pass of Polars over all columns as text, and one count of the separators
in the bytes.  Polars fills a row that is too short with nulls and does not say so; but
then the file holds fewer separators than its rows and texts account for.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import polars as pl
from attrs import frozen

from hygge_home_files.csv_scan import texts
from hygge_home_files.text import KINDS, fits, is_bad


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hygge_home_files.config import CsvConfig
    from hygge_home_files.csv_layout import Layout
    from hygge_home_files.text import Kind

    Possible = dict[str, tuple[Kind, ...]]


_SAMPLE = 1000
"""Rows that are looked at first, to leave out kinds that are impossible anyway."""

_CHUNK = 1 << 20


@frozen(kw_only=True)
class Survey:
    """What a table's ``rows`` turned out to be.

    ``whole``: every row has as many fields as the header.  ``bad`` counts values that
    cannot be read as declared.  ``dtypes`` has every column of every file.
    """

    rows: int
    whole: bool
    bad: int
    dtypes: dict[str, pl.DataType]


def survey(groups: Sequence[Sequence[Layout]], declared: Mapping[str, pl.DataType], settings: CsvConfig) -> Survey:
    """Survey all files of a table. Raises the errors of Polars for what it cannot read."""
    names = list(dict.fromkeys(name for group in groups for name in group[0].names))
    dtypes = {name: declared.get(name, pl.String()) for name in names}
    totals: Counter[str] = Counter()
    whole = True
    possible = _possible(groups, [name for name in names if name not in declared], settings)
    for group in groups:
        found = _counted(
            group, [*_structure(group, declared, settings), *_evidence(group, possible, settings)], settings
        )
        whole &= _accounted(group, found, settings)
        totals.update(found)
    while possible := _judged(possible, totals, dtypes):
        for group in groups:
            totals.update(_counted(group, _evidence(group, possible, settings), settings))
    return Survey(rows=totals["rows"], whole=whole, bad=sum(totals[f"bad {name}"] for name in declared), dtypes=dtypes)


def _possible(groups: Sequence[Sequence[Layout]], names: Sequence[str], settings: CsvConfig) -> Possible:
    """Return the kinds that the first rows of each group allow; nothing when all is to stay text."""
    if settings.infer == "strings":
        return {}
    possible: Possible = dict.fromkeys(names, KINDS)
    for group in groups:
        sample = texts(group, settings).head(_SAMPLE).collect(engine="streaming")
        for position, name in enumerate(group[0].names):
            text = pl.col(str(position))
            misses = [
                (~fits(text, kind, decimal_comma=settings.decimal_comma)).any() for kind in possible.get(name, ())
            ]
            if misses:
                found = sample.select(miss.alias(str(index)) for index, miss in enumerate(misses)).row(0)
                possible[name] = tuple(kind for kind, miss in zip(possible[name], found, strict=True) if not miss)
    return {name: kinds for name, kinds in possible.items() if kinds}


def _counted(group: Sequence[Layout], counts: Sequence[pl.Expr], settings: CsvConfig) -> dict[str, int]:
    """Count in one pass over all rows of a group."""
    if not counts:
        return {}
    return texts(group, settings).select(counts).collect(engine="streaming").row(0, named=True)


def _structure(group: Sequence[Layout], declared: Mapping[str, pl.DataType], settings: CsvConfig) -> Iterator[pl.Expr]:
    """Count rows, separators inside of texts, and values that cannot be read as declared."""
    yield pl.len().alias("rows")
    for position, name in enumerate(group[0].names):
        text = pl.col(str(position))
        yield text.str.count_matches(settings.separator, literal=True).cast(pl.Int64).sum().alias(f"inside {name}")
        if name in declared and declared[name] != pl.String:
            yield is_bad(text, declared[name], decimal_comma=settings.decimal_comma).sum().alias(f"bad {name}")


def _evidence(group: Sequence[Layout], possible: Possible, settings: CsvConfig) -> list[pl.Expr]:
    """Count for each undecided column the texts that fit its most preferred kind, and those that do not."""
    counts = []
    for position, name in enumerate(group[0].names):
        for kind in possible.get(name, ())[:1]:
            fit = fits(pl.col(str(position)), kind, decimal_comma=settings.decimal_comma)
            counts += [fit.sum().alias(_key("hit", name, kind)), (~fit).sum().alias(_key("miss", name, kind))]
    return counts


def _judged(possible: Possible, totals: Mapping[str, int], dtypes: dict[str, pl.DataType]) -> Possible:
    """Give dtypes to the columns whose kind fits everywhere; return the others with the kinds that are left."""
    left: Possible = {}
    for name, (kind, *others) in possible.items():
        if not totals[_key("miss", name, kind)]:
            dtypes[name] = kind.dtype if totals[_key("hit", name, kind)] else pl.String()
        elif others:
            left[name] = tuple(others)
    return left


def _key(what: str, name: str, kind: Kind) -> str:
    return f"{what} {KINDS.index(kind)} {name}"


def _accounted(group: Sequence[Layout], found: Mapping[str, int], settings: CsvConfig) -> bool:
    """Whether separators in the bytes are those between the fields plus those inside of texts."""
    hidden = [text for text in settings.null_values if settings.separator in text]
    if settings.comment or hidden:
        return False  # separators in comments and null values do not show; only reading record by record tells
    between = (len(group[0].names) - 1) * found["rows"]
    inside = sum(found[f"inside {name}"] for name in group[0].names)
    return between + inside == sum(_separators(layout, settings.separator.encode()) for layout in group)


def _separators(layout: Layout, separator: bytes) -> int:
    with layout.piece.path.open("rb") as stream:
        stream.seek(layout.offset)
        return sum(chunk.count(separator) for chunk in iter(lambda: stream.read(_CHUNK), b""))
