"""A source that people work with: one table in a SQLite file, and the same rows as a Parquet file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import polars as pl
from attrs import frozen

from model.documented import Row


if TYPE_CHECKING:
    from pathlib import Path


START = datetime(2024, 2, 29, 23, 59, 58)  # noqa: DTZ001 - SQLite's dates have no zone
TICK = timedelta(milliseconds=250)
TYPES = {"Region": pl.String, "Id": pl.Int64, "Value": pl.Int64, "Gone": pl.Boolean, "Note": pl.Int64}


def moment(tick: int | None) -> datetime | None:
    return None if tick is None else START + tick * TICK


def tick_of(value: datetime | int | None) -> int | None:
    return round((value - START) / TICK) if isinstance(value, datetime) else value


@frozen
class Source:
    """``dated`` says whether the watermark is a time; it is a number otherwise."""

    folder: Path
    dated: bool

    def create(self) -> None:
        marks = "DATETIME" if self.dated else "INTEGER"
        table = f"Region TEXT, Id INTEGER, ChangedAt {marks}, Value INTEGER, Gone BOOLEAN, PRIMARY KEY (Region, Id)"
        self._do("PRAGMA journal_mode = WAL", f"CREATE TABLE Item ({table})")

    def put(self, row: Row) -> None:
        """Insert the row, or update the one of the same key."""
        values = {"Region": row.region, "Id": row.id, "ChangedAt": self._stored(row.tick), "Value": row.value}
        values |= {"Gone": int(row.gone)} | ({"Note": row.note} if self.has_note else {})
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        self._do((f"INSERT OR REPLACE INTO Item ({names}) VALUES ({marks})", tuple(values.values())))  # noqa: S608 - our own names

    def delete(self, row: Row) -> None:
        self._do(("DELETE FROM Item WHERE Region = ? AND Id = ?", row.key))

    def add_note(self) -> None:
        """Change the schema: one more column at the end."""
        if not self.has_note:
            self._do("ALTER TABLE Item ADD COLUMN Note INTEGER")

    @property
    def has_note(self) -> bool:
        return "Note" in self._columns()

    def rows(self) -> list[Row]:
        note = "Note" if self.has_note else "NULL"
        with closing(sqlite3.connect(self.file)) as connection:
            found = connection.execute(f"SELECT Region, Id, ChangedAt, Value, Gone, {note} FROM Item").fetchall()  # noqa: S608 - our own names
        return [
            Row(region=region, id=number, tick=self._tick(mark), value=value, gone=bool(gone), note=note)
            for region, number, mark, value, gone, note in found
        ]

    def copy_to_parquet(self) -> None:
        """Write ``Item.parquet`` beside the database, as an export of it would lie there."""
        marks = pl.Datetime("us") if self.dated else pl.Int64
        types = {name: marks if name == "ChangedAt" else TYPES[name] for name in self._columns()}
        rows = [
            (row.region, row.id, moment(row.tick) if self.dated else row.tick, row.value, row.gone, row.note)
            for row in self.rows()
        ]
        pl.DataFrame([row[: len(types)] for row in rows], schema=types, orient="row").write_parquet(
            self.folder / "Item.parquet"
        )

    @property
    def file(self) -> Path:
        return self.folder / "source.db"

    def _columns(self) -> list[str]:
        with closing(sqlite3.connect(self.file)) as connection:
            return [name for _, name, *_ in connection.execute("PRAGMA table_info(Item)")]

    def _stored(self, tick: int | None) -> str | int | None:
        at = moment(tick)
        return at.isoformat(" ") if self.dated and at else tick

    def _tick(self, stored: str | int | None) -> int | None:
        return tick_of(datetime.fromisoformat(stored) if isinstance(stored, str) else stored)

    def _do(self, *statements: str | tuple[str, tuple[object, ...]]) -> None:
        with closing(sqlite3.connect(self.file)) as connection, connection:
            for statement in statements:
                connection.execute(*([statement] if isinstance(statement, str) else statement))
