"""A distribution as it lies in this environment: its entry points, its sources and what it requires."""

from __future__ import annotations

import sys
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen
from packaging.requirements import Requirement

from hygge_core.hookspecs import CONFORMANCE, PROJECT
from hygge_core.plugins.compatibility import CORE
from hygge_core.plugins.discovery import canonical
from hygge_core.testing.imports import imports_of


if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from importlib.machinery import ModuleSpec
    from importlib.metadata import Distribution, EntryPoint

    from hygge_core.testing.imports import Import


_LATER = {"annotationlib", "compression"}
"""Modules of the standard library that came after the oldest Python of hygge."""


@frozen(kw_only=True)
class Installed:
    """A distribution that brings plugins. ``distribution`` is its metadata."""

    distribution: Distribution

    @property
    def name(self) -> str:
        """Its name, as its metadata spells it."""
        return self.metadata("Name")

    def metadata(self, key: str) -> str:
        """Return one field of its metadata, or nothing; ``Description`` is its README."""
        found = self.distribution.metadata
        return found[key].strip() if key in found else ""

    @property
    def entry_points(self) -> tuple[EntryPoint, ...]:
        """Its entry points in the group ``hygge``."""
        return tuple(self.distribution.entry_points.select(group=PROJECT))

    @property
    def tops(self) -> frozenset[str]:
        """The top-level modules that its entry points lie in."""
        return frozenset(point.module.split(".")[0] for point in self.entry_points)

    @property
    def sources(self) -> tuple[Path, ...]:
        """Where those modules lie: the folder of a package, the file of a single module."""
        specs = (find_spec(top) for top in sorted(self.tops))
        return tuple(place for spec in specs if spec is not None for place in _places(spec))

    @property
    def requires(self) -> tuple[Requirement, ...]:
        """What it requires, the requirements of its extras too."""
        return _requires(self.distribution)

    @property
    def core(self) -> tuple[Requirement, ...]:
        """Its requirements of hygge-core that hold without an extra."""
        return tuple(each for each in self.requires if canonical(each.name) == CORE and _always(each))

    def undeclared(self) -> list[str]:
        """Say which imports at run time nothing declares: ``file:line: what``.

        What hygge-core itself requires is there with it.  The module for ``hygge conformance`` is left out, for
        only the kit imports it.
        """
        declared = {canonical(each.name) for each in self.requires} | _brought_by_core(self.requires)
        known = sys.stdlib_module_names | _LATER | self.tops
        return [
            f"{each.where}: {each.module}"
            for each in self._imports()
            if each.module.split(".")[0] not in known and not declared & _distributions_of(each.module)
        ]

    def _imports(self) -> Iterable[Import]:
        only_kit = tuple(
            point.module.replace(".", "/") for point in self.distribution.entry_points.select(group=CONFORMANCE)
        )
        for each in (each for source in self.sources for each in imports_of(source)):
            file = each.where.partition(":")[0].removesuffix(".py")
            if not each.for_types and not file.startswith(only_kit):
                yield each


def find_installed(name: str) -> Installed:
    """Find a distribution. Raises `LookupError` when it is not installed here."""
    try:
        return Installed(distribution=distribution(name))
    except PackageNotFoundError as error:
        raise LookupError(f"no distribution {name!r} is installed here; `pip install -e` it") from error


def _places(spec: ModuleSpec) -> tuple[Path, ...]:
    return tuple(map(Path, spec.submodule_search_locations or (spec.origin or "",)))


def _requires(distribution_: Distribution) -> tuple[Requirement, ...]:
    return tuple(map(Requirement, distribution_.requires or ()))


def _always(requirement: Requirement) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"extra": ""})


def _brought_by_core(requires: Iterable[Requirement]) -> set[str]:
    extras = {"", *(extra for each in requires if canonical(each.name) == CORE for extra in each.extras)}
    core = _requires(distribution(CORE))
    return {
        canonical(each.name)
        for each in core
        if each.marker is None or any(each.marker.evaluate({"extra": extra}) for extra in extras)
    }


def _distributions_of(module: str) -> set[str]:
    """Name the distributions that may bring a module: those that do here, or one that is called like it."""
    parts = module.split(".")
    alike = {canonical("-".join(parts[: end + 1])) for end in range(len(parts))}
    return alike | {canonical(name) for name in _by_module().get(parts[0], ())}


@cache
def _by_module() -> Mapping[str, list[str]]:
    return packages_distributions()
