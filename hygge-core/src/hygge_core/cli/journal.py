"""``hygge journal``: look back at runs."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import click

from hygge_core.cli import figures, reports
from hygge_core.cli.loading import open_project
from hygge_core.cli.options import locating, speaking
from hygge_core.cli.session import Session
from hygge_core.cli.summary import settled_rows
from hygge_core.errors import HyggeError


if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hygge_core.engine.report import RunReport


@click.group("journal", short_help="Look back at runs")
def command() -> None:
    """Look back at runs."""


@command.command("runs", short_help="List the latest runs")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, metavar="N", help="At most N runs.")
@locating
@speaking
@click.pass_context
def runs(ctx: click.Context, *, limit: int, project: Path | None) -> None:
    """List the latest runs, the newest first, from their report files.

    Exit codes: 0, or 1 if a report could not be read; the others are listed all the same.
    """
    session = ctx.ensure_object(Session)
    opened, _ = open_project(session, project, ())
    found = list(islice(reports.newest_first(opened.root / opened.options.runs), limit))
    if not found and session.output == "text":
        session.say("No runs yet.")
    known = [report for report in (_read(path, session) for path in found) if report]
    if session.output == "json":
        for report in known:
            session.event("run", **_facts(report))
    elif known:
        for line in _aligned([_HEADINGS, *map(_cells, known)]):
            session.say(line)
    ctx.exit(0 if len(known) == len(found) else 1)


def _read(path: Path, session: Session) -> RunReport | None:
    try:
        return reports.read(path)
    except HyggeError as error:
        session.warn(str(error))
        return None


_HEADINGS = ("started", "run", "tables", "rows", "time", "state")
_STATES = {0: "settled", 1: "failed", 3: "some failed", 4: "drift refused", 6: "locked", 130: "interrupted"}


def _state(report: RunReport) -> str:
    return _STATES.get(report.exit_code, f"exit code {report.exit_code}")


def _seconds(report: RunReport) -> float:
    return (report.finished - report.started).total_seconds()


def _cells(report: RunReport) -> tuple[str, ...]:
    return (
        f"{report.started.astimezone():%Y-%m-%d %H:%M:%S}",
        report.id,
        f"{len(report.tables):,}",
        f"{settled_rows(report.tables):,}",
        figures.duration(_seconds(report)),
        _state(report),
    )


def _facts(report: RunReport) -> dict[str, object]:
    return {
        "id": report.id,
        "project": report.project,
        "started": report.started.isoformat(),
        "finished": report.finished.isoformat(),
        "seconds": _seconds(report),
        "tables": len(report.tables),
        "committed": sum(table.state == "committed" for table in report.tables),
        "failed": sum(table.state == "failed" for table in report.tables),
        "rows": settled_rows(report.tables),
        "bytes": sum(table.size for table in report.tables if table.state == "committed"),
        "state": _state(report),
        "exit_code": report.exit_code,
    }


def _aligned(rows: list[tuple[str, ...]]) -> Iterator[str]:
    """Put cells into columns; those of numbers end where their headings end."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            cell.rjust(width) if heading in ("tables", "rows", "time") else cell.ljust(width)
            for cell, width, heading in zip(row, widths, _HEADINGS, strict=True)
        )
        yield "  ".join(cells).rstrip()
