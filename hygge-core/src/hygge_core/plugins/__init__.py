"""The plugin line: finding plugins, keeping their faults their own, and asking them at a commit.

The only package that imports pluggy's manager.  Everything else sees `Plugins`.
"""

from __future__ import annotations

from hygge_core.plugins.facade import Plugins
from hygge_core.plugins.kinds import BUILT_IN_COMMANDS, KindName
from hygge_core.plugins.status import Contribution, Fault, PluginStatus, Source


__all__ = ["BUILT_IN_COMMANDS", "Contribution", "Fault", "KindName", "PluginStatus", "Plugins", "Source"]
