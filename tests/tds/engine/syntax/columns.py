"""Columns and keys as CREATE TABLE and ALTER TABLE write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve

from tds.contract import SqlError, SqlType
from tds.engine.syntax import statements as made
from tds.engine.syntax.expressions import expression
from tds.engine.syntax.types import type_of


if TYPE_CHECKING:
    from tds.engine.syntax.tokens import Tokens


_KEY_WORDS = ("CONSTRAINT", "PRIMARY", "UNIQUE", "INDEX", "FOREIGN", "CHECK")
_NO_TYPE_NEEDED = {"timestamp", "rowversion"}


def sees_key(tokens: Tokens) -> bool:
    """Say whether a key or another constraint of the table comes, and no column."""
    return tokens.next.says(*_KEY_WORDS)


def column_definition(tokens: Tokens) -> tuple[made.ColumnDefinition, list[made.KeyDefinition]]:
    """Read a column, and the keys that its own words make."""
    name = tokens.name()
    if tokens.accept("AS"):
        return _computed(tokens, name)
    if name.lower() in _NO_TYPE_NEEDED and tokens.next.says(",", ")", "NOT", "NULL"):
        column = made.ColumnDefinition(name=name, type=SqlType("timestamp"))
    else:
        column = made.ColumnDefinition(name=name, type=type_of(tokens, length=1))
    keys: list[made.KeyDefinition] = []
    while (changed := _property(tokens, column, keys)) is not None:
        column = changed
    return column, keys


def _computed(tokens: Tokens, name: str) -> tuple[made.ColumnDefinition, list[made.KeyDefinition]]:
    start = tokens.next.start
    found = expression(tokens)
    text = tokens.sql[start : tokens.tokens[tokens.at - 1].end]
    column = made.ColumnDefinition(name=name, computed=found, persisted=tokens.accept("PERSISTED"), text=text)
    keys: list[made.KeyDefinition] = []
    while (changed := _property(tokens, column, keys)) is not None:
        column = changed
    return column, keys


def _property(  # noqa: PLR0911 - one for each word
    tokens: Tokens, column: made.ColumnDefinition, keys: list[Any]
) -> made.ColumnDefinition | None:
    """Read one of the words behind a column; None when no more come."""
    if tokens.accept("NOT", "NULL"):
        return evolve(column, nullable=False)
    if tokens.accept("NULL"):
        return evolve(column, nullable=True)
    if tokens.accept("SPARSE"):
        return evolve(column, sparse=True)
    if tokens.accept("ROWGUIDCOL"):
        return column
    if tokens.accept("COLLATE"):
        return evolve(column, type=evolve(column.type, collation=tokens.name()))
    if tokens.accept("IDENTITY"):
        return evolve(column, identity=_identity(tokens))
    return _constraint(tokens, column, keys)


def _identity(tokens: Tokens) -> tuple[int, int]:
    if not tokens.accept("("):
        return 1, 1
    seed = tokens.integer()
    tokens.expect(",")
    step = tokens.integer()
    tokens.expect(")")
    return seed, step


def _constraint(tokens: Tokens, column: made.ColumnDefinition, keys: list[Any]) -> made.ColumnDefinition | None:
    name = tokens.name() if tokens.accept("CONSTRAINT") else None
    if tokens.accept("DEFAULT"):
        return evolve(column, default=expression(tokens))
    if tokens.next.says("PRIMARY", "UNIQUE"):
        primary = _key_kind(tokens)
        clustered = _clustered(tokens)
        storage_options(tokens)
        keys.append(
            made.KeyDefinition(name=name, columns=((column.name, False),), primary=primary, clustered=clustered)
        )
        return evolve(column, nullable=False) if primary else column
    if tokens.next.says("CHECK", "REFERENCES", "FOREIGN", "MASKED", "GENERATED", "ENCRYPTED"):
        raise SqlError(40000, f"this server does not know columns with {tokens.next.text.upper()}")
    return tokens.refuse() if name else None


def key_definition(tokens: Tokens) -> made.KeyDefinition | None:
    """Read a key of the table."""
    name = tokens.name() if tokens.accept("CONSTRAINT") else None
    if tokens.accept("INDEX"):
        name, unique = tokens.name(), tokens.accept("UNIQUE")
        clustered = _clustered(tokens)
        columns = key_columns(tokens)
        return made.KeyDefinition(name=name, columns=columns, unique=unique, clustered=clustered, constraint=False)
    if not tokens.next.says("PRIMARY", "UNIQUE"):
        raise SqlError(40000, f"this server does not know the constraint {tokens.next.text.upper()}")
    primary = _key_kind(tokens)
    clustered = _clustered(tokens)
    found = made.KeyDefinition(name=name, columns=key_columns(tokens), primary=primary, clustered=clustered)
    storage_options(tokens)
    return found


def _key_kind(tokens: Tokens) -> bool:
    primary = tokens.accept("PRIMARY", "KEY")
    if not primary:
        tokens.expect("UNIQUE")
    return primary


def _clustered(tokens: Tokens) -> bool | None:
    word = tokens.one_of("CLUSTERED", "NONCLUSTERED")
    return None if word is None else word == "CLUSTERED"


def key_columns(tokens: Tokens) -> tuple[tuple[str, bool], ...]:
    """Read the columns of a key, each with whether it descends."""
    tokens.expect("(")
    found = []
    while True:
        found.append((tokens.name(), tokens.one_of("ASC", "DESC") == "DESC"))
        if not tokens.accept(","):
            break
    tokens.expect(")")
    return tuple(found)


def plain_names(tokens: Tokens) -> tuple[str, ...]:
    """Read names in brackets."""
    return tuple(name for name, _ in key_columns(tokens))


def storage_options(tokens: Tokens) -> None:
    """Skip ``WITH (...)`` and ``ON filegroup``, which say where and how rows lie."""
    if tokens.accept("WITH", "("):
        while not tokens.accept(")"):
            tokens.take()
    if tokens.accept("ON"):
        tokens.name()
