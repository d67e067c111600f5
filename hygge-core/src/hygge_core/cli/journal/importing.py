"""``hygge journal import``: watermarks set as a file says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click
from attrs import frozen

from hygge_core.cli import figures
from hygge_core.cli.journal.access import only, opening_stores
from hygge_core.cli.journal.export import KEYS
from hygge_core.cli.journal.moving import move
from hygge_core.cli.loading import open_project
from hygge_core.cli.options import opening, speaking
from hygge_core.cli.session import Session
from hygge_core.engine.marking import last_commit, parse_watermark, watermark_dtype
from hygge_core.errors import UsageError
from hygge_core.mark import Watermark


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hygge_core.config.model import EntityConfig, Project
    from hygge_core.engine.opened import Opened


@click.command("import", short_help="Set watermarks from a file")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@opening
@speaking
@click.pass_context
def import_(ctx: click.Context, *, file: Path, project: Path | None, variables: Sequence[str]) -> None:
    """Set the watermarks that `hygge journal export` wrote to FILE.

    All of them are checked before the first is set.  One that is as the file says is left alone.
    """
    session = ctx.ensure_object(Session)
    config, plugins = open_project(session, project, variables)
    with opening_stores(config, plugins) as opened:
        wanted = [_checked(opened, config, line) for line in _lines(file)]
        changed = [(entity, new) for entity, new in wanted if last_commit(opened, entity).watermark != new]
        for entity, new in changed:
            move(session, config, opened, entity, new.mark, origin="import")
    if session.output == "text":
        left = len(wanted) - len(changed)
        session.say(f"{figures.count(len(changed), 'watermark')} set, {left:,} as they were")


def _lines(file: Path) -> Iterator[_Line]:
    text = file.read_text(encoding="utf-8", errors="replace")
    known: dict[str, str] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            read = _read(line, f"{file}:{number}")
            if (first := known.setdefault(read.path, read.where)) != read.where:
                raise UsageError(f"names {read.path} again", where=read.where, fix=f"{first} has it too; keep one")
            yield read


@frozen(kw_only=True)
class _Line:
    """One watermark as a file says it; ``where`` names the line."""

    where: str
    path: str
    column: str
    key: tuple[str, ...]
    dtype: str
    watermark: str | None


def _read(line: str, where: str) -> _Line:
    try:
        data = json.loads(line)
        flow, entity, column, key, dtype, watermark = (data[name] for name in KEYS)
        if not isinstance(watermark, str | None):
            raise TypeError(f"{watermark!r} is not a text")  # noqa: TRY301 - one way out for whatever a line may hold
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(
            "is not a line of `hygge journal export`", where=where, fix=f"it holds an object with {', '.join(KEYS)}"
        ) from error
    return _Line(where=where, path=f"{flow}.{entity}", column=column, key=tuple(key), dtype=dtype, watermark=watermark)


def _checked(opened: Opened, config: Project, line: _Line) -> tuple[EntityConfig, Watermark]:
    """Find the table of a line and read its value. Raises `UsageError` that names the line."""
    try:
        entity = only(config, line.path)
        _refuse_other_watermark(opened, entity, line)
        mark = None if line.watermark is None else parse_watermark(opened, entity, line.watermark)
        return entity, Watermark(column=line.column, key=line.key, mark=mark)
    except UsageError as error:
        raise UsageError(f"{error.where}: {error.what}", where=line.where, fix=error.fix) from error


def _refuse_other_watermark(opened: Opened, entity: EntityConfig, line: _Line) -> None:
    last_commit(opened, entity)
    followed = entity.watermark
    if followed is None or (followed.column, followed.key) != (line.column, line.key):
        raise UsageError(
            f"the file goes by {line.column} and key {list(line.key)}, which is not what the table is followed by",
            where=entity.path,
            fix="mend the file, or the watermark in the configuration",
        )
    if line.watermark is not None and (dtype := watermark_dtype(opened, entity)) != line.dtype:
        raise UsageError(
            f"the file holds a value of {line.dtype}, and {followed.column} is a column of {dtype}",
            where=entity.path,
            fix=f"set it by hand: `hygge journal set {entity.path} VALUE`",
        )
