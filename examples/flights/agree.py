"""Compare a SQLite table with the Parquet table that follows it, value for value.

SQLite is read with the standard library and Parquet with DuckDB, so neither side goes through
what hygge uses.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from itertools import islice, zip_longest
from typing import TYPE_CHECKING, Any

import duckdb
from attrs import frozen


if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


CHUNK = 20_000
SHOWN = 5


@frozen(kw_only=True)
class Agreement:
    """How many rows and values were compared, and the first few that differ."""

    rows: int
    values: int
    differences: tuple[str, ...]

    @property
    def equal(self) -> bool:
        """Whether both sides hold the same rows, and any at all."""
        return self.rows > 0 and not self.differences


def agree(database: Path, table: Path, *, name: str, key: str) -> Agreement:
    """Read both sides to their end in the order of ``key``; times are compared as text, to the last digit."""
    files = [[str(file) for file in sorted(table.glob("*.parquet"))]]
    with closing(sqlite3.connect(database)) as source, closing(duckdb.connect()) as reader:
        columns = reader.execute("describe from read_parquet(?)", files).fetchall()
        chosen = ", ".join(map(as_sqlite, columns))
        ours = source.execute(f'select * from "{name}" order by "{key}"')  # noqa: S608 - names of our own
        theirs = reader.execute(f'select {chosen} from read_parquet(?) order by "{key}"', files)  # noqa: S608 - the same
        names, became = ([column[0] for column in ours.description], [column[0] for column in columns])
        if names != became:
            return Agreement(rows=0, values=0, differences=(f"columns {names} became {became}",))
        return compared(rows_of(ours), rows_of(theirs))


def as_sqlite(column: tuple[Any, ...]) -> str:
    """Write the column so that it comes out as SQLite holds it; moments in UTC keep their digits."""
    name, dtype, *_ = column
    written = {"TIMESTAMP": '"{}"::varchar', "TIMESTAMP WITH TIME ZONE": """("{}" at time zone 'UTC')::varchar"""}
    return written.get(dtype, '"{}"').format(name)


def rows_of(cursor: Any) -> Iterator[tuple[Any, ...]]:
    """Fetch row by row, in chunks that fit the memory."""
    while chunk := cursor.fetchmany(CHUNK):
        yield from chunk


def compared(ours: Iterator[tuple[Any, ...]], theirs: Iterator[tuple[Any, ...]]) -> Agreement:
    """Go through both sides to their end and count what is the same."""
    rows = values = 0
    differences = []
    for one, other in zip_longest(ours, theirs, fillvalue=()):
        rows, values = rows + 1, values + len(one)
        if one != other:
            differences.append(f"{one} became {other}")
    return Agreement(rows=rows, values=values, differences=tuple(islice(differences, SHOWN)))


def tell_agreement(found: Agreement) -> None:
    """Print what the comparison found."""
    for difference in found.differences:
        print("  differs:", difference)
    if found.equal:
        print(
            f"\nSQLite's own reader and DuckDB, without hygge: {found.rows:,} rows, {found.values:,} values, all equal."
        )
