"""Hiding sensitive texts in everything that leaves the process."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus

from attrs import evolve, field, frozen

from hygge_core.secret import Secret


if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygge_core.engine.events import Event
    from hygge_core.engine.report import Bounds, RunReport, TableOutcome


MASK = "***"
"""What stands in the place of a hidden text."""

_SIGNATURE = re.compile(r"(?<=[?&]sig=)[^&\s\"'<>]+")


@frozen
class Redactor:
    """Puts a mask over every occurrence of the sensitive texts.

    Finds them as they are and as libraries like to write them: in ``repr``, JSON and
    addresses.  What follows ``sig=`` in an address is hidden wherever it stands, since libraries take
    a shared access signature apart.  Names of flows and entities in events stay, since they are how
    tables are told apart.
    """

    sensitive: frozenset[str] = field(default=frozenset(), repr=False)
    _pattern: re.Pattern[str] | None = field(init=False, repr=False, eq=False)

    @_pattern.default
    def _compile(self) -> re.Pattern[str] | None:
        forms = {form for text in self.sensitive for form in _forms(text) if form}
        return (
            re.compile("|".join(map(re.escape, sorted(forms, key=lambda form: (-len(form), form))))) if forms else None
        )

    def text(self, text: str) -> str:
        """Mask one text."""
        hidden = self._pattern.sub(MASK, text) if self._pattern else text
        return _SIGNATURE.sub(MASK, hidden)

    def value(self, value: Any) -> Any:
        """Mask every text within lists, tuples and mappings; other objects become their masked ``repr``."""
        match value:
            case None | bool() | int() | float():
                return value
            case str():
                return self.text(value)
            case dict():
                return {key: self.value(inner) for key, inner in value.items()}
            case list() | tuple():
                return [self.value(inner) for inner in value]
            case Secret():
                return MASK
            case _:
                return self.text(repr(value))

    def event(self, event: Event) -> Event:
        """Mask the data of an event."""
        return evolve(event, data=self.value(event.data))

    def report(self, report: RunReport) -> RunReport:
        """Mask the outcomes of a run."""
        return evolve(report, tables=tuple(map(self._outcome, report.tables)))

    def _outcome(self, outcome: TableOutcome) -> TableOutcome:
        return evolve(
            outcome,
            source=self.text(outcome.source),
            target=self.text(outcome.target),
            watermark=self._bounds(outcome.watermark),
            drift=tuple(map(self.text, outcome.drift)),
            warnings=tuple(map(self.text, outcome.warnings)),
            error=self.text(outcome.error),
        )

    def _bounds(self, bounds: Bounds | None) -> Bounds | None:
        if bounds is None:
            return None
        return evolve(bounds, low=self._maybe(bounds.low), high=self._maybe(bounds.high), mark=self._maybe(bounds.mark))

    def _maybe(self, text: str | None) -> str | None:
        return None if text is None else self.text(text)


def _forms(text: str) -> Iterator[str]:
    """Spell the text in each way that commonly reaches messages."""
    yield text
    yield repr(text)[1:-1]
    yield text.replace("\\", "\\\\").replace("'", "\\'")
    yield json.dumps(text)[1:-1]
    yield json.dumps(text, ensure_ascii=False)[1:-1]
    yield quote(text, safe="", errors="replace")
    yield quote(text, errors="replace")
    yield quote_plus(text, errors="replace")
