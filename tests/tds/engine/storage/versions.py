"""The rows of a table at one moment, in blocks that later versions share."""

from __future__ import annotations

from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any

from attrs import define, field, frozen


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tds.engine.storage.tables import TableColumn


BLOCK = 1024
Row = tuple[Any, ...]


@define
class Changes:
    """What a transaction did to a table and has not committed: rows as they are now, and rows that are gone."""

    rows: dict[int, Row] = field(factory=dict)
    deleted: set[int] = field(factory=set)
    operations: list[tuple[str, Row]] = field(factory=list)


@frozen
class Version:
    """The columns and rows of a table at one moment; nothing in it ever changes."""

    columns: tuple[TableColumn, ...]
    blocks: Mapping[int, Mapping[int, Row]] = field(factory=dict, repr=False)

    def rows(self) -> Iterator[Row]:
        """Yield the rows in the order of their numbers."""
        return chain.from_iterable(block.values() for block in self.blocks.values())

    def numbered(self) -> Iterator[tuple[int, Row]]:
        """Yield the rows with their numbers."""
        return chain.from_iterable(block.items() for block in self.blocks.values())

    def __len__(self) -> int:
        return sum(map(len, self.blocks.values()))

    def get(self, row: int) -> Row | None:
        """Return a row by its number, None when it is not there."""
        return self.blocks.get(row // BLOCK, {}).get(row)

    def with_changes(self, changes: Changes) -> Version:
        """Return the version after some changes; blocks that they do not touch are shared."""
        if not changes.rows and not changes.deleted:
            return self
        touched = {row // BLOCK for row in chain(changes.rows, changes.deleted)}
        fresh = {number: dict(self.blocks.get(number, {})) for number in touched}
        for row in changes.deleted:
            fresh[row // BLOCK].pop(row, None)
        for row, values in changes.rows.items():
            fresh[row // BLOCK][row] = values
        ordered = {number: block if _ascends(block) else dict(sorted(block.items())) for number, block in fresh.items()}
        blocks = {number: block for number, block in {**self.blocks, **ordered}.items() if block}
        return Version(self.columns, blocks if _ascends(blocks) else dict(sorted(blocks.items())))


def _ascends(numbers: Mapping[int, Any]) -> bool:
    return all(first < second for first, second in pairwise(numbers))


def version_of(columns: tuple[TableColumn, ...], rows: list[Row]) -> Version:
    """Make a version of rows, numbered from 1."""
    blocks = {}
    start = 1
    while start <= len(rows):
        stop = min((start // BLOCK + 1) * BLOCK, len(rows) + 1)
        blocks[start // BLOCK] = {row: rows[row - 1] for row in range(start, stop)}
        start = stop
    return Version(columns, blocks)
