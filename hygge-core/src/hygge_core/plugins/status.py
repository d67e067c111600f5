"""Who a plugin is, how it fares, and what it brings: the data behind ``hygge plugins``."""

from __future__ import annotations

from typing import Literal

from attrs import field, frozen


State = Literal["loaded", "broken", "disabled", "incompatible", "duplicate"]


@frozen(kw_only=True, order=True)
class Source:
    """Where a plugin comes from, as every message names it.

    ``distribution`` is empty for an entry point that was made by hand.
    """

    distribution: str
    version: str
    entry_point: str

    def __str__(self) -> str:
        if not self.distribution:
            return f"entry point {self.entry_point}"
        return f"{self.distribution} {self.version} ({self.entry_point})"


@frozen(kw_only=True)
class Fault:
    """One thing that is wrong with a plugin, and what to do about it."""

    what: str
    fix: str


class BrokenPlugin(Exception):
    """A plugin turned out to be unusable while it was looked at; never leaves this package."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__("; ".join(fault.what for fault in faults))


@frozen(kw_only=True)
class Contribution:
    """One thing that a plugin brings: ``kind`` is ``home``, ``store``, ``connection``, ``command`` or ``hook``."""

    kind: str
    name: str
    summary: str = ""


@frozen(kw_only=True)
class PluginStatus:
    """How one plugin fares.

    ``state`` is ``loaded``; ``broken``: it was imported or asked, and failed; ``disabled``,
    ``incompatible`` or ``duplicate``: it was not imported at all.  ``target`` is what its
    entry point names.  A loaded plugin has faults when a name it brings cannot be used.
    """

    source: Source
    state: State
    target: str = ""
    brings: tuple[Contribution, ...] = ()
    faults: tuple[Fault, ...] = field(default=())

    @property
    def problem(self) -> str:
        """What is wrong, or why the plugin is not in use; empty when all is well."""
        return "; ".join(fault.what for fault in self.faults)

    @property
    def fix(self) -> str:
        """What to do about it."""
        return "; ".join(dict.fromkeys(fault.fix for fault in self.faults))

    @property
    def faulty(self) -> bool:
        """Whether somebody should repair this: true for broken, incompatible and clashing plugins.

        A disabled plugin is off because somebody wanted it, and a duplicate does no harm.
        """
        return self.state in {"broken", "incompatible"} or (self.state == "loaded" and bool(self.faults))
