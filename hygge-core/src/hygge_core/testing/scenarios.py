"""The scenarios of the crash matrix that a store is tried with, by what it declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core.testing.plan import Scenario


if TYPE_CHECKING:
    from hygge_core.commit import Mode
    from hygge_core.store import Capabilities, Promise


def scenarios_of(capabilities: Capabilities, mode: Mode, *, thorough: bool) -> tuple[Scenario, ...]:
    """Return the publishes of one mode that are to be stopped: over a table, and if ``thorough`` a table's first.

    Several writers at once, unless ``several_writers`` is declared as not kept.  Where the mode is declared as
    no single step readers may see a part of it until the next run has recovered; where ``unmixed`` is declared as not
    kept they may see old rows beside new ones then.
    """
    writers = 2 if _kept(capabilities.other.get("several_writers")) else 1
    atomic = _step(capabilities, mode).kept
    mixed = not atomic and not _kept(capabilities.other.get("unmixed"))
    parts = "many parts" if writers > 1 else "one part"
    return tuple(
        Scenario(
            name=f"{mode}, {parts}{'' if over_old else ', first'}",
            mode=mode,
            writers=writers,
            over_old=over_old,
            atomic=atomic,
            mixed=mixed,
        )
        for over_old in ((True, False) if thorough else (True,))
    )


def _step(capabilities: Capabilities, mode: Mode) -> Promise:
    steps = {
        "replace": capabilities.atomic_replace,
        "append": capabilities.atomic_append,
        "upsert": capabilities.atomic_upsert,
    }
    return steps[mode]


def _kept(promise: Promise | None) -> bool:
    return promise is None or promise.kept
