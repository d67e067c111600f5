"""An original project as it lies on the disk: hygge.yml, its flows, and their entities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

from hygge_core.errors import UsageError
from hygge_core.migrate.reading import read_yaml


if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator
    from pathlib import Path

    from hygge_core.config.node import Node
    from hygge_core.migrate.reading import Document


FILE = "hygge.yml"
_FLOW = "flow.yml"
_ENTITIES = "entities"


@frozen(kw_only=True)
class OldEntity:
    """One table of a flow: its name, and the table of what it says of itself, if it is one."""

    name: str
    node: Node

    @property
    def own(self) -> dict[str, Node]:
        """What the entity says of itself; nothing where it is only a name."""
        return self.node.value if isinstance(self.node.value, dict) else {}


@frozen(kw_only=True)
class OldFlow:
    """One flow: what flow.yml says, and its entities; none for a flow that moves a single table.

    ``defaults`` is what counted for every entity, empty where the original did not look at it.
    """

    name: str
    node: Node
    entities: tuple[OldEntity, ...] = ()
    defaults: dict[str, Node] = field(factory=dict)

    @property
    def table(self) -> dict[str, Node]:
        """The keys of flow.yml."""
        return self.node.value if isinstance(self.node.value, dict) else {}


@frozen(kw_only=True)
class OldProject:
    """Everything that was read: ``root`` is the project's folder, ``shadowed`` what a later value took the place of.

    ``unread`` names YAML files beside the flows that the original did not look at.
    """

    root: Path
    top: Node
    flows: tuple[OldFlow, ...]
    nodes: tuple[Node, ...]
    shadowed: tuple[Node, ...]
    unread: tuple[str, ...] = ()

    @property
    def table(self) -> dict[str, Node]:
        """The keys of hygge.yml."""
        return self.top.value if isinstance(self.top.value, dict) else {}


def read_project(place: Path) -> OldProject:
    """Read a project of the original: its folder, its hygge.yml, or one YAML file that holds ``flows:`` as well.

    Raises `UsageError` where there is no project, or a file cannot be read.
    """
    file = place / FILE if place.is_dir() else place
    if not file.is_file():
        raise UsageError(f"there is no {FILE}", where=str(place), fix="name the folder of a project of the original")
    documents = [read_yaml(file, name=file.name)]
    top = documents[0].node
    flows = list(_flows_in_folders(file.parent, top, documents))
    flows += _inline_flows(top, {flow.name for flow in flows})
    if not flows:
        raise UsageError("holds no flow", where=str(place), fix=f"each is a folder with a {_FLOW} in it")
    return OldProject(
        root=file.parent,
        top=top,
        flows=tuple(flows),
        nodes=tuple(document.node for document in documents),
        shadowed=tuple(node for document in documents for node in document.shadowed),
        unread=tuple(_unread(file.parent, top, {document.node.place.file for document in documents})),
    )


def _unread(root: Path, top: Node, read: Container[str]) -> Iterator[str]:
    files = (file for ending in ("yml", "yaml") for file in _flows_folder(root, top).rglob(f"*.{ending}"))
    yield from sorted(name for name in (file.relative_to(root).as_posix() for file in files) if name not in read)


def _flows_folder(root: Path, top: Node) -> Path:
    chosen = _tables(top).get("flows_dir")
    return root / (str(chosen.value) if chosen and chosen.value else "flows")


def _inline_flows(top: Node, others: Container[str]) -> Iterator[OldFlow]:
    """Yield the flows that the one file holds itself, as examples of the original's README do, unless a folder does."""
    written = _tables(top).get("flows")
    for name, node in (_tables(written) if written else {}).items():
        if name not in others:
            yield OldFlow(name=name, node=node, entities=_listed(node))


def _flows_in_folders(root: Path, top: Node, documents: list[Document]) -> Iterator[OldFlow]:
    for file in sorted(_flows_folder(root, top).glob(f"*/{_FLOW}")):
        document = read_yaml(file, name=file.relative_to(root).as_posix())
        documents.append(document)
        yield _flow_of(root, file.parent, document.node, documents)


def _flow_of(root: Path, folder: Path, node: Node, documents: list[Document]) -> OldFlow:
    if not (folder / _ENTITIES).is_dir():
        return OldFlow(name=folder.name, node=node, entities=_listed(node))
    files = sorted((folder / _ENTITIES).glob("*.yml"))
    read = [read_yaml(file, name=file.relative_to(root).as_posix()) for file in files]
    documents.extend(read)
    entities = tuple(
        OldEntity(name=_name(document.node, file.stem), node=document.node)
        for document, file in zip(read, files, strict=True)
    )
    defaults = _tables(node).get("defaults")
    return OldFlow(name=folder.name, node=node, entities=entities, defaults=_tables(defaults) if defaults else {})


def _listed(node: Node) -> tuple[OldEntity, ...]:
    """Read the entities that a flow lists itself."""
    listed = _tables(node).get("entities")
    items: Iterable[Node] = listed.value if listed and isinstance(listed.value, list) else ()
    return tuple(OldEntity(name=_name(item, str(item.value)), node=item) for item in items)


def _name(node: Node, otherwise: str) -> str:
    name = _tables(node).get("name")
    return str(name.value) if name and name.value is not None else otherwise


def _tables(node: Node) -> dict[str, Node]:
    return node.value if isinstance(node.value, dict) else {}
