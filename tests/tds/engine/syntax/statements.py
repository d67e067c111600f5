"""The statements of T-SQL besides queries, as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from tds.engine.syntax import tree


if TYPE_CHECKING:
    from tds.contract import SqlType


@frozen(kw_only=True)
class ColumnDefinition:
    """A column of CREATE TABLE; a computed one has ``computed`` and no type until it is bound."""

    name: str
    type: SqlType | None = None
    nullable: bool | None = None
    identity: tuple[int, int] | None = None
    computed: tree.Expression | None = None
    persisted: bool = False
    sparse: bool = False
    default: tree.Expression | None = None
    text: str = ""


@frozen(kw_only=True)
class KeyDefinition:
    """A key or an index: its columns, each with whether it descends."""

    name: str | None
    columns: tuple[tuple[str, bool], ...]
    primary: bool = False
    unique: bool = True
    clustered: bool | None = None
    constraint: bool = True
    included: tuple[str, ...] = ()
    filtered: bool = False


@frozen(kw_only=True)
class CreateTable:
    """CREATE TABLE."""

    parts: tuple[str, ...]
    columns: tuple[ColumnDefinition, ...]
    keys: tuple[KeyDefinition, ...]


@frozen
class CreateIndex:
    """CREATE INDEX."""

    table: tuple[str, ...]
    key: KeyDefinition


@frozen(kw_only=True)
class CreateView:
    """CREATE VIEW."""

    parts: tuple[str, ...]
    columns: tuple[str, ...]
    query: tree.Query


@frozen
class CreateSchema:
    """CREATE SCHEMA."""

    name: str


@frozen
class CreateStatistics:
    """CREATE STATISTICS."""

    name: str
    table: tuple[str, ...]
    columns: tuple[str, ...]


@frozen
class Drop:
    """DROP of tables, views, schemas, statistics; ``on`` is the table of an index."""

    kind: str
    names: tuple[tuple[str, ...], ...]
    if_exists: bool
    on: tuple[str, ...] | None = None


@frozen
class AddToTable:
    """ALTER TABLE ADD."""

    table: tuple[str, ...]
    columns: tuple[ColumnDefinition, ...]
    keys: tuple[KeyDefinition, ...]


@frozen
class DropFromTable:
    """ALTER TABLE DROP COLUMN or DROP CONSTRAINT."""

    table: tuple[str, ...]
    kind: str
    names: tuple[str, ...]


@frozen
class AlterColumn:
    """ALTER TABLE ALTER COLUMN."""

    table: tuple[str, ...]
    column: ColumnDefinition


@frozen
class TrackTable:
    """ALTER TABLE ENABLE or DISABLE CHANGE_TRACKING."""

    table: tuple[str, ...]
    on: bool
    columns_updated: bool = False


@frozen
class AlterDatabase:
    """ALTER DATABASE SET; a name of None is the current database."""

    name: str | None
    option: str
    value: str
    details: tuple[tuple[str, str], ...] = ()


@frozen(kw_only=True)
class Insert:
    """INSERT of rows or of a query; neither means DEFAULT VALUES. An expression of None is DEFAULT."""

    table: tuple[str, ...]
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[tree.Expression | None, ...], ...] = ()
    query: tree.Query | None = None
    output: tuple[tree.Item, ...] = ()


@frozen(kw_only=True)
class Update:
    """UPDATE of one table."""

    table: tuple[str, ...]
    changes: tuple[tuple[str, tree.Expression | None], ...]
    where: tree.Expression | None
    top: tree.Expression | None = None
    output: tuple[tree.Item, ...] = ()


@frozen(kw_only=True)
class Delete:
    """DELETE from one table."""

    table: tuple[str, ...]
    where: tree.Expression | None
    top: tree.Expression | None = None
    output: tuple[tree.Item, ...] = ()


@frozen
class Truncate:
    """TRUNCATE TABLE."""

    table: tuple[str, ...]


@frozen
class SetOption:
    """SET NAME value, such as SET NOCOUNT ON; the value in capitals."""

    name: str
    value: str


@frozen
class SetIsolation:
    """SET TRANSACTION ISOLATION LEVEL."""

    level: str


@frozen
class SetVariable:
    """SET @name = value."""

    name: str
    value: tree.Expression


@frozen
class Declare:
    """DECLARE."""

    items: tuple[tuple[str, SqlType, tree.Expression | None], ...]


@frozen
class If:
    """IF ... ELSE ..."""

    condition: tree.Expression
    then: Statement
    otherwise: Statement | None


@frozen
class While:
    """WHILE."""

    condition: tree.Expression
    body: Statement


@frozen
class Block:
    """BEGIN ... END."""

    statements: tuple[Statement, ...]


@frozen
class Transaction:
    """BEGIN, COMMIT or ROLLBACK of a transaction."""

    verb: str


@frozen
class Execute:
    """EXEC of a procedure, or of a text in brackets."""

    procedure: tuple[str, ...]
    arguments: tuple[tuple[str, tree.Expression], ...]


@frozen
class Print:
    """PRINT."""

    text: tree.Expression


@frozen
class Throw:
    """RAISERROR or THROW: number, message, severity, state."""

    number: tree.Expression
    message: tree.Expression
    severity: tree.Expression
    state: tree.Expression


@frozen
class Use:
    """USE."""

    database: str


@frozen
class Wait:
    """WAITFOR DELAY."""

    delay: tree.Expression


@frozen
class Permit:
    """GRANT, DENY or REVOKE on one object, or on the database when there is none."""

    verb: str
    permissions: tuple[str, ...]
    on: tuple[str, ...] | None
    to: str


Statement = (
    tree.Query | CreateTable | CreateIndex | CreateView | CreateSchema | CreateStatistics | Drop | AddToTable
    | DropFromTable | AlterColumn | TrackTable | AlterDatabase | Insert | Update | Delete | Truncate | SetOption
    | SetIsolation | SetVariable | Declare | If | While | Block | Transaction | Execute | Print | Throw | Use | Wait
    | Permit
)  # fmt: skip
