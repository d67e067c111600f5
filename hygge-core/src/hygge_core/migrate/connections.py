"""Connections: those that hygge.yml names, and one for each server that a home said itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from attrs import Factory, define

from hygge_core.migrate.rules.connections import CONNECTIONS, OWN
from hygge_core.migrate.rules.rule import ANY, Area, Rule
from hygge_core.migrate.settings import flatten
from hygge_core.migrate.translating import Translator


if TYPE_CHECKING:
    from hygge_core.config.node import Node
    from hygge_core.migrate.ledger import Ledger
    from hygge_core.migrate.merging import OldTable
    from hygge_core.migrate.settings import Settings
    from hygge_core.migrate.texts import Vault


_OWN_KEYS = frozenset(rule.key for rule in OWN.rules)
_AS_IT_IS = Area(name="a connection of another type", rules=(Rule(key=ANY, to=ANY, why="as it was"),))
_TRUST = (
    "The certificates of SQL Server are checked now; the original took any unless trust_cert said no (defect 27). A "
    "server whose certificate nobody signed is refused until the system trusts it, or trust_server_certificate = true "
    "is written."
)
_SIGN_IN = (
    "SQL Server is signed in to with a token of Entra, as the original did; for a login of its own write "
    'auth = "sql", user and password = "${NAME}" into the connection.'
)


@define
class Connections:
    """The connections of the new project, by name, and what is open in them."""

    ledger: Ledger
    vault: Vault
    tables: dict[str, dict[str, Any]] = Factory(dict)
    open: list[tuple[str, str]] = Factory(list)
    _said: dict[str, dict[str, Any]] = Factory(dict)

    def named(self, name: str, node: Node) -> None:
        """Take in a connection that hygge.yml names."""
        settings = flatten(node.value if isinstance(node.value, dict) else {"type": node})
        kind = settings.get(("type",))
        area = CONNECTIONS.get(str(kind.value).lower()) if kind else None
        at = f"connections.{name}"
        draft = Translator(ledger=self.ledger, vault=self.vault, about=name).translate(
            area or _AS_IT_IS, settings, at=at
        )
        self.open += [(name, str(decision)) for _, decision in draft.open]
        self.tables[name] = draft.table
        if area is None:
            fix = "write the type of a connection that `hygge plugins` lists"
            what = "the original knew connections of type mssql only"
            decision = self.ledger.ask(kind or node, at, what, fix, to=f"{at}.type")
            self.open.append((name, str(decision)))
        else:
            self._note(settings)

    def of_home(self, old: OldTable, translator: Translator) -> tuple[str, Settings]:
        """Return the name of the connection that a home says itself, if it does, and the rest of its settings."""
        own = {path: node for path, node in old.home.items() if path[0] in _OWN_KEYS}
        rest = {path: node for path, node in old.home.items() if path[0] not in _OWN_KEYS}
        if ("connection",) in old.home:
            for node in own.values():
                self.ledger.remark(node, "dropped", why="the connection says how the server is reached")
            return "", rest
        if not own:
            return "", rest
        name = self._name_of(translator.about, own)
        draft = translator.translate(OWN, own, at=f"connections.{name}")
        self.open += [(name, str(decision)) for _, decision in draft.open]
        self.tables[name] = draft.table
        self._note(own)
        return name, rest

    def _name_of(self, about: str, own: Settings) -> str:
        """Name a connection after its database, and the same connection only once."""
        database = own.get(("database",))
        text = str(database.value) if database and "${" not in str(database.value) else about
        wanted = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_") or "server"
        number, name = 1, wanted
        while name in self.tables and self._said.get(name) != _content(own):
            number += 1
            name = f"{wanted}_{number}"
        self._said[name] = _content(own)
        return name

    def _note(self, settings: Settings) -> None:
        self.ledger.note(_SIGN_IN)
        if ("trust_cert",) not in settings:
            self.ledger.note(_TRUST)


def _content(settings: Settings) -> dict[str, Any]:
    return {str(path[0]): node.plain() for path, node in settings.items()}
