"""Values that never show."""

from __future__ import annotations

from typing import final

from attrs import field, frozen


@final
@frozen(repr=False)
class Secret:
    """A text that never shows in ``repr``, logs, plans or errors.

    Declare a configuration field as ``Secret`` and call `reveal` at the one place that
    needs the text.
    """

    _value: str = field(repr=False)

    def reveal(self) -> str:
        """Return the text itself."""
        return self._value

    def __repr__(self) -> str:
        return "Secret('***')"

    def __str__(self) -> str:
        return "***"
