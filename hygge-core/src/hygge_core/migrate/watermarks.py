"""How far the original had come in each table that it followed, as its journals on this machine tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from hygge_core.migrate.cases import Case


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from hygge_core.config.node import Node
    from hygge_core.migrate.merging import OldTable
    from hygge_core.migrate.project import OldProject


_FILE = "journal.parquet"
_FOLDER = ".hygge_journal"
_COLUMN = ("watermark", "watermark_column")


@frozen(kw_only=True)
class Followed:
    """A table that was followed by a watermark: ``mark`` is its last one as text, empty where no journal was found."""

    table: str
    column: str
    mark: str = ""


def followed(old: OldProject, merged: Mapping[str, Sequence[OldTable]]) -> tuple[Followed, ...]:
    """List the tables that were followed by a watermark, with their last marks."""
    found = []
    for flow in old.flows:
        for table in merged[flow.name]:
            column = table.moving.get(_COLUMN)
            incremental = Case(table=table, journal=False).incremental
            if incremental and column is not None and isinstance(column.value, str):
                files = [file for file in _journals(old, flow.table, table) if file.is_file()]
                mark = _last(files, flow.name, table.entity or flow.name, column.value)
                name = f"{flow.name}.{table.entity or flow.name}"
                found.append(Followed(table=name, column=column.value, mark=mark))
    return tuple(found)


def _journals(old: OldProject, flow: Mapping[str, Node], table: OldTable) -> Iterator[Path]:
    """Name the places where a journal of a table may be: where its settings say, and beside or within its ends."""
    for said in (old.table, flow):
        journal = said.get("journal")
        path = journal.value.get("path") if journal and isinstance(journal.value, dict) else None
        yield from _within(old.root, [path, table.rest.get(("journal", "path"))])
    for side in (table.store, table.home):
        yield from _within(old.root, [side.get(("path",))], table.entity or "")


def _within(root: Path, nodes: Iterable[Node | None], entity: str = "") -> Iterator[Path]:
    for node in nodes:
        if node is None or not isinstance(node.value, str) or "${" in node.value or "\0" in node.value:
            continue
        for path in (node.value.replace("/{entity}", ""), node.value.replace("{entity}", entity)):
            place = root / path
            yield from (place / _FILE, place / _FOLDER / _FILE, place.parent / _FOLDER / _FILE)


def _last(files: Sequence[Path], flow: str, entity: str, column: str) -> str:
    """Read the mark of the latest run that succeeded."""
    found: list[tuple[str, str]] = []
    for file in dict.fromkeys(files):
        found += [
            (str(row["finish_time"]), str(row["watermark"]))
            for row in _rows(file)
            if (row["flow"], row["entity"], row["watermark_column"]) == (flow, entity, column)
            and row["status"] == "success"
            and row["watermark"]
        ]
    return max(found, default=("", ""))[1]


def _rows(file: Path) -> list[dict[str, Any]]:
    import polars as pl

    wanted = ("flow", "entity", "status", "finish_time", "watermark_column", "watermark")
    try:
        return pl.read_parquet(file, columns=list(wanted)).to_dicts()
    except (OSError, pl.exceptions.PolarsError):
        return []  # not a journal, or none that can be read: the table begins anew
