"""The whole way of a project: every key gets its remark, and the new files are made as texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from hygge_core.config.discover import FILE
from hygge_core.config.sources import FLOWS
from hygge_core.migrate import toml
from hygge_core.migrate.connections import Connections
from hygge_core.migrate.factoring import factored
from hygge_core.migrate.ledger import Ledger
from hygge_core.migrate.merging import tables_of
from hygge_core.migrate.moving import moved
from hygge_core.migrate.packages import missing_packages
from hygge_core.migrate.rules.tables import FLOW
from hygge_core.migrate.rules.top import PROJECT
from hygge_core.migrate.settings import flatten
from hygge_core.migrate.suspicions import suspicions
from hygge_core.migrate.tables import Maker
from hygge_core.migrate.texts import Vault
from hygge_core.migrate.translating import Translator
from hygge_core.migrate.watermarks import followed


if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hygge_core.migrate.factoring import NewFlow
    from hygge_core.migrate.ledger import Decision, Remark
    from hygge_core.migrate.merging import OldTable
    from hygge_core.migrate.project import OldFlow, OldProject
    from hygge_core.migrate.suspicions import Suspicion
    from hygge_core.migrate.watermarks import Followed
    from hygge_core.plugins import Plugins


_HEADER = "# Made of the original's hygge.yml by `hygge migrate`; everything here is yours to change."
_UNREAD = "The original did not look at these files, and nothing of them is here:"
_PER_ENTITY = frozenset({"home", "store", "entities", "defaults", "run_type", "watermark", "full_drop"})


@frozen(kw_only=True)
class Migration:
    """A project on its way: the new files by their names, and all that is to be said of it.

    ``variables`` names the environment variables that secrets were moved into, ``packages`` what is to be installed.
    """

    files: dict[str, str]
    remarks: tuple[Remark, ...]
    decisions: tuple[Decision, ...]
    notes: tuple[str, ...]
    variables: tuple[str, ...]
    packages: tuple[str, ...]
    suspicions: tuple[Suspicion, ...]
    followed: tuple[Followed, ...]


def migrate(old: OldProject, into: Path, plugins: Plugins) -> Migration:
    """Make the new project of an old one, for the folder ``into``; nothing is written."""
    ledger = Ledger()
    vault = Vault(ledger)
    connections = Connections(ledger=ledger, vault=vault)
    top = Translator(ledger=ledger, vault=vault, about="the project").translate(PROJECT, _top(old, connections))
    merged = {flow.name: tables_of(flow, ledger) for flow in old.flows}
    flows = [_flow(flow, merged[flow.name], ledger, vault, connections) for flow in old.flows]
    _sweep(old, ledger)
    if old.unread:
        ledger.note(f"{_UNREAD} {', '.join(old.unread)}.")
    flows = [moved(flow, old.root, into, ledger) for flow in flows]
    name = top.table.pop("name", old.root.resolve().name)
    tables = [entity for flow in flows for entity in _whole(flow)]
    return Migration(
        files=dict(_files(name, top.table, connections, flows)),
        remarks=ledger.remarks(old.nodes),
        decisions=ledger.decisions,
        notes=tuple(ledger.notes),
        variables=tuple(ledger.variables),
        packages=missing_packages(tables, plugins),
        suspicions=suspicions(old, merged),
        followed=followed(old, merged),
    )


def _top(old: OldProject, connections: Connections) -> Any:
    """Take the connections in, and return what else hygge.yml says."""
    table = dict(old.table)
    table.pop("flows", None)
    written = table.get("connections")
    named = written.value if written and isinstance(written.value, dict) else {}
    if named:
        table.pop("connections")
    for name, node in named.items():
        connections.named(name, node)
    return flatten(table)


def _flow(flow: OldFlow, tables: list[OldTable], ledger: Ledger, vault: Vault, connections: Connections) -> NewFlow:
    translator = Translator(ledger=ledger, vault=vault, about=flow.name)
    translator.translate(FLOW, flatten({key: node for key, node in flow.table.items() if key not in _PER_ENTITY}))
    made = [
        Maker(
            old=table,
            origin=flow.node,
            translator=Translator(
                ledger=ledger, vault=vault, about=f"{flow.name}.{table.entity}" if table.entity else flow.name
            ),
            connections=connections,
        ).table()
        for table in tables
    ]
    return factored(flow.name, made)


def _sweep(old: OldProject, ledger: Ledger) -> None:
    """Say of each value that nothing was said of why nothing came of it."""
    for node in ledger.unsaid(old.shadowed):
        ledger.remark(node, "dropped", why="the same key is written again further down, and only that one counted")
    for flow in old.flows:
        table = flow.table
        if any(entity.node.place.file == flow.node.place.file for entity in flow.entities):
            for node in ledger.unsaid([table["entities"]]):
                ledger.remark(node, "kept", to="entities")
        for key in _PER_ENTITY & table.keys():
            for node in ledger.unsaid([table[key]]):
                ledger.remark(node, "dropped", why=_why_left(flow, key))
    for node in ledger.unsaid(old.nodes):
        ledger.remark(node, "unknown", why="the original did not read it")


def _why_left(flow: OldFlow, key: str) -> str:
    """Say why nothing came of what a flow says for its entities."""
    if key == "defaults":
        return "the original looked at it only beside a folder entities"
    if key == "entities":
        return "the folder entities took its place" if flow.entities else "it names none"
    return "every entity says its own"


def _whole(flow: NewFlow) -> Iterator[dict[str, Any]]:
    """Yield the homes and stores of a flow, each with what the flow says of it."""
    for own in [entity.own for entity in flow.entities] or [{}]:
        yield {side: {**flow.shared.get(side, {}), **own.get(side, {})} for side in ("home", "store")}


def _files(name: str, top: dict[str, Any], connections: Connections, flows: list[NewFlow]) -> Iterator[tuple[str, str]]:
    """Write hygge.toml, and with more than one flow a file for each."""
    lines = [_HEADER, "", f"name = {toml.text(str(name))}"]
    for key, settings in top.items():
        lines += toml.table(key, settings)
    for connection, settings in connections.tables.items():
        comments = [words for about, words in connections.open if about == connection]
        lines += toml.table(f"connections.{toml.key(connection)}", settings, comments)
    if len(flows) == 1:
        lines += toml.flow(flows[0], header=f"flows.{toml.key(flows[0].name)}")
    yield FILE, "\n".join(lines) + "\n"
    if len(flows) > 1:
        for flow in flows:
            yield f"{FLOWS}/{flow.name}.toml", "\n".join(toml.flow(flow)).lstrip() + "\n"
