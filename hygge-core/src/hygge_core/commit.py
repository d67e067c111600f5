"""The plain data of a staged commit: what is staged, what gets committed, what came of it.

Everything here is frozen, holds only JSON-able values, and is enough to reopen a stage
in another process.  Nothing here knows how any store keeps its tables.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - cattrs resolves the annotations at run time
from typing import Literal

from attrs import Factory, frozen

from hygge_core.mark import Watermark  # noqa: TC001 - cattrs resolves the annotations at run time


Mode = Literal["replace", "append", "upsert"]
"""``replace`` switches the whole table, ``append`` adds to it, ``upsert`` replaces the rows of the same keys."""

Origin = Literal["run", "set", "reset", "import"]
"""What made a commit: a run that moved rows, or a person who moved the watermark."""


@frozen(kw_only=True)
class Column:
    """One column as it was committed: its name and its dtype in the text form of `hygge_core.schema`."""

    name: str
    dtype: str


@frozen(kw_only=True)
class Table:
    """One table of a flow, as a store is asked to stage it.

    ``name`` is the entity's name, already known to be safe as a folder or table name.
    ``columns`` are those of the polished frames, in order; ``key`` are those of them that tell rows apart,
    empty where the flow does not say.
    """

    name: str
    flow: str = ""
    columns: tuple[Column, ...] = ()
    mode: Mode = "replace"
    key: tuple[str, ...] = ()


@frozen(kw_only=True)
class TableRun:
    """One table in one run of ``hygge go``.

    ``id`` is the run's, sortable by time and unique; ``attempt`` counts from 1.
    ``token`` is unique for each attempt and goes into the names of what it writes.
    """

    id: str
    flow: str
    entity: str
    started: datetime
    attempt: int = 1

    @property
    def token(self) -> str:
        """The name of this attempt, never used twice."""
        return self.id if self.attempt == 1 else f"{self.id}-try{self.attempt}"


@frozen(kw_only=True)
class Part:
    """One staged piece of a table.

    ``name`` is its final place within the table, ``staged`` where it waits, both in the
    store's own terms; ``size`` is in bytes, ``checksum`` reads ``algorithm:hex``.
    """

    name: str
    staged: str
    rows: int
    size: int
    checksum: str


@frozen(kw_only=True)
class Staged:
    """A sealed stage: durable, counted, and nothing may be added any more."""

    table: Table
    run: TableRun
    parts: tuple[Part, ...]

    @property
    def rows(self) -> int:
        """Rows in all parts."""
        return sum(part.rows for part in self.parts)

    @property
    def size(self) -> int:
        """Bytes in all parts, as stored."""
        return sum(part.size for part in self.parts)


@frozen(kw_only=True)
class CommitRecord:
    """What a commit will do, written durably before its first visible change.

    The engine makes it from the sealed stage; the store adds ``sequence`` (1 for the
    table's first commit, then one more each) and ``removes``, the names that go when
    the parts come.  Once it is durable the commit *will* happen, in this process or the next.

    ``watermark`` is the progress that becomes true with the rows; None for a table that
    is not followed by one.  A person who sets or resets it makes a commit without parts:
    ``origin`` says so and ``by`` names the person.
    """

    run: TableRun
    table: Table
    parts: tuple[Part, ...]
    sequence: int = 0
    removes: tuple[str, ...] = ()
    watermark: Watermark | None = None
    origin: Origin = "run"
    by: str = ""
    committed_at: datetime | None = None
    version: int = 1

    @property
    def rows(self) -> int:
        """Rows in all parts."""
        return sum(part.rows for part in self.parts)


@frozen(kw_only=True)
class Receipt:
    """The proof that a commit is visible; the same for every repetition of that commit."""

    record: CommitRecord
    location: str

    @property
    def rows(self) -> int:
        """Rows that this commit made visible."""
        return self.record.rows

    @property
    def size(self) -> int:
        """Bytes that this commit made visible."""
        return sum(part.size for part in self.record.parts)


@frozen(kw_only=True)
class Recovery:
    """What a store found left by a killed run, and what it did: finished commits, swept stages."""

    rolled_forward: tuple[Receipt, ...] = ()
    swept: tuple[str, ...] = Factory(tuple)
