"""What a flow may say about a home of type ``mssql``: the keys of its ``home`` table."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Literal

from attrs import field, frozen
from attrs.validators import ge, le, min_len

from hygge_core.sql import check_query, check_table
from hygge_home_mssql.dialect import MSSQL
from hygge_home_mssql.types.options import (
    Bytes,  # noqa: TC001 - cattrs resolves the annotations at run time
    Offsets,  # noqa: TC001 - the same
    On100ns,  # noqa: TC001 - the same
    Options,
    Profile,  # noqa: TC001 - the same
    RowVersions,  # noqa: TC001 - the same
)


if TYPE_CHECKING:
    from attrs import Attribute


IsolationName = Literal["read_committed", "snapshot", "read_uncommitted"]
EngineName = Literal["auto", "pyodbc", "arrow"]
Parameter = bool | int | float | datetime | date | time | str
"""A value that ``where`` compares with; bound, never pasted."""

CHANGE_TRACKING = "CHANGE_TRACKING_CURRENT_VERSION()"
"""What the watermark of a table is called that is followed by Change Tracking."""

_ENTITY = "{entity}"
_MOST_PARTS = 64
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|\[(?:[^\]]|\]\])*\]|--[^\n]*|/\*.*?\*/", re.DOTALL)


def _described(text: str) -> dict[str, str]:
    return {"doc": text}


def _table(_: object, __: Attribute[Any], value: str) -> None:
    check_table(value, MSSQL)


def _query(_: object, __: Attribute[Any], value: str) -> None:
    if value:
        check_query(value, MSSQL)


@frozen(kw_only=True)
class Split:
    """How one table is read in several parts at once, by ranges of one column."""

    by: str = field(
        default="auto",
        validator=min_len(1),
        metadata=_described(
            "The column whose ranges make the parts; `auto` takes the first column of the key. A "
            "table without one is read whole."
        ),
    )
    parts: int = field(
        default=8,
        validator=[ge(2), le(_MOST_PARTS)],
        metadata=_described("How many parts at most, from 2 to 64, and never more than the pool has connections."),
    )
    lock: bool = field(
        default=False,
        metadata=_described(
            "Whether writers wait while the snapshots of all parts begin, as one; needs `isolation` "
            "at `snapshot` and a table."
        ),
    )


@frozen(kw_only=True)
class MssqlConfig:
    """The keys of a home of type ``mssql``."""

    connection: str = field(validator=min_len(1), metadata=_described("The name of a connection of type `mssql`."))
    table: str = field(
        default=_ENTITY,
        validator=_table,
        metadata=_described(
            "The table, view or synonym: `dbo.{entity}`, `[my schema].[odd.name]`, "
            "`OtherDatabase.dbo.{entity}`. A name without a schema is looked for where the login's "
            "default is."
        ),
    )
    query: str = field(
        default="",
        validator=_query,
        metadata=_described(
            "A query instead of a table, without a semicolon at its end; each of its columns has a "
            "name. `{entity}` in it becomes a quoted name. It may not begin with `WITH`, since it "
            "becomes part of a larger statement."
        ),
    )
    columns: tuple[str, ...] = field(default=(), metadata=_described("The only columns to read; without it, all."))
    where: str = field(
        default="", metadata=_described("A condition in T-SQL that rows must fulfil; `?` stands for a parameter.")
    )
    parameters: tuple[Parameter, ...] = field(
        default=(), metadata=_described("A value for each `?`, in order; bound, never pasted.")
    )
    isolation: IsolationName = field(
        default="read_committed", metadata=_described("How far a reading is kept from what others change meanwhile.")
    )
    engine: EngineName = field(
        default="auto",
        metadata=_described(
            "How rows are fetched: `auto` is `arrow` where its package is installed, unless the "
            "connection names a `driver` or a column has `(max)` values. Both give the same frames."
        ),
    )
    split: Split | None = field(default=None, metadata=_described("Reads a table in several parts at once."))
    changes: Literal["none", "change_tracking"] = field(
        default="none", metadata=_described("Whether an incremental run follows the table's Change Tracking.")
    )
    profile: Profile = field(
        default="exact", metadata=_described("The dtypes that fit best, or only those that Microsoft Fabric takes.")
    )
    on_100ns: On100ns = field(
        default="error",
        metadata=_described("What becomes of moments with a seventh digit, which microseconds cannot hold."),
    )
    datetimeoffset: Offsets = field(
        default="utc",
        metadata=_described(
            "What becomes of `datetimeoffset`: the instant in UTC, that with a column of minutes beside it, or text."
        ),
    )
    rowversion: RowVersions = field(
        default="bytes", metadata=_described("What becomes of `rowversion`: 8 bytes, or a number.")
    )
    spatial: Bytes = field(
        default="text",
        metadata=_described(
            "What becomes of `geography`, `geometry` and `hierarchyid`: text, or the server's own bytes."
        ),
    )

    def __attrs_post_init__(self) -> None:
        if self.query and self.table != _ENTITY:
            message = "query and table do not go together; a query says itself what it reads"
            raise ValueError(message)
        if self.follows_changes:
            _demand_alone(query=self.query, where=self.where, split=self.split)
        if self.split and self.split.lock and (self.query or self.isolation != "snapshot"):
            message = 'split.lock needs a table and isolation = "snapshot", whose moment it fixes for all parts'
            raise ValueError(message)
        _demand_parameters(self.where, self.parameters)
        _ = self.options

    @property
    def options(self) -> Options:
        """The choices about types. Raises `ValueError` for those that contradict each other."""
        return Options(
            on_100ns=self.on_100ns,
            datetimeoffset=self.datetimeoffset,
            rowversion=self.rowversion,
            spatial=self.spatial,
            profile=self.profile,
        )

    @property
    def follows_changes(self) -> str:
        """How changes are counted, for `hygge_core.home.FollowsChanges`; empty when they are not followed."""
        return CHANGE_TRACKING if self.changes == "change_tracking" else ""


def _demand_alone(**others: object) -> None:
    """Raise `ValueError` for what Change Tracking, which knows whole tables, does not go together with."""
    for name, value in others.items():
        if value:
            message = f'changes = "change_tracking" and {name} do not go together; changes are those of a whole table'
            raise ValueError(message)


def _demand_parameters(where: str, parameters: tuple[Parameter, ...]) -> None:
    """Raise `ValueError` unless there is a value for each placeholder; ``?`` in texts, names and comments is none."""
    outside = _QUOTED.sub(" ", where)
    if outside.count("?") != len(parameters):
        message = f"where has {outside.count('?')} placeholders (?) and parameters has {len(parameters)} values"
        raise ValueError(message)
    if outside.rstrip().endswith(";"):
        message = "where ends with a semicolon; leave it out, since the condition becomes part of a larger statement"
        raise ValueError(message)
