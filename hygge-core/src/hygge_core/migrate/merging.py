"""Everything that is said of one table: the flow's settings under the entity's, merged as the original merged them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve, frozen

from hygge_core.migrate.settings import flatten


if TYPE_CHECKING:
    from hygge_core.config.node import Node
    from hygge_core.migrate.ledger import Ledger
    from hygge_core.migrate.project import OldEntity, OldFlow
    from hygge_core.migrate.settings import Settings


FOR_STORES = ("if_exists", "batch_size", "parallel_workers", "timeout", "folder_deletion_wait_seconds")
"""What an entity or the defaults say at their top, and the store gets."""

_TYPE = ("type",)
_PATH = ("path",)
_ENTITY = "{entity}"
_OVERRIDING = ("run_type", "watermark")


@frozen(kw_only=True)
class OldTable:
    """One table of a flow with all that counts for it.

    ``entity`` is None for a flow that moves a single table.  ``full_drop`` beats ``run_type`` where it is there.
    """

    entity: str | None
    home: Settings
    store: Settings
    moving: Settings
    rest: Settings
    full_drop: Node | None = None

    def word(self, side: Settings, key: str, default: str) -> str:
        """Return a setting as a word in small letters."""
        node = side.get((key,))
        return str(node.value).lower() if node and node.value is not None else default


def tables_of(flow: OldFlow, ledger: Ledger) -> list[OldTable]:
    """Merge what a flow says with what each of its entities says."""
    return [_merged(flow, entity, ledger) for entity in flow.entities] or [_merged(flow, None, ledger)]


def _merged(flow: OldFlow, entity: OldEntity | None, ledger: Ledger) -> OldTable:
    own = {**flow.defaults, **entity.own} if entity else {}
    home = _home(_side(flow.table, "home"), _side(own, "home"), entity, ledger)
    store = _overlaid(_side(flow.table, "store"), _side(own, "store"))
    store |= {(key,): node for key, node in own.items() if key in FOR_STORES}
    if entity and _is_local(store):
        store |= _with_entity(store, "store", ledger)
    chosen = {key: own.get(key) or flow.table.get(key) for key in _OVERRIDING}
    rest = {key: node for key, node in own.items() if key not in {"home", "store", *FOR_STORES, *_OVERRIDING}}
    full_drop = flow.table.get("full_drop")
    return OldTable(
        entity=entity.name if entity else None,
        home=home,
        store=store,
        moving=flatten({key: node for key, node in chosen.items() if node}),
        rest=flatten(rest),
        full_drop=full_drop if full_drop and full_drop.value is not None else None,
    )


def _side(table: dict[str, Node], key: str) -> Settings:
    """Return the settings of a home or store; a text alone is the path of Parquet files."""
    node = table.get(key)
    if node is None or node.value is None:
        return {}
    return flatten(node.value) if isinstance(node.value, dict) else {_PATH: node}


def _overlaid(under: Settings, over: Settings) -> Settings:
    """Lay one table over another: whole keys, as they stand at the top."""
    replaced = {path[0] for path in over}
    return {path: node for path, node in under.items() if path[0] not in replaced} | over


def _home(under: Settings, over: Settings, entity: OldEntity | None, ledger: Ledger) -> Settings:
    """Merge homes: paths of flow and entity are joined, and without its own an entity adds its name."""
    home = _overlaid(under, over)
    if entity is None or not _is_local(home) or _PATH not in home:
        return home
    if _has_text(over) and _has_text(under):
        ledger.remark(under[_PATH], "kept", to="home.path", why="in front of the paths of entities")
        ledger.remark(over[_PATH], "kept", to="home.path", why="behind the path of the flow")
        return home | {_PATH: _joined(over[_PATH], under[_PATH].value, over[_PATH].value)}
    return home if _PATH in over else home | _with_entity(home, "home", ledger)


def _with_entity(side: Settings, name: str, ledger: Ledger) -> Settings:
    node = side.get(_PATH)
    if node is None or not _has_text(side):
        return {}
    ledger.remark(node, "kept", to=f"{name}.path", why="with {entity} behind it, as the original had it")
    return {_PATH: _joined(node, node.value, _ENTITY)}


def _has_text(side: Settings) -> bool:
    return _PATH in side and isinstance(side[_PATH].value, str)


def _joined(node: Node, first: object, second: object) -> Node:
    return evolve(node, value=f"{str(first).rstrip('/')}/{str(second).lstrip('/')}")


def _is_local(side: Settings) -> bool:
    """Tell whether a side is one of those that the original added the entity's name to."""
    kind = side.get(_TYPE)
    return (str(kind.value).lower() if kind and kind.value is not None else _LOCAL[0]) in _LOCAL


_LOCAL = ("parquet", "local")
