"""An expression that is ready to run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from tds.contract import SqlError


if TYPE_CHECKING:
    from collections.abc import Callable

    from tds.contract import Column, SqlType

Row = tuple[Any, ...]


@frozen(kw_only=True)
class Compiled:
    """What an expression gives for a row, and what is known of it without one.

    ``constant`` is the same for all rows. ``source`` is the column that it merely names. ``explicit`` says that COLLATE
    chose the collation of its type. Conditions have the type bit and give True, False, or None for unknown.
    """

    type: SqlType
    run: Callable[[Row], Any]
    nullable: bool = True
    constant: bool = False
    explicit: bool = False
    position: int | None = None
    source: Column | None = None

    def value(self) -> Any:
        """Return the value of a constant."""
        return self.run(())


def constant(type_: SqlType, value: Any) -> Compiled:
    """Make an expression of a value."""
    return Compiled(type=type_, run=lambda _: value, nullable=value is None, constant=True)


def folded(found: Compiled, *parts: Compiled) -> Compiled:
    """Compute an expression once when all its parts are constants; one that fails fails when it is asked for."""
    if not all(part.constant for part in parts):
        return found
    try:
        value = found.run(())
    except SqlError:
        return evolve(found, constant=True)
    return evolve(found, constant=True, run=lambda _: value)


def of_values(type_: SqlType, function: Callable[..., Any], *parts: Compiled, nullable: bool | None = None) -> Compiled:
    """Make an expression that is NULL when one of its parts is, and a function of their values else."""
    runs = tuple(part.run for part in parts)
    if len(runs) == 1:
        (only,) = runs

        def run(row: Row) -> Any:
            value = only(row)
            return None if value is None else function(value)
    else:

        def run(row: Row) -> Any:
            values = [part(row) for part in runs]
            return None if None in values else function(*values)

    known = any(part.nullable for part in parts) if nullable is None else nullable
    return folded(Compiled(type=type_, run=run, nullable=known), *parts)
