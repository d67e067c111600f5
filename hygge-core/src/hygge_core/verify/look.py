"""One look at one table: its commits, its parts, its rows and those of its source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve, frozen

from hygge_core.commit import Table
from hygge_core.errors import HyggeError, StoreError, UsageError
from hygge_core.home import ReadRequest
from hygge_core.polish import Polish
from hygge_core.store import Remembers
from hygge_core.verify.chain import chain_of
from hygge_core.verify.counting import by_standing, source_counts, version_counts, visible_rows
from hygge_core.verify.expectation import expectation_of
from hygge_core.verify.judgement import basis_of, judge_counts, judge_keys
from hygge_core.verify.keys import KeyComparison
from hygge_core.verify.sides import Sides, key_of
from hygge_core.verify.source import Source
from hygge_core.verify.target import Target


if TYPE_CHECKING:
    from datetime import datetime

    from hygge_core.commit import CommitRecord
    from hygge_core.config.model import EntityConfig
    from hygge_core.home import Home
    from hygge_core.store import Store
    from hygge_core.verify.depth import Depth
    from hygge_core.verify.expectation import Expectation
    from hygge_core.verify.judgement import Judgement
    from hygge_core.verify.verdict import TableVerdict


@frozen(kw_only=True)
class Look:
    """One table with its home and store; ``now`` is what a polish takes for the moment of the run."""

    entity: EntityConfig
    home: Home
    store: Store
    depth: Depth
    now: datetime

    @property
    def table(self) -> Table:
        """The table as the store knows it."""
        return Table(name=self.entity.name, flow=self.entity.flow)

    @property
    def request(self) -> ReadRequest:
        """What to read of the source."""
        return ReadRequest(entity=self.entity.name, flow=self.entity.flow)

    def last(self) -> CommitRecord:
        """Return the last commit. Raises `StoreError` before the first, `UsageError` for a store that forgets."""
        if not isinstance(self.store, Remembers):
            what = "this store does not remember its commits, so nothing says what it should hold"
            raise UsageError(what, where=self.entity.path, fix="ask the store's author for Remembers")
        found = self.store.last(self.table)
        if found is None:
            fix = f"run `hygge go --entity {self.entity.path}` first"
            raise StoreError("was never committed, so there is nothing to verify", where=self.entity.path, fix=fix)
        return found

    def at(self, verdict: TableVerdict, last: CommitRecord) -> TableVerdict:
        """Look once. Raises `HyggeError` where source or store cannot be looked at."""
        chain = chain_of(self.store, self.table, last, deep=self.depth.keys)
        rows = evolve(verdict.rows, committed=chain.committed, footers=chain.footers, visible=chain.visible)
        seen = evolve(verdict, rows=rows, faults=chain.faults, basis=basis_of(None))
        expectation = expectation_of(self.entity, last)
        if expectation is None:
            return seen
        try:
            return self._compared(seen, expectation)
        except HyggeError:
            if not chain.faults:
                raise
            return seen  # what cannot be read any more is among the faults

    def _compared(self, seen: TableVerdict, expectation: Expectation) -> TableVerdict:
        with Source(self.home, self.request) as source:
            polish = Polish.compile(self.entity.polish, source.schema, now=self.now)
            target = Target(store=self.store, table=self.table, where=self.entity.path)
            key = key_of(expectation, polish, self.depth.key)
            sides = Sides(source=source, target=target, polish=polish, expectation=expectation, key=key)
            visible = seen.rows.visible if seen.rows.visible is not None else visible_rows(sides)
            seen = evolve(seen, rows=evolve(seen.rows, visible=visible), basis=basis_of(expectation, key))
            return self._by_keys(seen, sides, visible) if self.depth.keys else _by_counts(seen, sides, visible)

    def _by_keys(self, seen: TableVerdict, sides: Sides, visible: int) -> TableVerdict:
        if not sides.key:
            what = "nothing names its rows, so its keys cannot be compared"
            raise UsageError(what, where=self.entity.path, fix="name columns with --key, or set watermark.key")
        comparison = KeyComparison(sides, visible, self.depth.limit)
        found = comparison.compare()
        rows = evolve(seen.rows, **by_standing(comparison.standings))
        return _judged(evolve(seen, rows=rows, keys=found), judge_keys(rows, found, sides.expectation))


def _by_counts(seen: TableVerdict, sides: Sides, visible: int) -> TableVerdict:
    rows = evolve(seen.rows, **source_counts(sides))
    if sides.expectation.versions:
        keys, doubled = version_counts(sides, visible)
        rows = evolve(rows, keys=keys)
        if doubled:
            keys_have = "1 key has" if doubled == 1 else f"{doubled:,} keys have"
            seen = evolve(seen, faults=(*seen.faults, f"{keys_have} a version more than once"))
    return _judged(evolve(seen, rows=rows), judge_counts(rows, sides.expectation))


def _judged(seen: TableVerdict, judgement: Judgement) -> TableVerdict:
    return evolve(seen, faults=(*seen.faults, *judgement.faults), notes=(*seen.notes, *judgement.notes))
