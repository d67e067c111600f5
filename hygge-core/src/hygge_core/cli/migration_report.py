"""What ``hygge migrate`` tells: every key, what is left to decide, which data to look at, what comes next."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from attrs import asdict

from hygge_core.cli import figures


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from hygge_core.cli.session import Session
    from hygge_core.migrate.checking import Verdict
    from hygge_core.migrate.ledger import Kind, Remark
    from hygge_core.migrate.migration import Migration
    from hygge_core.migrate.suspicions import Suspicion
    from hygge_core.migrate.watermarks import Followed


_KINDS: dict[Kind, str] = {
    "kept": "kept",
    "renamed": "renamed",
    "dropped": "dropped",
    "unknown": "unknown",
    "asked": "to decide",
}
_MOST = 5
"""How many tables of a defect are named; `--verbose` and JSON name all."""

_SEVERITY = {"lost": "rows lost", "wrong": "wrong rows", "stopped": "stopped runs", "awkward": "take note"}
_MARKS = (
    "A watermark is part of a commit here, so it begins with the first one. Either load the tables anew with `hygge go "
    '--full-drop`, which sets it, or go on from the old mark: write initial = "..." into the watermark, and the first '
    "run reads from there, into an empty folder. After a commit `hygge journal set FLOW.ENTITY VALUE` moves it."
)


def tell(session: Session, migration: Migration, verdict: Verdict, folder: Path, *, written: bool) -> None:
    """Tell a migration: as text for people, or as one event for each thing that is said."""
    if session.output == "json":
        _tell_events(session, migration, verdict, folder, written=written)
        return
    for title, lines in _sections(session, migration, verdict, folder, written=written):
        if lines:
            _head(session, title)
            for line in (*lines, ""):
                session.say(line)
    session.say(_summary(migration, folder, written=written))


def _head(session: Session, title: str) -> None:
    import click

    session.out.write(click.style(title, bold=True) if session.out.colourful else title)
    session.out.line()


def _tell_events(session: Session, migration: Migration, verdict: Verdict, folder: Path, *, written: bool) -> None:
    for remark in migration.remarks:
        session.event("migration.key", **asdict(remark))
    for decision in migration.decisions:
        session.event("migration.decision", **asdict(decision))
    for problem in verdict.problems:
        session.event("migration.problem", **asdict(problem))
    for suspicion in migration.suspicions:
        session.event("migration.defect", **asdict(suspicion))
    for followed in migration.followed:
        session.event("migration.watermark", **asdict(followed))
    session.event(
        "project.migrated",
        path=str(folder),
        files=sorted(migration.files),
        written=written,
        notes=list(migration.notes),
        variables=list(verdict.unset),
        packages=list(migration.packages),
        decisions=len(migration.decisions) + len(verdict.problems),
    )


def _sections(
    session: Session, migration: Migration, verdict: Verdict, folder: Path, *, written: bool
) -> Iterator[tuple[str, list[str]]]:
    """Yield what there is to say, each part under its title; `--quiet` leaves what is to be done."""
    most = sys.maxsize if session.verbose else _MOST
    if not session.quiet:
        yield "What became of each key", list(_keys(migration.remarks, session.out.glyph("→", "->")))
        yield "To know", [line for note in migration.notes for line in _wrapped(note, first="  - ")]
        yield "What may have touched your data", list(_suspicions(migration.suspicions, most))
        yield "Watermarks", list(_marks(migration.followed, most))
    yield "For you to decide", list(_decisions(migration, verdict, most))
    yield "Next", list(_steps(migration, verdict, folder, written=written))


def _keys(remarks: Iterable[Remark], arrow: str) -> Iterator[str]:
    for file, group in groupby(remarks, key=lambda remark: remark.file):
        yield f"  {file}"
        found = list(group)
        width = max(len(remark.key) for remark in found)
        for remark in found:
            told = f"{arrow} {remark.to}" if remark.kind == "renamed" else _KINDS[remark.kind]
            text = f"{told}: {remark.why}" if remark.why else told
            first = f"    {remark.line:4}  {remark.key:{min(width, 34)}}  "
            yield from _wrapped(text, first=first)


def _suspicions(found: Iterable[Suspicion], most: int) -> Iterator[str]:
    for one in found:
        yield from _wrapped(f"{_SEVERITY[one.severity]}: {one.what}", first=f"  {one.number:2}  ")
        yield from _wrapped(f"in {_listed(one.tables, most)}", first="      ")
        yield from _wrapped(one.check, first="      ")


def _listed(tables: tuple[str, ...], most: int) -> str:
    shown = ", ".join(tables[:most])
    return shown if len(tables) <= most else f"{shown} and {len(tables) - most:,} more"


def _marks(found: Iterable[Followed], most: int) -> Iterator[str]:
    found = list(found)
    yield from (f"  {one.table}  {one.column}: came to {one.mark}" for one in found if one.mark)
    if lost := tuple(one.table for one in found if not one.mark):
        yield from _wrapped(f"no journal of the original was found on this machine for {_listed(lost, most)}")
    if found:
        yield from _wrapped(_MARKS)


def _decisions(migration: Migration, verdict: Verdict, most: int) -> Iterator[str]:
    for one in migration.decisions:
        yield from _wrapped(f"{one.file}:{one.line}  {_listed(one.about, most)}: {one}", indent=6)
    for problem in verdict.problems:
        yield from _wrapped(str(problem), indent=6)


def _steps(migration: Migration, verdict: Verdict, folder: Path, *, written: bool) -> Iterator[str]:
    """Say what is to be done, in order."""
    if migration.variables:
        yield f"  put the secrets that were written out into {', '.join(migration.variables)}"
    others = [name for name in verdict.unset if name not in migration.variables]
    if others:
        yield f"  set {', '.join(others)}"
    if migration.packages:
        yield f"  pip install {' '.join(repr(p) if '[' in p else p for p in migration.packages)}"
    if migration.decisions or verdict.problems:
        yield f"  decide what is open{': each place says TODO' if migration.decisions and written else ''}"
    if not written:
        yield "  run it again without --check"
        return
    shown = f'"{folder}"' if " " in str(folder) else str(folder)
    place = "" if folder.resolve() == folder.cwd() else f" --project {shown}"
    yield from (f"  hygge {word}{place}" for word in ("plan", "go --full-drop", "verify --keys"))


def _summary(migration: Migration, folder: Path, *, written: bool) -> str:
    counts = Counter(remark.kind for remark in migration.remarks)
    words = ", ".join(f"{counts[kind]:,} {word}" for kind, word in _KINDS.items() if counts[kind])
    files = figures.count(len(migration.files), "file")
    done = f"{files} written to {folder}" if written else f"{files} would be written to {folder}"
    return f"{figures.count(len(migration.remarks), 'key')}: {words}. {done}."


def _wrapped(text: str, *, first: str = "  ", indent: int | None = None) -> list[str]:
    """Break a text into lines that fit the terminal, the first after ``first`` and the others below it."""
    width = max(60, min(shutil.get_terminal_size().columns, 120))
    indent = min(len(first), 50) if indent is None else indent
    return textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=" " * indent,
        break_on_hyphens=False,
        break_long_words=False,
    )
