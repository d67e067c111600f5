"""What is worth saying about the plugins together, though nothing is broken."""

from __future__ import annotations

import difflib
from itertools import groupby
from typing import TYPE_CHECKING

from hygge_core.plugins.discovery import canonical


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hygge_core.plugins.status import PluginStatus, Source


def unknown_names(disabled: Mapping[str, str], statuses: Sequence[PluginStatus]) -> Iterator[str]:
    """Yield a line for each disabled name that no plugin has: a slip there would leave the plugin on."""
    sources = [status.source for status in statuses]
    known = {canonical(name) for source in sources for name in (source.distribution, source.entry_point) if name}
    for name, by in disabled.items():
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            meant = f"; did you mean {close[0]!r}?" if close else ""
            yield f"{by} names {name!r}, and no such plugin is installed{meant}"


def shared_entry_points(statuses: Sequence[PluginStatus]) -> Iterator[str]:
    """Yield a line for each entry-point name that several distributions use: disabling it would disable them all."""
    sources = sorted({status.source for status in statuses if status.state != "duplicate"}, key=_by_entry_point)
    for name, group in groupby(sources, key=lambda source: canonical(source.entry_point)):
        members = list(group)
        if len({source.distribution for source in members}) > 1:
            all_of_them = " and ".join(map(str, members))
            yield f"the entry-point name {name!r} is used by {all_of_them}; disable either by its distribution"


def _by_entry_point(source: Source) -> tuple[str, Source]:
    return canonical(source.entry_point), source
