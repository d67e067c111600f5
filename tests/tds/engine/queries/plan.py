"""A query that is ready to run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tds.contract import Column
    from tds.engine.expressions.compiled import Row
    from tds.engine.expressions.scope import Field


@frozen
class Plan:
    """The columns of a query, and a new reading of its rows for each call; ``encoded`` ones are bytes for the wire."""

    columns: tuple[Column, ...]
    rows: Callable[[], Iterator[Row]]
    encoded: bool = False


@frozen
class Reading:
    """The same for a source after FROM, whose columns have names that a query can use."""

    fields: tuple[Field, ...]
    rows: Callable[[], Iterator[Row]]
    encoded: bool = False
