"""What the wire of the test server and the engine behind it say to each other.

The wire (`tds.server`) speaks TDS 7.4 with the drivers, checks logins and injects faults. The engine answers SQL. The
wire knows no SQL and the engine knows no bytes; between them are these types. `tds.engine.open_engine()` makes the
engine that `SqlServer()` uses when it is given none.

Values are Python values in one exact form per type, in rows and in parameters alike, and None is NULL:

==========================================  =========================================================================
bit                                         `bool`
tinyint, smallint, int, bigint              `int`
real, float                                 `float`; a real holds a number that 32 bits hold
decimal, numeric                            `decimal.Decimal`, at most `scale` digits after the point
money, smallmoney                           `decimal.Decimal`, at most 4 digits after the point
char, varchar, text, nchar, nvarchar,       `str`; char and nchar are padded by the engine, as a server pads them.
ntext, xml                                  What the collation's code page lacks becomes `?`, as the server stores it
binary, varbinary, image, timestamp         `bytes`; binary is padded by the engine, timestamp (rowversion) has 8 bytes
uniqueidentifier                            `uuid.UUID`
date                                        `int`: days since 0001-01-01
time(n)                                     `int`: ticks of 100 ns since midnight
datetime2(n), datetime, smalldatetime       `int`: ticks of 100 ns since 0001-01-01 00:00. The wire rounds to what the
                                            type holds; a datetime parameter comes as n/300 s rounded to a tick
datetimeoffset(n)                           `Instant(ticks, minutes)`: ticks of the instant in UTC, offset in minutes
hierarchyid, geometry, geography            `bytes`, the type's own serialization
sql_variant                                 `Variant(type, value)`
==========================================  =========================================================================
"""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from attrs import define, field, frozen


if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator


MAX = -1  # the length of varchar(max), nvarchar(max) and varbinary(max), as sys.columns says it
DEFAULT_COLLATION = "SQL_Latin1_General_CP1_CI_AS"
TICKS_PER_SECOND = 10_000_000
TICKS_PER_DAY = 86_400 * TICKS_PER_SECOND


class Instant(NamedTuple):
    """A datetimeoffset: `ticks` of 100 ns since 0001-01-01 00:00 UTC, and the offset it is written with, in minutes."""

    ticks: int
    minutes: int


@frozen
class SqlType:
    """A T-SQL type, named as `sys.types` names it (so `timestamp` for rowversion, `decimal` or `numeric`).

    `length` is what stands in the brackets of T-SQL: characters for nchar and nvarchar, bytes for char, varchar, binary
    and varbinary, or `MAX`. `precision` and `scale` are those of decimals; time, datetime2 and datetimeoffset have a
    `scale`. float has no precision here: `real` has 24 bits, `float` 53.
    """

    name: str
    length: int | None = None
    precision: int | None = None
    scale: int | None = None
    collation: str | None = None


@frozen
class Column:
    """A column of a result. `nullable` goes to the driver exactly as it is here."""

    name: str
    type: SqlType
    nullable: bool = True
    identity: bool = False
    computed: bool = False


@frozen
class Variant:
    """A sql_variant that is not NULL: a value and the type it has."""

    type: SqlType
    value: Any


@frozen
class Encoded:
    """Rows as the bytes of their ROW tokens, made by `tds.rows.encode`; a way to send gigabytes without making them."""

    data: bytes
    rows: int


@frozen
class Rows:
    """A result set. `rows` are read only as fast as the client reads, and closed when it stops."""

    columns: tuple[Column, ...]
    rows: Iterable[tuple[Any, ...] | Encoded]


@frozen
class Done:
    """A statement without rows. `count` is the number of rows it touched; None says nothing (DDL, SET, NOCOUNT)."""

    count: int | None = None


@frozen
class Info:
    """A message that is no error, such as PRINT's."""

    text: str
    number: int = 0
    state: int = 1
    severity: int = 0


Result = Rows | Done | Info


class SqlError(Exception):
    """An error as the client gets it. From severity 20 on the server closes the connection."""

    def __init__(self, number: int, message: str, *, state: int = 1, severity: int = 16) -> None:
        super().__init__(f"{number}: {message}")
        self.number = number
        self.message = message
        self.state = state
        self.severity = severity


@frozen
class Parameter:
    """A parameter of a statement or a procedure. `name` has its @, or is empty when it was given by position."""

    name: str
    type: SqlType
    value: Any
    output: bool = False


class Cancelled(Protocol):
    """Whether the client wants the running statement to stop, or is gone. `threading.Event` is one that nobody sets."""

    def is_set(self) -> bool:
        """Look at the connection once."""
        ...

    def wait(self, timeout: float) -> bool:
        """Wait up to `timeout` seconds for it: what a WAITFOR of the engine calls."""
        ...


@define
class Session:
    """One connection, from its login to its end. The engine keeps what it needs in `state`.

    The wire tells the client when the engine changes `database` or `in_transaction` (USE, BEGIN TRAN, COMMIT, an error
    that rolls back). An engine that works for long looks at `cancelled` and returns.
    """

    id: int
    login: str
    database: str
    application: str = ""
    host: str = ""
    read_only: bool = False
    in_transaction: bool = False
    state: dict[str, Any] = field(factory=dict)
    cancelled: Cancelled = field(factory=Event)


class Engine(Protocol):
    """What answers SQL. Many threads call it at once, for one session one at a time."""

    def databases(self) -> Collection[str]:
        """Return the databases that a login may name; any other gets error 4060."""
        ...

    def execute(self, session: Session, sql: str, parameters: tuple[Parameter, ...]) -> Iterator[Result]:
        """Run a batch (no parameters) or a parameterized statement; yield its results in order, or raise `SqlError`."""
        ...

    def call(self, session: Session, procedure: str, parameters: tuple[Parameter, ...]) -> Iterator[Result]:
        """Run a procedure by its name without schema, in lower case (`sp_tables`), or raise `SqlError` 2812."""
        ...

    def describe(self, session: Session, sql: str, parameters: tuple[Parameter, ...]) -> tuple[Column, ...]:
        """Return the columns of a statement's first result without running it; none when it has no rows."""
        ...

    def begin(self, session: Session, isolation: str | None) -> None:
        """Begin a transaction; `isolation` is named as in SET TRANSACTION ISOLATION LEVEL, None leaves it."""
        ...

    def commit(self, session: Session) -> None:
        """Commit the session's transaction."""
        ...

    def rollback(self, session: Session) -> None:
        """Roll the session's transaction back."""
        ...

    def close(self, session: Session) -> None:
        """Let go of what the session held, its open transaction rolled back.

        Called at the end of a session, and when a pool resets it; after a reset the session goes on with empty `state`.
        """
        ...

    def create(self, table: str, columns: tuple[Column, ...], rows: Iterable[tuple[Any, ...]] = ()) -> None:
        """Make a table from values, without SQL: a short way for tests."""
        ...
