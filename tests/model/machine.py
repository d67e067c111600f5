"""People change a source, hygge runs, dies, is run again; the store must always be what the documentation says."""

from __future__ import annotations

import shutil
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import frozen
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from model.changes import apply, changes
from model.documented import Refused, Source, State, backfill, full_drop, incremental, marked
from model.flows import flows
from model.reaper import Reaper
from model.world import World


if TYPE_CHECKING:
    from collections.abc import Callable

    from hygge_core.engine.report import TableOutcome
    from model.documented import Row


TICKS = st.integers(-12, 16)
OPERATIONS = st.sampled_from(range(16))
"""A run asks its lake for up to some sixteen changes."""


@frozen
class End:
    """Where a run may lead to, and whether it must fail."""

    state: State
    fails: bool


class IncrementalRuns(RuleBasedStateMachine):
    """``states`` are those that the store may be in: several after a crash, until the next run.

    ``late`` are versions of rows that appeared below all that is read again, or were
    skipped by somebody who moved the watermark; the documentation says that they are missed.
    ``without_ticks`` says whether rows may come without one.
    """

    @initialize(
        settings=flows(), first=changes(), careless=st.sampled_from([False, False, False, True]), well=st.booleans()
    )
    def begin(self, settings, first, careless, well) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="hygge-model-"))
        self.world = World(self.folder, settings)
        self.world.create()
        self.options = settings.options
        self.states = {State()}
        self.late: set[tuple] = set()
        self.without_ticks = careless or settings.options.nulls != "error"
        self.apply(first)
        if well:
            self.settles(incremental)

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder, ignore_errors=True)

    @rule(before=changes())
    def go(self, before) -> None:
        self.change(before)
        self.settles(incremental)

    @rule(before=changes(), meanwhile=changes())
    def go_while_the_source_changes(self, before, meanwhile) -> None:
        self.change(before)
        self.settles(incremental, during=lambda: self.apply(meanwhile))

    @rule(before=changes())
    def go_twice_at_once(self, before) -> None:
        self.change(before)
        others: list[TableOutcome] = []
        self.settles(incremental, during=lambda: others.append(self.world.run(export=False)))
        assert [other.exit_code for other in others] == [6], others

    @rule(before=changes())
    def load_anew(self, before) -> None:
        self.change(before)
        self.settles(full_drop, full_drop=True)

    @rule(before=changes(), first=TICKS, width=st.integers(0, 8), moves=st.booleans())
    def go_over_a_range(self, before, first, width, moves) -> None:
        self.change(before)
        if moves:
            self.late |= {row.version for row in self.seen().between(None, first - 1)}
        last = first + width
        self.settles(
            partial(backfill, ends=(first, last), moves=moves), backfill=self.world.range(first, last, moves=moves)
        )

    @precondition(lambda self: all(state.rows is not None for state in self.states))
    @rule(tick=st.none() | TICKS)
    def move_the_watermark(self, tick: int | None) -> None:
        self.world.move_watermark(tick)
        end = State(rows=self.visible(), tick=self.world.tick())
        ends = self.ends(partial(marked, tick=tick), self.seen())
        assert End(end, fails=False) in ends, self.told(f"came to: {end}", *(f"should: {end}" for end in ends))
        self.states = {end}
        if tick is not None:
            self.late |= {row.version for row in self.seen().between(None, tick - self.options.lag - 1)}

    @rule(before=changes(), index=OPERATIONS, after=st.booleans(), really=st.sampled_from([False] * 9 + [True]))
    def die(self, before, index, after, really) -> None:
        self.change(before)
        self.dies(incremental, index, after=after, really=really, full_drop=False)

    @rule(before=changes(), index=OPERATIONS, after=st.booleans())
    def die_loading_anew(self, before, index, after) -> None:
        self.change(before)
        self.dies(full_drop, index, after=after, really=False, full_drop=True)

    def dies(self, step: Callable, index: int, *, after: bool, really: bool, full_drop: bool) -> None:
        """Run and die at a change of the lake, and look before anybody mends what is left."""
        ends = self.ends(step, self.seen())
        if really:
            self.world.be_killed(index, full_drop=full_drop)
        else:
            self.world.run(full_drop=full_drop, reaper=Reaper(index, after=after))
        self.states |= {end.state for end in ends}
        seen = self.visible()
        assert seen in {state.rows for state in self.states}, self.told(seen)

    def change(self, many: list) -> None:
        before = self.world.source.rows()
        self.apply(many)
        self.note_late(before)

    def apply(self, many: list) -> None:
        """Change the source; where rows without a tick are an error, they are rare, or every run would fail."""
        apply(self.world.source, [one for one in many if self.without_ticks or one.what != "put without tick"])

    def settles(self, step: Callable, **how: Any) -> None:
        """Run to the end, and see that the store is in a state that the documentation leads to."""
        rows = self.world.source.rows()
        outcome = self.world.run(**how)
        end = End(State(rows=self.visible(), tick=self.world.tick()), outcome.state == "failed")
        source = self.seen(rows)
        ends = self.ends(step, source)
        assert end in ends, self.told(f"came to: {end}", outcome, *(f"should: {end}" for end in ends))
        self.states = {end.state}
        self.journal_agrees(outcome)
        if not end.fails and step in (incremental, full_drop):
            self.nothing_is_lost(source, end.state)
        self.note_late(rows)

    def ends(self, step: Callable, source: Source) -> set[End]:
        found = set()
        for state in self.states:
            try:
                found |= {End(end, fails=False) for end in step(self.options, state, source)}
            except Refused:
                found.add(End(state, fails=True))
        return found

    def seen(self, rows: list[Row] | None = None) -> Source:
        """Return what a run saw of the source, whose keys are read a second time where the home is a database."""
        now = self.world.source.rows()
        rows = now if rows is None else rows
        second = rows if self.world.settings.home == "parquet" else now
        return Source(rows=rows, later=frozenset(row.key for row in second))

    def visible(self) -> frozenset[Row] | None:
        rows = self.world.rows()
        if rows is None:
            return None
        assert len({row.version for row in rows}) == len(rows), f"rows came twice: {sorted(map(str, rows))}"
        return frozenset(rows)

    def journal_agrees(self, outcome: TableOutcome) -> None:
        note, last = self.world.noted(), self.world.last()
        assert note["state"] == outcome.state, note
        if outcome.state in {"committed", "kept"}:
            mark = last["watermark"]["mark"] or {"text": ""}
            assert note["watermark"] == mark["text"], (note, last)
        if outcome.state == "committed":
            assert note["sequence"] == last["sequence"], (note, last)

    def nothing_is_lost(self, source: Source, state: State) -> None:
        """Whatever is not newer than the watermark, and was not too late, is in the store."""
        there = {row.version for row in state.rows or ()} | self.late
        lost = [
            row
            for row in source.between(self.options.initial, state.tick)
            if row.version not in there
            and state.tick is not None
            and row.key in source.later
            and not (self.options.deletes == "soft" and row.gone)
        ]
        assert not lost, self.told(lost)

    def note_late(self, before: list[Row]) -> None:
        """Note the rows that are new in the source and so old that no run reads them any more."""
        edge = max((state.tick for state in self.states if state.tick is not None), default=None)
        if edge is None:
            return
        new = {row.version for row in self.world.source.rows()} - {row.version for row in before}
        self.late |= {version for version in new if version[2] is not None and version[2] < edge - self.options.lag}

    def told(self, *what: object) -> str:
        lines = [f"flow: {self.world.settings}", *(f"was: {state}" for state in self.states), *map(str, what)]
        return "\n".join(["", *lines])
