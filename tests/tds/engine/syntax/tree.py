"""What T-SQL is read into: expressions and queries, as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen


if TYPE_CHECKING:
    from tds.contract import SqlType


@frozen
class Literal:
    """A constant of a known type; None for NULL, which has type int until something else is known."""

    type: SqlType
    value: Any


@frozen
class Variable:
    """``@name``, or ``@@NAME`` for what the server knows."""

    name: str


@frozen
class Name:
    """A column, with what stood before it: alias, or schema and table."""

    parts: tuple[str, ...]


@frozen
class Star:
    """``*`` or ``alias.*``."""

    of: str | None = None


@frozen
class Unary:
    """A sign or NOT before an expression."""

    sign: str
    of: Expression


@frozen
class Binary:
    """Two expressions and the sign between them; AND and OR too."""

    sign: str
    left: Expression
    right: Expression


@frozen
class IsNull:
    """``IS NULL``."""

    of: Expression


@frozen
class InList:
    """``IN (a, b)``."""

    of: Expression
    values: tuple[Expression, ...]


@frozen
class InQuery:
    """``IN (SELECT ...)``."""

    of: Expression
    query: Query


@frozen
class Like:
    """``LIKE pattern ESCAPE sign``."""

    of: Expression
    pattern: Expression
    escape: Expression | None = None


@frozen
class Exists:
    """``EXISTS (SELECT ...)``."""

    query: Query


@frozen
class Scalar:
    """A query in brackets where a value is wanted."""

    query: Query


@frozen
class Case:
    """``CASE WHEN ... THEN ... ELSE ... END``; the short form is written out by the parser."""

    branches: tuple[tuple[Expression, Expression], ...]
    otherwise: Expression | None


@frozen
class Cast:
    """CAST and CONVERT, and their TRY_ forms."""

    of: Expression
    type: SqlType
    style: Expression | None = None
    tries: bool = False


@frozen
class Collate:
    """``COLLATE name``."""

    of: Expression
    collation: str


@frozen
class AtTimeZone:
    """``AT TIME ZONE name``."""

    of: Expression
    zone: Expression


@frozen
class Call:
    """A function; ``part`` is the date part that some take first."""

    name: str
    arguments: tuple[Expression, ...]
    distinct: bool = False
    part: str | None = None


@frozen
class Method:
    """A method of a CLR type, such as ``shape.STAsText()``."""

    of: Expression
    name: str
    arguments: tuple[Expression, ...]


@frozen
class Ordering:
    """One expression of ORDER BY."""

    by: Expression
    descending: bool = False


@frozen
class Window:
    """A function with OVER; ``within`` is the order of WITHIN GROUP."""

    call: Call
    partition: tuple[Expression, ...] = ()
    order: tuple[Ordering, ...] = ()
    within: tuple[Ordering, ...] = ()


@frozen
class Item:
    """One expression of a select list."""

    of: Expression
    alias: str | None = None


@frozen
class Table:
    """A table, view or CTE by its name, or a function with its arguments."""

    parts: tuple[str, ...]
    alias: str | None = None
    hints: tuple[str, ...] = ()
    arguments: tuple[Expression, ...] | None = None
    sample: tuple[Expression, str] | None = None


@frozen
class Changes:
    """``CHANGETABLE(CHANGES table, version)``; ``force`` is FORCESEEK and does nothing."""

    table: tuple[str, ...]
    since: Expression
    alias: str | None = None


@frozen
class Derived:
    """A query in brackets after FROM."""

    query: Query
    alias: str
    columns: tuple[str, ...] = ()


@frozen
class Rowset:
    """``(VALUES (1, 2), (3, 4)) AS v(a, b)``."""

    rows: tuple[tuple[Expression, ...], ...]
    alias: str
    columns: tuple[str, ...]


@frozen
class Join:
    """Two sources; ``kind`` is INNER, LEFT, RIGHT, FULL, CROSS, CROSS APPLY or OUTER APPLY."""

    kind: str
    left: Source
    right: Source
    on: Expression | None = None


@frozen(kw_only=True)
class Select:
    """One SELECT without its ORDER BY."""

    items: tuple[Item, ...]
    source: Source | None = None
    where: Expression | None = None
    groups: tuple[Expression, ...] = ()
    having: Expression | None = None
    distinct: bool = False
    top: Expression | None = None
    percent: bool = False
    ties: bool = False
    into: tuple[str, ...] | None = None


@frozen
class Combined:
    """Two queries joined by UNION, UNION ALL, EXCEPT or INTERSECT."""

    kind: str
    left: Body
    right: Body


@frozen(kw_only=True)
class Query:
    """A whole query: its body, what WITH named before it, and the order of its rows."""

    body: Body
    order: tuple[Ordering, ...] = ()
    offset: Expression | None = None
    fetch: Expression | None = None
    named: tuple[tuple[str, tuple[str, ...], Query], ...] = ()


Expression = (
    Literal | Variable | Name | Star | Unary | Binary | IsNull | InList | InQuery | Like | Exists | Scalar | Case
    | Cast | Collate | AtTimeZone | Call | Method | Window
)  # fmt: skip
Source = Table | Changes | Derived | Rowset | Join
Body = Select | Combined
