"""SQL text beside the values that are bound to it, which never become text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import field, frozen


if TYPE_CHECKING:
    from collections.abc import Iterable


@frozen
class Statement:
    """A statement, or a piece of one, with a parameter for each placeholder in its text, in order.

    Parameters do not show, since they may be what a secret holds.
    """

    text: str
    parameters: tuple[Any, ...] = field(default=(), repr=False)


def all_of(conditions: Iterable[Statement | None]) -> Statement | None:
    """Join conditions that must all hold; None is no condition, given and returned."""
    known = [condition for condition in conditions if condition is not None]
    return _joined(" AND ", known) if known else None


def any_of(conditions: Iterable[Statement]) -> Statement:
    """Join conditions of which one must hold. Raises `ValueError` for none at all, which nothing fulfils."""
    known = list(conditions)
    if not known:
        raise ValueError("one of no conditions can never hold")
    return _joined(" OR ", known)


def _joined(word: str, conditions: list[Statement]) -> Statement:
    text = word.join(f"({condition.text})" for condition in conditions)
    return Statement(text, tuple(value for condition in conditions for value in condition.parameters))
