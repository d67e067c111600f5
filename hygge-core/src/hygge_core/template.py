"""Filling ``{entity}`` and ``{flow}`` into the strings of a configuration."""

from __future__ import annotations

import re


_PLACE = re.compile(r"\{(entity|flow)\}")


def fill(text: str, *, entity: str, flow: str = "") -> str:
    """Put the names into the text; every other brace stays as it is.

    For homes and stores, which see their settings with the places still open.
    """
    names = {"entity": entity, "flow": flow}
    return _PLACE.sub(lambda match: names[match[1]], text)
