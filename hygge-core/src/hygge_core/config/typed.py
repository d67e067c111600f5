"""Tables with a ``type``: the plugin that brings the type says what else may stand in them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import evolve

from hygge_core.config.model import ConnectionConfig, HomeConfig, StoreConfig
from hygge_core.config.structure import Structure
from hygge_core.errors import PluginError


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from hygge_core.config.node import Invalid, Node
    from hygge_core.plugin import ConnectionType, HomeType, StoreType
    from hygge_core.plugins import Plugins

Kind = TypeVar("Kind", "HomeType", "StoreType", "ConnectionType")


def project_structure(plugins: Plugins) -> Structure:
    """Make a structure that reads homes, stores and connections into the classes of their plugins."""
    structure = Structure()

    def home(node: Node, _: Any) -> HomeConfig:
        kind, value = _read(node, plugins.home, plugins.homes, structure)
        return HomeConfig(type=kind, value=value)

    def store(node: Node, _: Any) -> StoreConfig:
        kind, value = _read(node, plugins.store, plugins.stores, structure)
        return StoreConfig(type=kind, value=value)

    def connection(node: Node, _: Any) -> ConnectionConfig:
        kind, value = _read(node, plugins.connection, plugins.connections, structure)
        return ConnectionConfig(name="", type=kind, value=value)  # its key in the project gives the name

    structure.teach(lambda wanted: wanted is HomeConfig, home)
    structure.teach(lambda wanted: wanted is StoreConfig, store)
    structure.teach(lambda wanted: wanted is ConnectionConfig, connection)
    return structure


def _read(node: Node, find: Callable[[str], Kind], known: Iterable[str], structure: Structure) -> tuple[Kind, Any]:
    if isinstance(node.value, str):
        raise _bare_string(node, known)
    written = node.table.get("type")
    if written is None:
        raise node.place.under("type").invalid("required key is missing", _listed(known))
    with _as_problem(written):
        kind = find(structure.read(written, str))
        settings = {key: inner for key, inner in node.table.items() if key != "type"}
        return kind, structure.read(evolve(node, value=settings), kind.config)


@contextmanager
def _as_problem(written: Node) -> Iterator[None]:
    """Place what is wrong with a plugin where its type is named."""
    try:
        yield
    except PluginError as error:
        what = f"{error.where}: {error.what}" if error.where else error.what
        raise written.place.invalid(what, error.fix) from error


def _bare_string(node: Node, known: Iterable[str]) -> Invalid:
    kind = next((name for name in known if name == node.value and not node.variables), "...")
    return node.mismatch("a table with a type", f'write {{ type = "{kind}", ... }}; {_listed(known)}')


def _listed(known: Iterable[str]) -> str:
    """Name the types that are installed."""
    names = ", ".join(sorted(known))
    return f"installed are {names}" if names else "none is installed"
