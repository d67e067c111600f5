"""``hygge journal export``: watermarks, or the whole journal, as a file."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hygge_core.cli import figures
from hygge_core.cli.journal.access import opening_journal
from hygge_core.cli.journal.present import Present, facts
from hygge_core.cli.loading import open_project
from hygge_core.cli.options import opening, speaking
from hygge_core.cli.session import Session
from hygge_core.errors import HyggeError, UsageError


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hygge_core.config.model import Project
    from hygge_core.plugins import Plugins


KEYS = ("flow", "entity", "column", "key", "dtype", "watermark")
"""What each line of an export holds; ``watermark`` is null where there is none yet."""


@click.command("export", short_help="Write watermarks, or the whole journal, to a file")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option("--records", is_flag=True, help="Write the whole journal, as .parquet, .csv or .ndjson.")
@opening
@speaking
@click.pass_context
def export(
    ctx: click.Context, *, file: Path | None, records: bool, project: Path | None, variables: Sequence[str]
) -> None:
    """Write the present watermarks as JSON lines to FILE, or to standard output.

    With --records the whole journal is written to FILE in the format of its suffix.  Exit
    codes: 0, or 1 if a store could not be asked; then nothing is written.
    """
    session = ctx.ensure_object(Session)
    config, plugins = open_project(session, project, variables)
    exported = _export_records if records else _export_watermarks
    number = exported(session, config, plugins, file)
    if file and session.output == "json":
        session.event("journal.exported", path=str(file), number=number)
    elif file:
        session.say(f"{figures.count(number, 'record' if records else 'watermark')} written to {file}")


def _export_records(session: Session, config: Project, plugins: Plugins, file: Path | None) -> int:
    if file is None:
        raise UsageError("--records needs a file", fix="name one that ends in .parquet, .csv or .ndjson")
    from hygge_core.journal.frame import write_frame

    with opening_journal(session, config, plugins) as journal:
        frame = journal.frame()
    with _writing(file):
        write_frame(frame, file)
    return frame.height


def _export_watermarks(session: Session, config: Project, plugins: Plugins, file: Path | None) -> int:
    asked = Present(session, config, plugins, config.entities)
    told = [facts(entity, last) for entity, last in asked.found() if last and last.watermark]
    if asked.failed:
        raise HyggeError("not every store could be asked", fix="mend that and export again; nothing was written")
    lines = [json.dumps({key: one[key] for key in KEYS}, ensure_ascii=False) for one in told]
    if file is None:
        for line in lines:
            session.out.line(line)  # as it is: a mask within a value would come back as another value
    else:
        with _writing(file):
            file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
    return len(lines)


@contextmanager
def _writing(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise HyggeError(f"cannot be written: {error.strerror or error}", where=str(file)) from error
