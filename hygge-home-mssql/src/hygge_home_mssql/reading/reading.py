"""One reading of one source: its rows in batches or in parts, how far its range goes, what it guarantees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core.sql import Statement
from hygge_home_mssql.dialect import MSSQL
from hygge_home_mssql.reading.following import highest, narrowed
from hygge_home_mssql.reading.isolating import warnings_of
from hygge_home_mssql.reading.splitting import cut, isolation_of_parts, open_parts
from hygge_home_mssql.types import condition_of


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import polars as pl

    from hygge_core.home import Isolation, ReadRequest
    from hygge_core.mark import Mark
    from hygge_home_mssql.home_config import MssqlConfig
    from hygge_home_mssql.reading.following import Followed
    from hygge_home_mssql.reading.parts import Part
    from hygge_home_mssql.reading.rows import Rows
    from hygge_home_mssql.reading.session import Session


class MssqlReading:
    """A `hygge_core.home.Reading` that is also `Ranged` and `Isolated`, `Cancels` and `Warns`.

    It gives its connection back with the last row, so that whoever reads the same table
    again has one.
    """

    def __init__(  # noqa: PLR0913 - what an opened source is made of
        self,
        session: Session,
        rows: Rows,
        request: ReadRequest,
        *,
        settings: MssqlConfig,
        isolation: Isolation,
        followed: Followed | None = None,
    ) -> None:
        self._session = session
        self._rows = rows
        self._request = request
        self._settings = settings
        self._isolation = isolation
        self._followed = followed
        self._high: Mark | None = None
        self._parts: Sequence[Part] = ()
        self._begun = False

    @property
    def schema(self) -> pl.Schema:
        """The columns of every batch, by the server's catalogue."""
        return self._rows.shape.schema

    @property
    def isolation(self) -> Isolation:
        """What this reading guarantees, as a whole or of all its parts together."""
        return isolation_of_parts(self._isolation, self._settings.split)

    def batches(self) -> Iterator[pl.DataFrame]:
        """Yield the rows in batches near the size asked for. Raises `HomeError`."""
        self._begun = True
        statement = self._rows.select(self._within())
        yield from self._session.batches(statement, self._rows.shape, self._request.batch_bytes)
        self._begun = False
        self._session.close()

    def parts(self) -> Sequence[Part]:
        """Cut the rows as the settings' ``split`` says; none without it, or where the table is better read whole."""
        split = self._settings.split
        if split is None:
            return ()
        statements = cut(self._session, self._rows, split, self._within())
        if len(statements) > 1:
            size = self._request.batch_bytes
            self._parts = open_parts(self._session, self._rows, self._settings, statements, size)
        return self._parts

    def count(self) -> int:
        """Count the rows that `batches` yields."""
        return int(self._session.value(self._rows.count(self._within())))

    def high(self) -> Mark | None:
        """Return the highest value of the range's column that is settled."""
        self._high = highest(self._session, self._known(), self._rows)
        return self._high

    def has_nulls(self) -> bool:
        """Say whether a row has no value in the range's column."""
        column = self._known().column
        if not column.nullable:
            return False
        missing = Statement(f"{column.expression or MSSQL.quote(column.name)} IS NULL")
        return bool(self._session.value(self._rows.any(missing)))

    def warnings(self) -> Sequence[str]:
        """Say what the chosen isolation leaves open."""
        return warnings_of(self._settings.isolation)

    def cancel(self) -> None:
        """Make the statement that is at work end with an error."""
        self._session.cancel()
        for part in self._parts:
            part.cancel()

    def close(self) -> None:
        """Give the connection back; in the middle of the rows, close it instead. Safe to call twice."""
        self._session.close(unread=self._begun)
        for part in self._parts:
            part.close()

    def _within(self) -> Statement | None:
        wanted = narrowed(self._request.range, self._followed, self._high)
        return condition_of(self._followed.column, wanted) if wanted and self._followed else None

    def _known(self) -> Followed:
        if self._followed is None:
            raise ValueError("the reading was opened without a range on a column of the source")
        return self._followed
