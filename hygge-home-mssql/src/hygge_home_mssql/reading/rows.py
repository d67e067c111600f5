"""Which rows and columns are wanted of a source, and the statements that ask for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from hygge_core.sql import Statement, all_of, exists, select
from hygge_home_mssql.dialect import MSSQL
from hygge_home_mssql.engines import Shape
from hygge_home_mssql.types import readable


if TYPE_CHECKING:
    from hygge_home_mssql.home_config import MssqlConfig
    from hygge_home_mssql.reading.source import Source


@frozen(kw_only=True)
class Rows:
    """Some rows of a source: the columns of ``shape``, ``conditions`` that all must hold."""

    source: Source
    shape: Shape
    conditions: tuple[Statement, ...] = ()

    def select(self, *more: Statement | None) -> Statement:
        """Ask for the rows; ``more`` conditions narrow them further."""
        return select(MSSQL, self.shape.select, self.source.text, self._where(*more))

    def count(self, *more: Statement | None) -> Statement:
        """Ask how many there are; a table may hold more than an int can count."""
        return _of("COUNT_BIG(*)", self.source.text, self._where(*more))

    def quantiles(
        self, column: str, parts: int, text: str, within: Statement | None = None, *, sample: str = ""
    ) -> Statement:
        """Ask for the lowest value of each of ``parts`` equal parts of a column, in order.

        ``column`` is SQL, ``text`` writes ``MIN(v)`` as text, and ``sample`` looks at some pages only.
        """
        what = f"{column} AS v, NTILE({parts}) OVER (ORDER BY {column}) AS part"
        inner = _of(what, self.source.text + sample, self._where(within))
        outer = f"SELECT {text} FROM (\n{inner.text}\n) AS q GROUP BY part ORDER BY part"  # noqa: S608 - the same
        return Statement(outer, inner.parameters)

    def touch(self) -> Statement:
        """Read one row, whichever, which is when a snapshot begins."""
        return select(MSSQL, ["1"], self.source.text, rows=1)

    def lock(self) -> Statement:
        """Read one row under a lock that keeps writers of the whole table waiting until the transaction ends."""
        return select(MSSQL, ["1"], f"{self.source.text} WITH (TABLOCK, HOLDLOCK)", rows=1)

    def any(self, condition: Statement) -> Statement:
        """Ask whether a row fulfils one more condition: 1 or 0."""
        where = self._where(condition)
        return exists(self.source.text, where or condition)

    def _where(self, *more: Statement | None) -> Statement | None:
        return all_of([*self.conditions, *more])


def wanted_rows(source: Source, settings: MssqlConfig, names: tuple[str, ...], where: str) -> Rows:
    """Choose the columns of ``names``, else of the settings, else all. Raises `HomeError` for one that is not there."""
    chosen = [source.column(name, where) for name in settings.columns] if settings.columns else source.columns
    columns = readable(chosen, settings.options)
    if names:
        known = {column.name: column for column in columns}
        columns = tuple(known.get(name) or source.column(name, where) for name in names)
    own = (Statement(settings.where, settings.parameters),) if settings.where else ()
    return Rows(source=source, shape=Shape(columns=columns, options=settings.options), conditions=own)


def _of(what: str, source: str, where: Statement | None) -> Statement:
    text = f"SELECT {what} FROM {source}"  # noqa: S608 - names come quoted, values as parameters
    return Statement(text) if where is None else Statement(f"{text} WHERE {where.text}", where.parameters)
