"""The ``checks`` of a flow or an entity, as they are written."""

from __future__ import annotations

from datetime import timedelta  # noqa: TC003 - cattrs resolves the annotations at run time

from attrs import field, frozen
from attrs.validators import ge, optional


def _described(text: str) -> dict[str, str]:
    return {"doc": text}


@frozen(kw_only=True)
class Fresh:
    """The newest value of ``column`` may be at most ``within`` old when the run begins."""

    column: str = field(metadata=_described("A column of dates or times, as it is named in the store."))
    within: timedelta = field(metadata=_described("How old its newest value may be."))


def _not_below_rows_min(checks: ChecksConfig, _: object, value: int) -> None:
    if checks.rows_min is not None and value < checks.rows_min:
        raise ValueError(f"must not be below rows_min, which is {checks.rows_min}")


@frozen(kw_only=True)
class ChecksConfig:
    """What must hold of the staged rows before they are committed. Names are those in the store."""

    rows_min: int | None = field(
        default=None, validator=optional(ge(0)), metadata=_described("The fewest rows that a run may bring.")
    )
    rows_max: int | None = field(
        default=None,
        validator=optional((ge(0), _not_below_rows_min)),
        metadata=_described("The most rows that a run may bring."),
    )
    max_drop: float | None = field(
        default=None,
        validator=optional(ge(0)),
        metadata=_described("How many percent fewer rows the table may have than after the commit before."),
    )
    unique: tuple[str, ...] = field(
        default=(), metadata=_described("Columns whose values together may come only once.")
    )
    not_null: tuple[str, ...] = field(default=(), metadata=_described("Columns in which every row has a value."))
    fresh: Fresh | None = field(default=None, metadata=_described("How new the newest row must be."))
