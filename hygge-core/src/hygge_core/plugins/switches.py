"""The environment variables and the setting that switch plugins off, on and loud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core.plugins.discovery import canonical


if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


DISABLE = "HYGGE_DISABLE_PLUGINS"
"""Names of distributions or entry points, separated by commas, that are not imported."""
STRICT = "HYGGE_STRICT_PLUGINS"
"""Makes any faulty plugin an error of the whole command, for CI and where a gate must not be missing."""
TRACE = "HYGGE_TRACE_PLUGINS"
"""Prints every import and every hook call with its result to stderr."""

_SETTING = "[options] disable_plugins"
_OFF = {"", "0", "false", "no", "off"}


def is_on(environ: Mapping[str, str], variable: str) -> bool:
    """Whether a switch is on: any value but an empty one, ``0``, ``false``, ``no`` and ``off``."""
    return environ.get(variable, "").strip().lower() not in _OFF


def disabled_names(setting: Iterable[str], environ: Mapping[str, str]) -> dict[str, str]:
    """Collect what is disabled, in canonical form, with the place that each is disabled in."""
    by_environment = environ.get(DISABLE, "").split(",")
    names = {canonical(name.strip()): DISABLE for name in by_environment if name.strip()}
    return names | {canonical(name.strip()): _SETTING for name in setting}
