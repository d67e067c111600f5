"""What a flow may say about a home of type ``sqlite``: the keys of its ``home`` table."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

from attrs import Factory, field, frozen
from attrs.validators import ge, le, min_len

from hygge_core.schema import SCALAR
from hygge_core.sql import Dialect, check_query, check_table


if TYPE_CHECKING:
    from attrs import Attribute


SQLITE = Dialect(quotes=(('"', '"'), ("[", "]"), ("`", "`")))

OnMisfit = Literal["error", "text"]
"""What happens to a value that does not fit its column: stop the table, or read the whole column as text."""

_ENTITY = "{entity}"


def _described(text: str) -> dict[str, str]:
    return {"doc": text}


def _dtypes(_: object, attribute: Attribute[Any], value: dict[str, str]) -> None:
    for name, text in value.items():
        if not SCALAR.fullmatch(text.strip()) and text.strip() not in ("binary", "bytes"):
            message = (
                f"{attribute.name}: {text!r} for {name!r} is not a type for values of SQLite; use int64, float64, "
                "text, binary, boolean, date, time, datetime, datetime[us, UTC] or decimal(10, 2)"
            )
            raise ValueError(message)


def _table(_: object, __: Attribute[Any], value: str) -> None:
    check_table(value, SQLITE)


def _query(_: object, __: Attribute[Any], value: str) -> None:
    if value:
        check_query(value, SQLITE)


@frozen(kw_only=True)
class SqliteConfig:
    """The keys of a home of type ``sqlite``.

    ``columns`` gives columns another dtype than the table declares, ``row_id`` adds the
    table's row id as a column of that name, ``busy_timeout`` is how long to wait for a lock.
    """

    path: str = field(
        validator=min_len(1),
        metadata=_described(
            "The file, from the project's folder unless it is absolute; `{entity}` and `{flow}` are filled in."
        ),
    )
    table: str = field(
        default=_ENTITY,
        validator=_table,
        metadata=_described(
            "The table or view, with a schema if need be: `main.{entity}`; names with dots go in quotes."
        ),
    )
    query: str = field(
        default="",
        validator=_query,
        metadata=_described(
            "A query instead of a table, without a semicolon at its end; `{entity}` in it becomes a quoted name."
        ),
    )
    columns: dict[str, str] = field(
        default=Factory(dict),
        validator=_dtypes,
        metadata=_described("Dtypes for columns that declare none, or another one, by name."),
    )
    on_misfit: OnMisfit = field(
        default="error",
        metadata=_described(
            "What to do where a value does not fit its column: stop, or read the whole column as text."
        ),
    )
    row_id: str = field(
        default="", metadata=_described("Adds the row id of each row as a column of this name, in front.")
    )
    busy_timeout: timedelta = field(
        default=timedelta(seconds=30),
        validator=[ge(timedelta(0)), le(timedelta(days=1))],
        metadata=_described("How long to wait for a lock, at most a day."),
    )

    def __attrs_post_init__(self) -> None:
        if self.query and (self.table != _ENTITY or self.row_id):
            other = "row_id" if self.table == _ENTITY else "table"
            message = f"query and {other} do not go together; a query says itself what it reads"
            raise ValueError(message)
