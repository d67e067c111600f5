"""What each kind of change may do under each policy: one table, the same as in ``docs/drift.md``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal


if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from hygge_core.commit import Mode
    from hygge_core.config.model import OnDrift


ChangeKind = Literal["added", "removed", "widened", "narrowed", "incompatible", "recased", "reordered"]
"""``widened``: every old value exists in the new dtype; ``narrowed``: the reverse; ``recased``: spelt differently."""

# Files of an append stay beside the old ones, so a change must leave both readable together.
# An upsert writes old rows anew with the new columns, so they may gain width but must lose nothing.
_MAY: dict[Mode, dict[OnDrift, frozenset[ChangeKind]]] = {
    "replace": {
        "evolve": frozenset({"added", "removed", "widened", "narrowed", "incompatible", "recased", "reordered"}),
        "warn": frozenset({"added", "widened", "reordered"}),
        "freeze": frozenset({"reordered"}),
    },
    "append": {
        "evolve": frozenset({"added", "reordered"}),
        "warn": frozenset({"added", "reordered"}),
        "freeze": frozenset({"reordered"}),
    },
    "upsert": {
        "evolve": frozenset({"added", "widened", "reordered"}),
        "warn": frozenset({"added", "widened", "reordered"}),
        "freeze": frozenset({"reordered"}),
    },
}


def verdict(kind: ChangeKind, policy: OnDrift, *, mode: Mode) -> bool:
    """Say whether a change of this kind may be."""
    return kind in _MAY[mode][policy]


def way_out(refused: AbstractSet[ChangeKind], policy: OnDrift, *, mode: Mode) -> str:
    """Say what lets the refused changes through, if they are meant."""
    evolve = 'set on_drift = "evolve"'
    if refused <= _MAY[mode]["evolve"]:
        return f"if this is meant, {evolve}"
    anew = "write the table anew once with --full-drop"
    return f"if this is meant, {anew}" if policy == "evolve" else f"if this is meant, {evolve} and {anew}"
