"""Reading one YAML file of the original into nodes that know their lines, by its own rules: YAML 1.1, one document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from hygge_core.config.node import Node, Place, dotted
from hygge_core.errors import UsageError


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import yaml

    from hygge_core.config.lines import Path as KeyPath


MOST_NODES = 50_000
"""A file that grows beyond this by its aliases is refused; the original would have run out of memory."""


@frozen(kw_only=True)
class Document:
    """What a file says, and the values that a later one of the same key took the place of."""

    node: Node
    shadowed: tuple[Node, ...] = ()


def read_yaml(file: Path, *, name: str) -> Document:
    """Read a YAML file; ``name`` is how messages call it.

    Only plain data is read, and no tag makes an object.  Raises `UsageError` with the line for a file that cannot be
    read, that is not YAML, or that the original did not take: several documents, or something else than a table.
    Nothing that the file holds shows in it.
    """
    yaml = _library()
    try:
        return _Reader(name, yaml).document(_text(file, name))
    except yaml.YAMLError as error:
        where = _where(error, name)
        raise UsageError(_plainer(error), where=where, fix="mend the file, or leave it out") from error
    except RecursionError as error:
        raise UsageError("not valid YAML: nested too deeply", where=name) from error


def _where(error: yaml.YAMLError, name: str) -> str:
    """Say where a file is wrong, and take the lines of the file out of the error, which a traceback would show."""
    marks = [getattr(error, "context_mark", None), getattr(error, "problem_mark", None)]
    for mark in filter(None, marks):
        mark.buffer = None
    return f"{name}:{marks[-1].line + 1}" if marks[-1] else name


def _plainer(error: yaml.YAMLError) -> str:
    """Say what is wrong without anything of the file in it."""
    if "single document" in str(getattr(error, "context", "")):
        return "holds several documents, and the original took one"
    return f"not valid YAML: {getattr(error, 'problem', None) or 'a character that YAML does not allow'}"


def _library() -> Any:
    try:
        import yaml
    except ImportError as error:
        raise UsageError(
            "reading the original's YAML needs a package that is not here", fix='pip install "hygge-core[migrate]"'
        ) from error
    return yaml


def _text(file: Path, name: str) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror or error}", where=name) from error
    except UnicodeDecodeError as error:
        raise UsageError("not valid UTF-8", where=name, fix="save the file as UTF-8") from error


class _Reader:
    """One file on its way into nodes; ``left`` is how many more there may be."""

    def __init__(self, name: str, library: Any) -> None:
        self.name = name
        self.yaml = library
        self.left = MOST_NODES
        self.shadowed: list[Node] = []
        self.open: list[yaml.Node] = []

    def document(self, text: str) -> Document:
        loader = self.yaml.SafeLoader(text)
        self.scalars = loader
        try:
            root = loader.get_single_node()
            if root is None:
                return Document(node=Node(value={}, place=Place(file=self.name, line=1)))
            node = self.node(root, ())
        finally:
            loader.dispose()
        if not isinstance(node.value, dict):
            raise self.refused(root, "holds no table of keys", "the original did not read it either")
        return Document(node=node, shadowed=tuple(self.shadowed))

    def node(self, written: yaml.Node, path: KeyPath) -> Node:
        self.left -= 1
        if self.left < 0 or any(written is outer for outer in self.open):
            raise self.refused(written, "grows without end by its aliases", "write out what they stand for")
        self.open.append(written)
        value = self.value(written, path)
        self.open.pop()
        return Node(value=value, place=Place(file=self.name, line=_line(written), key=dotted(path)))

    def value(self, written: yaml.Node, path: KeyPath) -> Any:
        if isinstance(written, self.yaml.MappingNode):
            return self.table(written, path)
        if isinstance(written, self.yaml.SequenceNode):
            return [self.node(item, (*path, index)) for index, item in enumerate(written.value)]
        try:
            return self.scalars.construct_object(written)
        except ValueError as error:
            raise self.refused(written, f"is no {written.tag.rpartition(':')[2]}", "put it in quotes") from error

    def table(self, written: yaml.MappingNode, path: KeyPath) -> dict[str, Node]:
        table: dict[str, Node] = {}
        for key, value in self.pairs(written):
            name = self.key(key)
            node = self.node(value, (*path, name))
            node = evolve(node, place=evolve(node.place, line=_line(key)))
            if name in table:
                self.shadowed.append(table.pop(name))
            table[name] = node
        return table

    def pairs(self, written: yaml.MappingNode) -> Iterator[tuple[yaml.Node, yaml.Node]]:
        """Yield what a table holds: first what ``<<`` brings in, unless it is overridden, then its own keys."""
        own = {self.key(key) for key, _ in written.value}
        brought: dict[str, tuple[yaml.Node, yaml.Node]] = {}
        for merged in self.merged(written):
            if any(merged is outer for outer in self.open):
                raise self.refused(merged, "grows without end by its aliases", "write out what they stand for")
            for key, value in self.pairs(merged):
                brought.setdefault(self.key(key), (key, value))
        yield from (pair for name, pair in brought.items() if name not in own)
        yield from (pair for pair in written.value if not self.merges(pair[0]))

    def merged(self, written: yaml.MappingNode) -> Iterator[yaml.MappingNode]:
        for key, value in written.value:
            if self.merges(key):
                for table in value.value if isinstance(value, self.yaml.SequenceNode) else [value]:
                    if not isinstance(table, self.yaml.MappingNode):
                        raise self.refused(key, "is merged with something that is no table", "merge tables only")
                    yield table

    def merges(self, key: yaml.Node) -> bool:
        return bool(key.tag == "tag:yaml.org,2002:merge")

    def key(self, written: yaml.Node) -> str:
        if not isinstance(written, self.yaml.ScalarNode):
            raise self.refused(written, "has a key that is no text", "the original knows no such keys")
        return str(written.value)

    def refused(self, written: yaml.Node, what: str, fix: str) -> UsageError:
        return UsageError(what, where=f"{self.name}:{_line(written)}", fix=fix)


def _line(written: yaml.Node) -> int:
    return int(written.start_mark.line) + 1


def leaves(node: Node) -> Iterable[Node]:
    """Return every value within a node that is no table: texts, numbers, lists of them, and what is empty."""
    inner: Iterable[Node] = ()
    if isinstance(node.value, dict):
        inner = node.value.values()
    elif isinstance(node.value, list) and any(isinstance(item.value, dict | list) for item in node.value):
        inner = node.value
    found = [leaf for item in inner for leaf in leaves(item)]
    return found or [node]
