"""What is worth saying about the names that are disabled, though nothing is broken."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from hygge_core.plugins.discovery import canonical


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hygge_core.plugins.status import PluginStatus, Source


def remarks(disabled: Mapping[str, str], statuses: Sequence[PluginStatus]) -> Iterator[str]:
    """Yield a line for each disabled name that no plugin has, or that plugins of several distributions have.

    A slip in the name leaves a plugin on, and an entry-point name that two distributions
    share takes both of them away.
    """
    sources = [status.source for status in statuses]
    for name, by in disabled.items():
        named = sorted({source for source in sources if name in _names(source)})
        if not named:
            close = difflib.get_close_matches(name, {known for source in sources for known in _names(source)}, n=1)
            meant = f"; did you mean {close[0]!r}?" if close else ""
            yield f"{by} names {name!r}, and no such plugin is installed{meant}"
        elif len({canonical(source.distribution) for source in named}) > 1:
            all_of_them = " and ".join(map(str, named))
            yield f"{by} names {name!r}, which disables {all_of_them}; name the distribution to disable one of them"


def _names(source: Source) -> set[str]:
    return {canonical(name) for name in (source.distribution, source.entry_point) if name}
