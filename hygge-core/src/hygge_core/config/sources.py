"""The files of a project, read into nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import Factory, define

from hygge_core.config.document import read_document
from hygge_core.config.node import Invalid, Node, Place


if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from hygge_core.config.node import Problems


FLOWS = "flows"
"""The key of flows in ``hygge.toml``, and the folder of flow files beside it."""


@define
class Sources:
    """What is written: the project's table without its flows, and each flow's by name.

    ``unreadable`` names flows whose file is broken, and ``complete`` is False where those of
    ``hygge.toml`` are not known, so that nobody is told of a flow that it does not exist.
    """

    project: Node
    flows: dict[str, Node] = Factory(dict)
    unreadable: set[str] = Factory(set)
    complete: bool = False


def read_sources(file: Path, problems: Problems) -> Sources:
    """Read ``hygge.toml`` and the flow files beside it, as far as they can be read."""
    sources = Sources(project=Node(value={}, place=Place(file=file.name, line=1)))
    with problems:
        sources.project = read_document(file, name=file.name)
        flows = sources.project.table.pop(FLOWS, None)
        sources.flows.update(flows.table if flows else {})
        sources.complete = True
    for path in _flow_files(file.parent / FLOWS):
        with problems:
            _add_file(sources, path)
    return sources


def _flow_files(folder: Path) -> Iterable[Path]:
    """List flow files by name; files that start with a dot belong to editors."""
    return sorted(path for path in folder.glob("*.toml") if not path.name.startswith("."))


def _add_file(sources: Sources, path: Path) -> None:
    try:
        flow = read_document(path, name=f"{FLOWS}/{path.name}")
    except Invalid:
        sources.unreadable.add(path.stem)
        raise
    other = sources.flows.get(path.stem)
    if other:
        raise flow.place.invalid(
            f"the flow {path.stem!r} is also written at {other.place.file}:{other.place.line}", "keep one of them"
        )
    sources.flows[path.stem] = flow
