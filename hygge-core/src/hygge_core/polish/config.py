"""The ``polish`` table of a flow."""

from __future__ import annotations

from attrs import frozen


@frozen(kw_only=True)
class PolishConfig:
    """What to do with the columns of a table on their way."""
