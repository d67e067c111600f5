"""Applying the rules of an area to a table: each value is carried over, left out or asked about, and remarked on."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from attrs import Factory, define, frozen

from hygge_core.config.node import dotted
from hygge_core.config.suggest import did_you_mean
from hygge_core.migrate.rules.rule import ANY, Asked, Dropped, Moved
from hygge_core.migrate.settings import beside, pattern_of, put, settled, target
from hygge_core.migrate.texts import bears_secret, rewritten, sounds_secret


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hygge_core.config.lines import Path
    from hygge_core.config.node import Node
    from hygge_core.migrate.ledger import Decision, Ledger
    from hygge_core.migrate.rules.rule import Area, Rule
    from hygge_core.migrate.settings import Settings
    from hygge_core.migrate.texts import Vault


_BESIDE = "/"
_SCALARS = (bool, int, float, str, datetime, date, time)


@define
class Draft:
    """What a table becomes: its own keys, those that lie beside it, and what is open there.

    ``at`` is what the new table is called, such as ``home``; ``open`` names the key that each decision is about.
    """

    at: str
    table: dict[str, Any] = Factory(dict)
    beside: dict[str, Any] = Factory(dict)
    open: list[tuple[str, Decision]] = Factory(list)
    _taken: dict[str, str] = Factory(dict)

    def put(self, to: str, path: Path, value: Any) -> str:
        """Set a key and return its name. Raises `Dropped` where another key of the original has set it already."""
        place = target(to.removeprefix(_BESIDE), path)
        name = self.named(to, path)
        if name in self._taken:
            raise Dropped(f"{self._taken[name]} took its place")
        self._taken[name] = dotted(path)
        put(self.beside if to.startswith(_BESIDE) else self.table, place, value)
        return name

    def named(self, to: str, path: Path) -> str:
        """Return what a key is called in messages."""
        if not to:
            return ""
        place = target(to.removeprefix(_BESIDE), path)
        return dotted(place, after="" if to.startswith(_BESIDE) else self.at)


@frozen(kw_only=True)
class Translator:
    """Translates the tables of one flow, entity or connection; ``about`` names it in decisions and variables."""

    ledger: Ledger
    vault: Vault
    about: str

    def translate(self, area: Area, settings: Settings, *, at: str = "") -> Draft:
        """Apply an area's rules; keys of ``options`` come first, since they beat the others."""
        draft = Draft(at=at, table=dict(area.added))
        for path, node in sorted(settings.items(), key=lambda one: one[0][0] != "options"):
            rule = _rule_for(area, path)
            if rule is None:
                self._wonder(area, path, node)
                continue
            try:
                self._carry(rule, path, node, beside(settings, path), draft)
            except Dropped as reason:
                self.ledger.remark(node, "dropped", why=str(reason))
            except Asked as question:
                self._ask(question, rule, path, node, draft)
        draft.table, draft.beside = _ordered(area, settled(draft.table)), settled(draft.beside)
        return draft

    def _carry(self, rule: Rule, path: Path, node: Node, table: Mapping[str, Any], draft: Draft) -> None:
        value = node.plain()
        if not rule.to:
            raise Dropped(rule.why)
        value = rule.nothing if value is None else value
        if value is None or value == {}:
            raise Dropped("it says nothing")
        value = rule.convert(value, table) if rule.convert else value
        moved = value.values if isinstance(value, Moved) else {rule.to: value}
        written = {_to(to, path): self._written(rule, path, node, part) for to, part in moved.items()}
        names = [draft.put(to, path, part) for to, part in written.items()]
        kind = "renamed" if isinstance(value, Moved) else rule.kind
        self.ledger.remark(node, kind, to=", ".join(names), why=self._moved_out(node) or rule.why)

    def _moved_out(self, node: Node) -> str:
        """Say where a secret is that was written out."""
        name = next((name for name, place in self.ledger.variables.items() if place == node.place), "")
        return f"it was written out; put it into the environment variable {name}" if name else ""

    def _ask(self, question: Asked, rule: Rule, path: Path, node: Node, draft: Draft) -> None:
        """Leave the decision open, and the value as it was, so that nothing else is taken for it."""
        to = draft.named(_to(rule.to, path), path)
        draft.open.append((to, self.ledger.ask(node, self.about, question.what, question.fix, to=to)))
        if not question.withheld and not rule.secret and isinstance(node.value, _SCALARS):
            with suppress(Dropped):  # what beats it is written already
                draft.put(_to(rule.to, path), path, node.value)

    def _written(self, rule: Rule, path: Path, node: Node, value: Any) -> Any:
        """Return the value as it may stand in TOML. Raises `Asked` for what cannot."""
        key = str(path[-1])
        secret = rule.secret or (rule.key == ANY and sounds_secret(key))
        if secret:
            return self.vault.reference(str(value), node.place, self.about.partition(".")[0], key)
        if isinstance(value, str) and bears_secret(value) and not _is_code(key):
            raise Asked("it holds a secret", "write it anew, with ${NAME} for the secret", withheld=True)
        return _plain(value)

    def _wonder(self, area: Area, path: Path, node: Node) -> None:
        """Say of a key that no rule knows what it might have been."""
        if node.value in (None, {}) and any(rule.key.startswith(f"{pattern_of(path)}.") for rule in area.rules):
            self.ledger.remark(node, "dropped", why="it says nothing")
            return
        near = did_you_mean(pattern_of(path), _alike(area, pattern_of(path)))
        self.ledger.remark(node, "unknown", why="; ".join(filter(None, ["the original did not read it", near])))


def _rule_for(area: Area, path: Path) -> Rule | None:
    """Find the rule of a key: its own, else that of all keys of a table around it."""
    rules = {rule.key: rule for rule in area.rules}
    pattern = pattern_of(path)
    around = [f"{pattern_of(path[:length])}.{ANY}" for length in range(len(path), 0, -1)]
    return next((rules[key] for key in (pattern, *around, ANY) if key in rules), None)


def _alike(area: Area, pattern: str) -> Iterator[str]:
    """Yield the keys that one may have been meant for: beside it in the same table, or of its name in another."""
    table, _, name = pattern.rpartition(".")
    for rule in area.rules:
        other, _, last = rule.key.rpartition(".")
        if last != ANY and (other == table or last == name):
            yield rule.key


def _is_code(key: str) -> bool:
    """Tell whether a value is a statement, in which a column may be called pwd."""
    return key == "query"


def _ordered(area: Area, table: dict[str, Any]) -> dict[str, Any]:
    """Put the type in front, then the keys in the order of the rules, then those that were defaults."""
    order = [rule.to.partition(".")[0] for rule in area.rules]
    rest = sorted(table, key=lambda key: order.index(key) if key in order else len(order))
    kind = {"type": area.type} if area.type else {}
    return kind | {key: table[key] for key in rest} | kind


def _to(to: str, path: Path) -> str:
    return pattern_of(path) if to == ANY else to


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return rewritten(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, _SCALARS):
        return value
    raise Asked("TOML has no such value", "write a text, a number or a boolean")
