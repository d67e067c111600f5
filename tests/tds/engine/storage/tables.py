"""What a table, its columns and its keys are, and what a view is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import define, field, frozen


if TYPE_CHECKING:
    from tds.contract import SqlType
    from tds.engine.syntax import tree


@frozen(kw_only=True)
class TableColumn:
    """A column as the catalogue knows it. ``id`` stays when others before it are dropped."""

    id: int
    name: str
    type: SqlType
    nullable: bool = True
    identity: tuple[int, int] | None = None
    computed: tree.Expression | None = None
    text: str = ""
    persisted: bool = False
    sparse: bool = False
    default: tree.Expression | None = None
    user_type: str | None = None


@define(kw_only=True, eq=False)
class Key:
    """A key or index; ``entries`` holds the row of each value of a unique one, uncommitted rows too."""

    id: int
    index_id: int
    name: str
    columns: tuple[tuple[int, bool], ...]
    primary: bool = False
    unique: bool = False
    constraint: bool = False
    clustered: bool = False
    included: tuple[int, ...] = ()
    filtered: bool = False
    entries: dict[Any, int] = field(factory=dict, repr=False)


@define(kw_only=True)
class Tracking:
    """Change Tracking of a table: since which version it is known, and what happened, in order of commits."""

    begin: int
    columns_updated: bool = False
    log: list[tuple[int, str, tuple[Any, ...]]] = field(factory=list, repr=False)


@define(kw_only=True, eq=False)
class Table:
    """A table: what does not change with its rows. Rows and columns are in its versions."""

    id: int
    schema: str
    name: str
    created: int
    keys: list[Key] = field(factory=list)
    statistics: list[tuple[int, str, tuple[int, ...]]] = field(factory=list)
    tracking: Tracking | None = None
    next_identity: int | None = None
    last_identity: int | None = None
    last_row: int = 0
    locks: dict[int, Any] = field(factory=dict, repr=False)

    def next_row(self) -> int:
        """Number a new row; rows are kept in this order."""
        self.last_row += 1
        return self.last_row

    def next_index_id(self) -> int:
        """Number an index; 1 is kept for the clustered one."""
        taken = [key.index_id for key in self.keys] + [number for number, _, _ in self.statistics]
        return max([1, *taken]) + 1


@frozen(kw_only=True)
class View:
    """A view: its query, and the names that CREATE VIEW gave its columns."""

    id: int
    schema: str
    name: str
    created: int
    columns: tuple[str, ...]
    query: tree.Query
