"""All things of one kind by name, and what to say about a name that cannot be used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic

from attrs import frozen

from hygge_core.errors import PluginError
from hygge_core.plugins.kinds import T
from hygge_core.plugins.missing import missing
from hygge_core.plugins.status import Fault


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from hygge_core.plugins.kinds import Kind
    from hygge_core.plugins.loading import Loaded
    from hygge_core.plugins.status import PluginStatus, Source


@frozen(kw_only=True)
class Catalogue(Generic[T]):
    """Who offers which name. A name with more than one offer, or a reserved one, is nobody's."""

    kind: Kind[T]
    offers: Mapping[str, tuple[tuple[Source, T], ...]]

    @property
    def usable(self) -> dict[str, T]:
        """The things that can be used, in the order of their names."""
        return {name: offers[0][1] for name, offers in self.offers.items() if not self._fault(name)}

    def find(self, name: str, statuses: Sequence[PluginStatus]) -> T:
        """Return the one thing of that name. Raises `PluginError` that says why there is none, or too many."""
        if fault := self._fault(name):
            raise PluginError(fault.what, fix=fault.fix)
        if name not in self.offers:
            raise missing(self.kind.name, name, tuple(self.usable), statuses)
        return self.offers[name][0][1]

    def provider(self, name: str, statuses: Sequence[PluginStatus]) -> Source:
        """Return who brings it. Raises `PluginError` like `find`."""
        self.find(name, statuses)
        return self.offers[name][0][0]

    def faults_of(self, source: Source) -> Iterator[Fault]:
        """Yield what is wrong with the names that one plugin brings."""
        for name, offers in self.offers.items():
            if source in {offerer for offerer, _ in offers} and (fault := self._fault(name)):
                yield fault

    def _fault(self, name: str) -> Fault | None:
        sources = [source for source, _ in self.offers.get(name, ())]
        thing = f"{self.kind.name} {name!r}"
        if sources and name in self.kind.reserved:
            what = f"{thing} is built in, and {sources[0]} cannot take its place"
            return Fault(what=what, fix="its author has to choose another name")
        if len(set(sources)) > 1:
            what = f"{thing} is brought by {_and(sources)}, so none of them is used"
            return Fault(what=what, fix=_disabling(sources))
        if len(sources) > 1:
            return Fault(what=f"{thing} is brought twice by {sources[0]}", fix="its author has to choose two names")
        return None


def catalogue(kind: Kind[T], plugins: Iterable[Loaded]) -> Catalogue[T]:
    """Sort what the plugins bring of one kind by name."""
    pairs = [
        (plugin.status.source, item) for plugin in plugins for brought, item in plugin.items if brought == kind.name
    ]
    names = sorted({item.name for _, item in pairs})
    return Catalogue(kind=kind, offers={name: tuple(pair for pair in pairs if pair[1].name == name) for name in names})


def _and(sources: Sequence[Source]) -> str:
    texts = [str(source) for source in dict.fromkeys(sources)]
    return f"{', '.join(texts[:-1])} and {texts[-1]}"


def _disabling(sources: Sequence[Source]) -> str:
    """Write the line that leaves one: by distribution, or by entry point where one distribution brings both."""
    shared = len({source.distribution for source in sources}) == 1
    names = dict.fromkeys(source.entry_point if shared else source.distribution for source in sources)
    lines = " or ".join(f'disable_plugins = ["{name}"]' for name in names)
    return f"write {lines} under [options] in hygge.toml"
