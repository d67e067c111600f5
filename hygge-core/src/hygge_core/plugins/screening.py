"""The reasons not to import a plugin at all, in the order in which they are looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import Factory, frozen

from hygge_core.hookspecs import PROJECT
from hygge_core.plugins.api import other_api
from hygge_core.plugins.compatibility import incompatibility
from hygge_core.plugins.discovery import canonical
from hygge_core.plugins.status import Fault, PluginStatus


if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hygge_core.plugins.discovery import Candidate
    from hygge_core.plugins.status import State


@frozen(kw_only=True)
class Screened:
    """The candidates that may be imported, and how the others fare."""

    admitted: tuple[Candidate, ...]
    turned_away: tuple[PluginStatus, ...]


def screen(candidates: Iterable[Candidate], disabled: Mapping[str, str]) -> Screened:
    """Part the candidates. ``disabled`` maps canonical names to where each is disabled."""
    gate = _Gate(disabled=disabled)
    admitted, turned_away = [], []
    for candidate in _of_this_api(tuple(candidates)):
        status = gate.turn_away(candidate)
        if status is None:
            admitted.append(candidate)
        else:
            turned_away.append(status)
    by_source = sorted(admitted, key=lambda candidate: candidate.source)
    return Screened(admitted=tuple(by_source), turned_away=tuple(turned_away))


def _of_this_api(candidates: tuple[Candidate, ...]) -> Iterable[Candidate]:
    """Leave out entry points for another plugin API of a distribution that also speaks this one."""
    speaking = {candidate.source.distribution for candidate in candidates if candidate.entry_point.group == PROJECT}
    return (c for c in candidates if c.entry_point.group == PROJECT or c.source.distribution not in speaking)


@frozen(kw_only=True)
class _Gate:
    """Remembers who came first, by distribution and by what the entry point names."""

    disabled: Mapping[str, str]
    distributions: dict[str, Candidate] = Factory(dict)
    targets: dict[str, Candidate] = Factory(dict)

    def turn_away(self, candidate: Candidate) -> PluginStatus | None:
        checks = (self._duplicate, self._disabled, self._other_api, self._incompatible, self._same_target)
        return next((status for check in checks if (status := check(candidate))), None)

    def _duplicate(self, candidate: Candidate) -> PluginStatus | None:
        if not candidate.source.distribution:
            return None
        first = self.distributions.setdefault(canonical(candidate.source.distribution), candidate)
        if first.location == candidate.location:
            return None
        used, unused = f"{first.source.version} in {first.location}", candidate.location
        fix = f"pip uninstall {candidate.source.distribution}, then install it once"
        return _status(candidate, "duplicate", f"installed twice: {used} is in use, this one in {unused} is not", fix)

    def _disabled(self, candidate: Candidate) -> PluginStatus | None:
        for name in (candidate.source.distribution, candidate.source.entry_point):
            if name and (by := self.disabled.get(canonical(name))):
                return _status(candidate, "disabled", f"disabled by {by}", f"take {name!r} out of {by} to use it")
        return None

    def _other_api(self, candidate: Candidate) -> PluginStatus | None:
        fault = other_api(candidate.entry_point.group, candidate.source.distribution)
        return _status(candidate, "incompatible", fault.what, fault.fix) if fault else None

    def _incompatible(self, candidate: Candidate) -> PluginStatus | None:
        fault = incompatibility(candidate.source.distribution, candidate.requires)
        return _status(candidate, "incompatible", fault.what, fault.fix) if fault else None

    def _same_target(self, candidate: Candidate) -> PluginStatus | None:
        first = self.targets.setdefault(candidate.entry_point.value, candidate)
        if first is candidate:
            return None
        what = f"{candidate.entry_point.value} is in use already, as {first.source}"
        return _status(candidate, "duplicate", what, "uninstall one of the two")


def _status(candidate: Candidate, state: State, what: str, fix: str) -> PluginStatus:
    fault = Fault(what=what, fix=fix)
    return PluginStatus(source=candidate.source, state=state, target=candidate.entry_point.value, faults=(fault,))
