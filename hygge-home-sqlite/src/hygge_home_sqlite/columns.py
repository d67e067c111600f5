"""The columns of a source with their dtypes: as the flow says, as the table declares, or as all values are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve, frozen

from hygge_core import HomeError
from hygge_core.config.suggest import did_you_mean
from hygge_core.schema import dtype_of
from hygge_core.sql import select
from hygge_home_sqlite.config import SQLITE
from hygge_home_sqlite.declared import dtype_text
from hygge_home_sqlite.source import named


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import polars as pl

    from hygge_home_sqlite.snapshot import Snapshot
    from hygge_home_sqlite.source import Source


_CLASSES = ("integer", "real", "text", "blob")
_AT_ONCE = 400
"""SQLite returns at most 2,000 columns."""

_SURVEYED = {
    frozenset[str](): "string",
    frozenset(["integer"]): "int64",
    frozenset(["real"]): "float64",
    frozenset(["integer", "real"]): "float64",
    frozenset(["text"]): "string",
    frozenset(["blob"]): "binary",
}
"""What a column without a telling type is, by the storage classes of all its values."""


@frozen(kw_only=True)
class Column:
    """One column: its name, its dtype, and whether values of any kind become text (``any_as_text``)."""

    name: str
    dtype: pl.DataType
    any_as_text: bool = False

    @property
    def sql(self) -> str:
        """The column's name as SQL."""
        return SQLITE.quote(self.name)

    def as_text(self) -> Column:
        """The same column with every value as text."""
        return evolve(self, dtype=dtype_of("string"), any_as_text=True)


def columns_of(snapshot: Snapshot, source: Source, wanted: Mapping[str, str], *, mixed_as_text: bool) -> list[Column]:
    """Give every column of the source its dtype, the ``wanted`` ones as they were said. Raises `HomeError`."""
    for name in wanted:
        demand(name, source, snapshot.where)
    texts = {name: wanted.get(name) or dtype_text(declared) for name, declared in source.declared.items()}
    surveyed = _survey(snapshot, source, [name for name, text in texts.items() if text is None])
    columns = []
    for name, text in texts.items():
        known = text or _SURVEYED.get(surveyed[name])
        if known is None and not mixed_as_text:
            raise _mixed(name, surveyed[name], snapshot.where)
        dtype = dtype_of(known or "string")
        free = name in wanted or name in surveyed
        columns.append(Column(name=name, dtype=dtype, any_as_text=free and dtype == dtype_of("string")))
    return columns


def demand(name: str, source: Source, where: str) -> None:
    """Raise `HomeError` unless the source has a column of exactly this name."""
    if name not in source.declared:
        fix = did_you_mean(name, source.declared) or f"it has {named(source.declared)}"
        raise HomeError(f"there is no column {name!r}", where=where, fix=fix)


def _survey(snapshot: Snapshot, source: Source, names: Sequence[str]) -> dict[str, frozenset[str]]:
    """Find the storage classes of all values of some columns, in one pass over the table."""
    found: dict[str, frozenset[str]] = {}
    for group in (names[start : start + _AT_ONCE] for start in range(0, len(names), _AT_ONCE)):
        with snapshot.told():
            flags = snapshot.run(select(SQLITE, _questions(group), source.text)).fetchone()
        held = [flags[start : start + len(_CLASSES)] for start in range(0, len(flags), len(_CLASSES))]
        for name, answers in zip(group, held, strict=True):
            found[name] = frozenset(kind for kind, answer in zip(_CLASSES, answers, strict=True) if answer)
    return found


def _questions(names: Sequence[str]) -> Iterator[str]:
    for name in names:
        yield from (f"MAX(typeof({SQLITE.quote(name)}) = '{kind}')" for kind in _CLASSES)


def _mixed(name: str, classes: frozenset[str], where: str) -> HomeError:
    kinds = " and ".join(kind for kind in _CLASSES if kind in classes)
    return HomeError(
        f"column {name!r} declares no type that says what it is, and holds {kinds} values",
        where=where,
        fix=f'declare it: columns = {{ "{name}" = "text" }} reads every value as text',
    )
