"""What the catalogue is asked through: anything that runs a statement and gives its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hygge_core.sql import Statement


class Asks(Protocol):
    """A connection at hand. ``where`` begins the errors that are about what it is asked for."""

    @property
    def where(self) -> str:
        """What is being read, for errors."""
        ...

    def rows(self, statement: Statement) -> Sequence[Sequence[Any]]:
        """Return all rows of a small result. Raises `HomeError`, or `HomeUnavailable` to be tried again."""
        ...

    def records(self, statement: Statement) -> Sequence[Mapping[str, Any]]:
        """Return the same with each value under the name of its column."""
        ...
