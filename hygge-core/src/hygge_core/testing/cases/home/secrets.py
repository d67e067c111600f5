"""What must stay secret appears nowhere, also when something fails."""

from __future__ import annotations

import traceback
from contextlib import closing
from typing import TYPE_CHECKING, ClassVar

from structlog.testing import capture_logs

from hygge_core.home import Isolated, Probes, Warns
from hygge_core.testing.frames import small
from hygge_core.testing.judge import needs
from hygge_core.testing.readings import refusal, rows_of


if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

    from hygge_core.home import Home, ReadRequest
    from hygge_core.testing.cases.home.errors import Damage
    from hygge_core.testing.readings import Fill, Sample


class SecretCases:
    """Settings hold passwords, and plans, reports, logs and tracebacks are read by many."""

    promise: ClassVar[str] = "secrets never show: not in errors, not in logs, not in what a home says of itself"
    secrets: ClassVar[tuple[str, ...]] = ()

    def test_secrets_never_show(
        self,
        home: Home,
        sample: Sample,
        missing: ReadRequest,
        caplog: pytest.LogCaptureFixture,
        capfd: pytest.CaptureFixture[str],
    ) -> None:
        needs(bool(self.secrets), "the home's settings hold no secrets")
        with caplog.at_level(0), capture_logs() as events:
            shown = [*_said(home, sample.request), *_raised(home, missing)]
        printed = capfd.readouterr()
        self._demand_none([*shown, caplog.text, str(events), printed.out, printed.err])

    def test_secrets_never_show_when_a_source_breaks(self, home: Home, fill: Fill, damage: Damage | None) -> None:
        needs(bool(self.secrets), "the home's settings hold no secrets")
        needs(damage is not None, "no fixture `damage` says how the source is spoilt")
        assert damage is not None
        request = fill("secret", small(0, 5000))
        damage(request)
        self._demand_none(_raised(home, request))

    def _demand_none(self, texts: Iterator[str] | list[str]) -> None:
        for text in texts:
            leaks = [number for number, secret in enumerate(self.secrets) if secret in text]
            hidden = text
            for secret in self.secrets:
                hidden = hidden.replace(secret, "***")
            assert not leaks, f"broken promise: secrets never show; look at: {hidden}"


def _said(home: Home, request: ReadRequest) -> Iterator[str]:
    """Collect what a home and a reading say of themselves."""
    yield from (repr(home), str(home), home.locate(request))
    with closing(home.read(request)) as reading:
        for _ in reading.batches():
            pass
        yield from (repr(reading), str(reading))
        if isinstance(reading, Isolated):
            yield repr(reading.isolation)
        if isinstance(reading, Warns):
            yield from reading.warnings()
    if isinstance(home, Probes):
        yield from map(repr, home.probe(request.entity, request.flow))


def _raised(home: Home, request: ReadRequest) -> Iterator[str]:
    """Collect what an error shows, with all that it came from."""
    error = refusal(lambda: rows_of(home, request), "what cannot be read is a HomeError")
    yield from (str(error), repr(error), repr(vars(error)))
    yield from traceback.format_exception(error)
