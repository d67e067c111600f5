"""What cannot be read is an error that a person can act on."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from attrs import evolve

from hygge_core.errors import Retryable
from hygge_core.home import Counts, Explains, Scans, Warns
from hygge_core.testing.frames import small
from hygge_core.testing.readings import refusal, rows_of


if TYPE_CHECKING:
    from collections.abc import Callable

    from hygge_core.home import Home, ReadRequest
    from hygge_core.testing.readings import Fill, Sample

    Damage = Callable[[ReadRequest], None]
    """Spoils the source so that a table can no longer be read to its end."""


_LOST = "a source that cannot be read to its end is a HomeError, at the latest after the last row that could be"


class ErrorCases:
    """Errors are interface; a table that ends early without one is data lost."""

    promise: ClassVar[str] = "what cannot be read is an error that says where, what and what to do"

    def test_a_missing_table_is_named(self, home: Home, missing: ReadRequest) -> None:
        error = refusal(lambda: home.read(missing), "a table that is not there is a HomeError when it is opened")
        assert missing.entity in str(error), f"broken promise: an error names its table {missing.entity!r}: {error}"
        assert error.where.strip(), f"broken promise: an error says where: {error}"
        assert error.fix.strip(), f"broken promise: an error says what to do: {error}"
        assert "\n" not in str(error), f"broken promise: an error is one line: {error}"

    def test_a_missing_table_is_not_tried_again(self, home: Home, missing: ReadRequest) -> None:
        error = refusal(lambda: home.read(missing), "a table that is not there is a HomeError")
        assert not isinstance(error, Retryable), (
            f"broken promise: HomeUnavailable is for what may pass by itself, and this does not: {error!r}"
        )

    def test_a_missing_table_cannot_be_counted(self, home: Home, missing: ReadRequest) -> None:
        if not isinstance(home, Counts):
            pytest.skip("the home does not count")
        refusal(lambda: home.count(missing), "rows of a table that is not there cannot be counted")

    def test_a_missing_table_does_no_harm(self, home: Home, missing: ReadRequest, sample: Sample) -> None:
        refusal(lambda: home.read(missing), "a table that is not there is a HomeError")
        assert rows_of(home, sample.request).height == sample.rows.height, (
            "broken promise: a home goes on after an error as if nothing had been"
        )

    def test_a_broken_source_does_not_end_early(self, home: Home, fill: Fill, damage: Damage | None) -> None:
        if damage is None:
            pytest.skip("no fixture `damage` says how the source is spoilt")
        request = evolve(fill("damaged", small(0, 5000)), batch_bytes=4096)
        damage(request)
        error = refusal(lambda: rows_of(home, request), _LOST)
        assert "\n" not in str(error), f"broken promise: an error is one line: {error}"
        refusal(lambda: _scanned(home, request), _LOST)

    def test_warnings_are_single_lines(self, home: Home, sample: Sample) -> None:
        with closing(home.read(sample.request)) as reading:
            if not isinstance(reading, Warns):
                pytest.skip("the reading does not warn")
            for _ in reading.batches():
                pass
            wrong = [text for text in reading.warnings() if not text.strip() or "\n" in text]
        assert not wrong, f"broken promise: a warning is one sentence on one line: {wrong}"


def _scanned(home: Home, request: ReadRequest) -> Any:
    """Read the table as a scan where it is one, else by its batches; the reading explains what the engine raises."""
    with closing(home.read(request)) as reading:
        if not isinstance(reading, Scans):
            return [batch.height for batch in reading.batches()]
        try:
            found = reading.scan().collect(engine="streaming")
        except Exception as error:
            explained = reading.explain(error) if isinstance(reading, Explains) else None
            raise explained or error from error
        reading.check()
        return found.height
