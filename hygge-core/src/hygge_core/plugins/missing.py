"""The error for a name that no working plugin brings: what is meant, what is broken, what is there."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from hygge_core.errors import PluginError


if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygge_core.plugins.status import PluginStatus


def missing(kind: str, name: str, known: Sequence[str], statuses: Sequence[PluginStatus]) -> PluginError:
    """Make the error. A plugin that is out of use and sounds like the name is the likely cause, and comes first.

    A broken plugin that sounds like nothing in particular may be the cause as well; a
    disabled one is mentioned only when it sounds like the name.
    """
    idle = [status for status in statuses if status.state in {"broken", "incompatible", "disabled"}]
    likely = [status for status in idle if _sounds_like(name, status)]
    suspects = likely or [status for status in idle if status.state != "disabled"]
    close = difflib.get_close_matches(name, known, n=1)
    what = f"no plugin brings {_article(kind)} {kind} {name!r}"
    if suspects and not (close and not likely):
        causes = ", ".join(f"{status.source} is {status.state} ({status.problem})" for status in suspects)
        fixes = dict.fromkeys(status.fix for status in suspects if status.fix)
        return PluginError(f"{what}, but {causes}", fix="; ".join(fixes))
    here = f"{kind}s here: {', '.join(known)}" if known else f"there are no {kind}s here"
    meant = f"did you mean {close[0]!r}? {here}" if close else f"{here}; `pip install` the package that brings it"
    return PluginError(what, fix=meant)


def _sounds_like(name: str, status: PluginStatus) -> bool:
    sought = _letters(name)
    return any(sought in _letters(text) for text in (status.source.entry_point, status.source.distribution))


def _letters(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"
