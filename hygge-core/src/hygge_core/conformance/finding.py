"""Which modules of an installed distribution hold its promises, by its entry points."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, distribution, distributions
from importlib.util import find_spec
from typing import TYPE_CHECKING

from attrs import frozen

from hygge_core.errors import UsageError
from hygge_core.hookspecs import CONFORMANCE


if TYPE_CHECKING:
    from importlib.metadata import Distribution

_KIT = ("pytest", "hypothesis", "pyarrow")


@frozen(kw_only=True)
class Tried:
    """A distribution as it is installed, and the modules with its subclasses of the kit's contracts."""

    package: str
    version: str
    modules: tuple[str, ...]


def find(package: str) -> Tried:
    """Find the modules that a distribution names in the group ``hygge.conformance``.

    Raises `UsageError`, with what to do, when the distribution is not installed or names none, and when
    the extra ``hygge-core[testing]`` is not there.
    """
    found = _installed(package)
    modules = tuple(point.value for point in found.entry_points if point.group == CONFORMANCE)
    if not modules:
        raise UsageError(
            f"no entry point in the group {CONFORMANCE!r} names its contracts",
            where=f"{found.name} {found.version}",
            fix=f'add to its pyproject.toml: [project.entry-points."{CONFORMANCE}"] '
            f'NAME = "{found.name.replace("-", "_")}.conformance", and install it again',
        )
    _demand_the_kit()
    return Tried(package=found.name, version=found.version, modules=modules)


def _installed(package: str) -> Distribution:
    try:
        return distribution(package)
    except (PackageNotFoundError, ValueError) as error:
        others = sorted({each.name for each in distributions() if each.entry_points.select(group=CONFORMANCE)})
        raise UsageError(
            f"no package {package!r} is installed here",
            fix=f"packages with contracts are: {', '.join(others)}" if others else f"try `pip install {package}`",
        ) from error


def _demand_the_kit() -> None:
    missing = [name for name in _KIT if find_spec(name) is None]
    if missing:
        raise UsageError(
            f"trying promises needs {' and '.join(missing)}, not installed here",
            fix='try `pip install "hygge-core[testing]"`',
        )
