"""The plugin API by its number, told from the entry-point group that a plugin registers in."""

from __future__ import annotations

import re

from hygge_core import __version__
from hygge_core.hookspecs import API, PROJECT
from hygge_core.plugins.compatibility import CORE
from hygge_core.plugins.status import Fault


_NUMBERED = re.compile(rf"{PROJECT}\.v([0-9]+)")


def other_api(group: str, distribution: str) -> Fault | None:
    """Say what is wrong with a group that this core takes no plugins from; None for the one that it does.

    A plugin for another number of the API may misunderstand every call, so it is named and not imported.
    """
    if group == PROJECT:
        return None
    number = _NUMBERED.fullmatch(group)
    if number is None or int(number[1]) == API:
        what = f"it is registered for {group!r}, and {CORE} {__version__} looks for plugins in {PROJECT!r}"
        return Fault(what=what, fix=f"its author has to register it in {PROJECT!r}")
    what = f"it was built for plugin API {int(number[1])} ({group!r}), and {CORE} {__version__} speaks API {API}"
    behind = CORE if int(number[1]) > API else distribution
    return Fault(what=what, fix=f"pip install --upgrade {behind}")
