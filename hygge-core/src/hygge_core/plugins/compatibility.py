"""Whether a plugin was made for this version of hygge-core, told from its metadata alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core import __version__
from hygge_core.plugins.status import Fault


if TYPE_CHECKING:
    from collections.abc import Iterable

    from packaging.requirements import Requirement


CORE = "hygge-core"


def incompatibility(distribution: str, requires: Iterable[str]) -> Fault | None:
    """Compare a distribution's requirements with the core that runs; None when they agree.

    pip refuses such a pair, but only when it is the one that installs both.
    """
    for line in requires:
        if not line.lower().startswith("hygge"):
            continue
        requirement = _parse(line)
        if requirement is None:
            return Fault(what=f"its requirement {line!r} cannot be read", fix=f"reinstall {distribution}")
        if _concerns_core(requirement) and not requirement.specifier.contains(__version__, prereleases=True):
            what = f"it needs {CORE}{requirement.specifier}, and this is {CORE} {__version__}"
            return Fault(what=what, fix=f"pip install --upgrade {distribution} {CORE}")
    return None


def _parse(line: str) -> Requirement | None:
    from packaging.requirements import InvalidRequirement, Requirement  # some 20 ms, and only plugins need it

    try:
        return Requirement(line)
    except InvalidRequirement:
        return None


def _concerns_core(requirement: Requirement) -> bool:
    from packaging.utils import canonicalize_name

    here = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
    return here and canonicalize_name(requirement.name) == CORE
