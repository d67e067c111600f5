"""One table of the original as one entity of this hygge: home, store, how it moves, its polish."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import Factory, define, frozen

from hygge_core.migrate.rules.homes import HOMES
from hygge_core.migrate.rules.polishing import POLISH
from hygge_core.migrate.rules.rule import ANY, Area, Rule
from hygge_core.migrate.rules.stores import STORES
from hygge_core.migrate.rules.tables import ENTITY
from hygge_core.migrate.rules.values import truth


if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygge_core.config.node import Node
    from hygge_core.migrate.connections import Connections
    from hygge_core.migrate.merging import OldTable
    from hygge_core.migrate.settings import Settings
    from hygge_core.migrate.translating import Draft, Translator


@define
class NewTable:
    """What a table became: its settings by the keys of this hygge, and what is open, by the key that it is about."""

    name: str | None
    settings: dict[str, Any]
    open: list[tuple[str, str]] = Factory(list)


@frozen(kw_only=True)
class Maker:
    """Makes the new table of an old one."""

    old: OldTable
    origin: Node
    translator: Translator
    connections: Connections

    def table(self) -> NewTable:
        """Translate every part of the table, and ask for what an incremental run needs and does not have."""
        home_area = _area(HOMES, self.old, self.old.home)
        store_area = _area(STORES, self.old, self.old.store)
        home = self._home(home_area)
        store = self._side("store", store_area, self.old.store)
        moving, origin = self._moving(store)
        self.translator.translate(ENTITY, self.old.rest)
        settings = {**moving.table, "home": home.table, "store": store.table}
        if "polish" in store.beside:
            settings["polish"] = store.beside["polish"]
        if "watermark" in settings:
            settings["watermark"] = dict(sorted(settings["watermark"].items()))
        drafts = (home, store, moving)
        made = NewTable(name=self.old.entity, settings=settings)
        made.open = [(to.partition(".")[0] or draft.at, str(what)) for draft in drafts for to, what in draft.open]
        if settings.get("run_type") == "incremental":
            self._demand_watermark(made, origin)
            if store_area and store_area.upserts:
                settings["write"] = "upsert"
        return made

    def _home(self, area: Area | None) -> Draft:
        if area is None or not area.connects:
            return self._side("home", area, self.old.home)
        name, rest = self.connections.of_home(self.old, self.translator)
        draft = self._side("home", area, rest)
        if name:
            draft.table["connection"] = name
        return draft

    def _side(self, at: str, area: Area | None, settings: Settings) -> Draft:
        """Translate a home or store; one without counterpart stays as it is, so that loading it is refused."""
        draft = self.translator.translate(area or _AS_IT_IS, settings, at=at)
        ledger = self.translator.ledger
        if area is None:
            node = settings.get(("type",)) or self.origin
            what = f"nothing here stands for this {at}"
            fix = "choose a type that `hygge plugins` lists, or install a plugin that brings it"
            draft.open.append((at, ledger.ask(node, self.translator.about, what, fix, to=f"{at}.type")))
            return draft
        for key, what, fix in area.needs:
            if key not in draft.table:
                node = next(iter(settings.values()), self.origin)
                draft.open.append((at, ledger.ask(node, self.translator.about, what, fix, to=f"{at}.{key}")))
        if area.note:
            ledger.note(area.note)
        return draft

    def _moving(self, store: Draft) -> tuple[Draft, Node]:
        """Find out how the table moves, and which key says so: the store's, ``full_drop``, or ``run_type``."""
        settings, flag, ledger = dict(self.old.moving), self.old.full_drop, self.translator.ledger
        origin = settings.get(("run_type",), self.origin)
        if flag and (beaten := settings.pop(("run_type",), None)):
            ledger.remark(beaten, "dropped", why="full_drop in flow.yml beat it (defect 17)")
        draft = self.translator.translate(ENTITY, settings)
        if flag:
            draft.table["run_type"] = "full_drop" if truth(flag.value, {}) is True else "incremental"
            ledger.remark(flag, "renamed", to="run_type", why="it beat run_type and the command line (defect 17)")
        if "run_type" in store.beside:
            draft.table["run_type"] = store.beside["run_type"]
            return draft, self.old.store["incremental",]
        return draft, flag or origin

    def _demand_watermark(self, made: NewTable, origin: Node) -> None:
        ledger, about = self.translator.ledger, self.translator.about
        watermark = made.settings.get("watermark", {})
        if "column" not in watermark:
            what = "an incremental run needs a watermark; without one the original added everything again (defect 13)"
            fix = 'write watermark = { column = "...", key = ["..."] }, or run_type = "full_drop"'
            made.open.append(("run_type", str(ledger.ask(origin, about, what, fix, to="run_type"))))
        elif "key" not in watermark:
            node = self.old.moving[("watermark", "watermark_column")]
            what, fix = "an incremental run needs the key of a row", 'write key = ["..."] into the watermark'
            made.open.append(("watermark", str(ledger.ask(node, about, what, fix, to="watermark.key"))))


def _area(areas: Mapping[tuple[str, str], Area], old: OldTable, side: Settings) -> Area | None:
    kind = old.word(side, "type", "parquet")
    return areas.get((kind, old.word(side, "format", "") if kind in _BY_FORMAT else ""))


_BY_FORMAT = frozenset(kind for kind, form in STORES if form)
_AS_IT_IS = Area(
    name="what nothing here stands for",
    rules=(*POLISH, Rule(key=ANY, to=ANY, why="as it was, for a plugin that takes it")),
)
