"""Names on their way out."""

from __future__ import annotations

from hygge_core.deprecation import Deprecation, departing, deprecated


class New:
    """What the old name stands for."""


__getattr__ = departing(
    __name__,
    {
        "Old": (
            Deprecation(what="Old", since="2.0", until="3.0", instead="use New", of="acme-departing"),
            lambda: New,
        )
    },
)


@deprecated(Deprecation(what="old()", since="2.0", until="3.0", instead="use new()", of="acme-departing"))
def old(answer=42):
    """Answer."""
    return answer
