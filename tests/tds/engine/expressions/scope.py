"""What the names of an expression mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import define, evolve, field, frozen

from tds.contract import SqlError
from tds.engine.expressions.compiled import Compiled


if TYPE_CHECKING:
    from collections.abc import Mapping

    from tds.contract import Column
    from tds.engine.expressions.compiled import Row
    from tds.engine.syntax import tree


@frozen
class Field:
    """A column that can be named: by its name alone, or behind what its source is called."""

    source: tuple[str, ...]
    column: Column


@define
class Frame:
    """The row of an outer query while an inner one runs for it, and whether an inner one ever names a field of it."""

    row: Row = ()
    used: bool = False


@frozen(kw_only=True)
class Scope:
    """The fields of a row, the outer query around it, and what runs queries and knows variables.

    ``known`` holds expressions that are computed already: aggregates, groups, windows. ``grouped`` says that a field
    may only be named when it is among them.
    """

    context: Any
    fields: tuple[Field, ...] = ()
    outer: Scope | None = None
    frame: Frame = field(factory=Frame)
    known: Mapping[tree.Expression, Compiled] = field(factory=dict)
    positions: Mapping[int, Compiled] = field(factory=dict)
    grouped: bool = False

    def inner(self) -> Scope:
        """Return the scope of a query inside of this one, without fields of its own yet."""
        return Scope(context=self.context, outer=self)

    def with_fields(self, fields: tuple[Field, ...]) -> Scope:
        """Return this scope with other fields."""
        return evolve(self, fields=fields, frame=Frame())

    def name(self, parts: tuple[str, ...]) -> Compiled:
        """Find what a name means, here or further out. Raises `SqlError` 207, 209 and 4104."""
        found = self._own(parts)
        if found is not None:
            return found
        if self.outer is not None:
            return self._outer(parts)
        if len(parts) == 1:
            raise SqlError(207, f"Invalid column name '{parts[0]}'.")
        raise SqlError(4104, f'The multi-part identifier "{".".join(parts)}" could not be bound.')

    def _outer(self, parts: tuple[str, ...]) -> Compiled:
        assert self.outer is not None
        found = self.outer.name(parts)
        if found.constant:
            return found
        frame, run = self.outer.frame, found.run
        frame.used = True
        return evolve(found, run=lambda _: run(frame.row), position=None)

    def _own(self, parts: tuple[str, ...]) -> Compiled | None:
        places = self.places(parts)
        if len(places) > 1:
            raise SqlError(209, f"Ambiguous column name '{parts[-1]}'.")
        if not places:
            return None
        (place,) = places
        if self.grouped:
            if place not in self.positions:
                raise SqlError(
                    8120,
                    f"Column '{'.'.join(parts)}' is invalid in the select list because it is not "
                    "contained in either an aggregate function or the GROUP BY clause.",
                )
            return self.positions[place]
        return at(place, self.fields[place].column)

    def places(self, parts: tuple[str, ...]) -> list[int]:
        """Return where in the row the fields of a name are."""
        *source, name = (part.lower() for part in parts)
        return [
            place
            for place, found in enumerate(self.fields)
            if found.column.name.lower() == name and _behind(tuple(source), found.source)
        ]


def _behind(written: tuple[str, ...], source: tuple[str, ...]) -> bool:
    """Say whether a source may be written so: its last parts, or all of them."""
    return not written or source[-len(written) :] == written


def at(place: int, column: Column) -> Compiled:
    """Return the field at a place of the row."""

    def run(row: Row) -> Any:
        return row[place]

    return Compiled(type=column.type, run=run, nullable=column.nullable, position=place, source=column)
