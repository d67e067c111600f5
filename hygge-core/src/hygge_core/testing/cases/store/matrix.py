"""No operation of a publish can be stopped to harm: the crash matrix, for each mode of the store."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, ClassVar

import pytest

from hygge_core.conformance.running import THOROUGH
from hygge_core.testing.crash import crash_matrix
from hygge_core.testing.judge import needs, needs_mode
from hygge_core.testing.scenarios import scenarios_of


if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hygge_core.commit import Mode
    from hygge_core.store import Store
    from hygge_core.testing.plan import Level, Matrix, Scenario, Subject

    RecordProperty = Callable[[str, object], None]

_MODES: tuple[Mode, ...] = ("replace", "append", "upsert")


class MatrixCases:
    """Kills, lost answers, failures, outages and second writers, at every operation; see `hygge_core.testing.crash`."""

    promise: ClassVar[str] = "no operation of a publish can be stopped to harm"
    crash: ClassVar[Subject | None] = None

    @pytest.mark.parametrize("mode", _MODES)
    def test_no_operation_can_be_stopped_to_harm(
        self, store: Store, mode: Mode, tmp_path: Path, record_property: RecordProperty
    ) -> None:
        scenarios = self._scenarios(store, mode)
        for scenario in scenarios:
            self._demand_none(
                scenario, "calls", tmp_path, record_property, recoveries=_thorough() and scenario.over_old
            )

    @pytest.mark.parametrize("mode", _MODES)
    def test_no_change_of_the_system_can_be_the_last(
        self, store: Store, mode: Mode, tmp_path: Path, record_property: RecordProperty
    ) -> None:
        scenario, *_ = self._scenarios(store, mode)
        self._demand_none(scenario, "system", tmp_path, record_property)

    def matrix_of(self, scenario: Scenario, level: Level, folder: Path, *, recoveries: bool) -> Matrix:
        """Stop a publish at each of its operations; for stores whose operations are counted elsewhere to override."""
        assert self.crash is not None
        return crash_matrix(self.crash, scenario, folder, level=level, recoveries=recoveries)

    def _scenarios(self, store: Store, mode: Mode) -> tuple[Scenario, ...]:
        needs(self.crash is not None, "the test class names no `crash`: a subject that processes of their own can open")
        needs_mode(store, mode)
        return scenarios_of(store.capabilities, mode, thorough=_thorough())

    def _demand_none(
        self,
        scenario: Scenario,
        level: Level,
        folder: Path,
        record_property: RecordProperty,
        *,
        recoveries: bool = False,
    ) -> None:
        place = folder / f"{scenario.name}-{level}".replace(", ", "-").replace(" ", "-")
        matrix = self.matrix_of(scenario, level, place, recoveries=recoveries)
        assert matrix.verdicts or level == "system", (
            "the crash matrix saw no operation; `crash.open` hands what the store works through to `shim`"
        )
        record_property("crash", _counted(scenario, level, matrix))
        assert not matrix.violations, f"broken promise: {MatrixCases.promise}. {matrix.explained()}"


def _thorough() -> bool:
    return os.environ.get(THOROUGH) == "1"


def _counted(scenario: Scenario, level: Level, matrix: Matrix) -> dict[str, object]:
    """Return the points and violations of each kind, for tables that are made of them."""
    kinds = {
        kind: {"points": len(found), "violations": sum(bool(each.faults) for each in found)}
        for kind, found in matrix.by_kind.items()
    }
    return {"scenario": scenario.name, "mode": scenario.mode, "level": level, "kinds": kinds}
