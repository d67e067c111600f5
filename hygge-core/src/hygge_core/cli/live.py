"""The live table on a terminal, and the settled one that it ends in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, TextIO, cast

from attrs import define, field
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from hygge_core.cli import figures
from hygge_core.cli.board import MOVING, Board
from hygge_core.cli.lines import complain
from hygge_core.cli.streams import printable
from hygge_core.cli.summary import closing_lines, rows_of
from hygge_core.cli.wording import sentence


if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from hygge_core.cli.board import Standing
    from hygge_core.cli.session import Session
    from hygge_core.engine import Stop
    from hygge_core.engine.events import Event
    from hygge_core.engine.report import RunReport, TableOutcome


_STYLES = {"settled": "green", "committed": "green", "kept": "cyan", "failed": "red", "stopped": "yellow"}
_AROUND = 6  # lines of the screen that are not tables: headings, counts, the prompt
_NOTED = frozenset({"table.recovered", "table.drift"})


@define
class LiveView:
    """Shows a run as a table that keeps itself up to date, then as what landed where."""

    session: Session
    stop: Stop
    _board: Board = field(factory=Board, init=False)
    _console: Console = field(init=False)
    _live: Live = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._console = Console(
            file=cast("TextIO", self.session.out), highlight=False, no_color=not self.session.out.colourful
        )
        self._live = Live(console=self._console, get_renderable=self._picture, transient=True)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Clear the live table away."""
        self._live.stop()

    def emit(self, event: Event) -> None:
        """Note one event; complaints and changes of columns stay on the screen."""
        self._board.take(event)
        if event.kind in _NOTED:
            self._console.print(Text(printable(f"{event.flow}.{event.entity}  {sentence(event)}")))
        complain(event, self.session)

    def stopping(self) -> None:
        """Nothing to do: the live table looks at `Stop` itself."""

    def settle(self, report: RunReport, file: Path | None) -> None:
        """Show what landed where."""
        self._console.print(_settled(report))
        house = self.session.out.glyph("🏡 ", "")
        for line in closing_lines(report, file, house=house):
            self._console.print(Text(printable(line)), soft_wrap=True)

    def _picture(self) -> Group:
        now = datetime.now(UTC)
        table = _table("table", "state", "rows", "size", "rate", "time")
        for standing in self._board.top(self._console.height - _AROUND):
            table.add_row(*_cells(standing, now))
        return Group(table, Text(self._counts()))

    def _counts(self) -> str:
        board = self._board
        parts = [
            f"{board.count('settled', 'kept'):,} settled",
            f"{board.count(*MOVING):,} moving",
            f"{board.count('waiting'):,} waiting",
        ]
        if failed := board.count("failed"):
            parts.append(f"{failed:,} failed")
        if self.stop.requested:
            parts.append("stopping; press Ctrl-C again to leave at once")
        return ", ".join(parts)


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        number = heading in ("rows", "size", "rate", "time")
        table.add_column(heading, justify="right" if number else "left", no_wrap=number, overflow="fold")
    return table


def _cells(standing: Standing, now: datetime) -> tuple[Text, ...]:
    spent = standing.elapsed(now)
    size = figures.size(standing.size) if standing.size else ""
    words = (f"{standing.rows:,}", size, figures.rate(standing.rows, spent), figures.duration(spent))
    return (Text(printable(standing.name)), _state(standing.state), *map(Text, words))


def _settled(report: RunReport) -> Table:
    table = _table("table", "state", "rows", "size", "time", "where")
    for outcome in report.tables:
        table.add_row(*_outcome_cells(outcome))
    return table


def _outcome_cells(outcome: TableOutcome) -> tuple[Text, ...]:
    landed = outcome.state == "committed"
    return (
        Text(printable(f"{outcome.flow}.{outcome.entity}")),
        _state("settled" if landed else outcome.state),
        Text(f"{rows_of(outcome):,}" if landed else ""),
        Text(figures.size(outcome.size) if landed else ""),
        Text(figures.duration(outcome.seconds)),
        Text(printable(outcome.target)),
    )


def _state(state: str) -> Text:
    return Text(state, style=_STYLES.get(state, ""))
