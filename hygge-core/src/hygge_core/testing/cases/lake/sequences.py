"""Any sequence of operations does what it would do in a dictionary."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from hypothesis import HealthCheck, given, settings

from hygge_core.testing.lake_sequences import SEQUENCES, follow


if TYPE_CHECKING:
    from hygge_core.lake import Lake
    from hygge_core.testing.lake_sequences import Step


class SequenceCases:
    """What no other case thought of."""

    promise: ClassVar[str] = "any sequence of operations does what it would do in a dictionary"
    sequences: ClassVar[int] = 30

    def test_any_sequence_of_operations_does_what_the_model_says(self, lake: Lake) -> None:
        @settings(
            max_examples=self.sequences,
            deadline=None,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        )
        @given(sequence=SEQUENCES)
        def does(sequence: list[Step]) -> None:
            follow(lake, sequence)

        does()
