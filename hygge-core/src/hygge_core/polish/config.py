"""The ``polish`` table of a flow, as plain settings: what they mean together is found by `Polish.compile`."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Literal

from attrs import Factory, field, frozen


Case = Literal["snake", "pascal", "camel", "keep"]
OnCollision = Literal["fail", "suffix"]
ConstantValue = str | int | float | bool | datetime | date | time


def _described(text: str) -> dict[str, str]:
    return {"doc": text}


@frozen(kw_only=True)
class ColumnsConfig:
    """How the names of source columns are cleaned.

    ``case`` joins the words of a name anew.  ``remove_special`` takes out all but letters,
    digits, underscores and spaces, ``remove_spaces`` the spaces.  ``on_collision`` decides
    when two names come out equal, upper and lower case being alike.
    """

    case: Case = field(default="keep", metadata=_described("How the words of a name are joined anew."))
    remove_special: bool = field(
        default=False, metadata=_described("Take out all but letters, digits, underscores and spaces.")
    )
    remove_spaces: bool = field(default=False, metadata=_described("Take out spaces; a `case` does that anyway."))
    on_collision: OnCollision = field(
        default="fail",
        metadata=_described(
            "What to do when two names come out equal, upper and lower case being alike: stop, or number the later one."
        ),
    )


@frozen(kw_only=True)
class HashIdConfig:
    """A column that identifies a row by a hash of others, named as in the source.

    ``hex`` gives 64 lower-case hexadecimal digits; without it the column is binary, 32 bytes.
    """

    name: str = field(metadata=_described("The new column's name, used as it is written."))
    from_columns: tuple[str, ...] = field(
        metadata=_described("The source columns whose values are hashed, in this order.")
    )
    algo: Literal["sha256"] = field(default="sha256", metadata=_described("The hash."))
    hex: bool = field(default=True, metadata=_described("Whether it is 64 hexadecimal digits, or 32 bytes."))


@frozen(kw_only=True)
class ConstantConfig:
    """A column with the same value in every row; ``type`` is a dtype as text, such as ``int32``."""

    name: str = field(metadata=_described("The new column's name, used as it is written."))
    value: ConstantValue = field(metadata=_described("What every row holds."))
    type: str | None = field(
        default=None, metadata=_described("Its dtype as text, such as `int32`; without it, what the value suggests.")
    )


@frozen(kw_only=True)
class TimestampConfig:
    """A column with the moment of the run, equal in every row and table of it.

    ``format`` is for ``type = "string"`` and takes the codes of `datetime.strftime`;
    without it the text is ISO 8601 with microseconds.
    """

    name: str = field(metadata=_described("The new column's name, used as it is written."))
    source: Literal["now_utc", "now_local"] = field(
        default="now_utc", metadata=_described("The moment of the run in UTC, or in this machine's own zone.")
    )
    type: Literal["datetime", "string"] = field(
        default="datetime", metadata=_described("Whether it is a moment or a text.")
    )
    format: str | None = field(
        default=None,
        metadata=_described("The codes of `strftime` for `string`; without them, ISO 8601 with microseconds."),
    )


@frozen(kw_only=True)
class PolishConfig:
    """What to do with the columns of a table on their way.

    ``select`` and ``exclude`` choose source columns, ``rename`` gives some of them a name
    of your own; ``columns`` cleans the other names.  ``hash_ids``, ``constants`` and
    ``timestamps`` add columns.
    """

    select: tuple[str, ...] | None = field(
        default=None, metadata=_described("Only these source columns, in this order; without it, all.")
    )
    exclude: tuple[str, ...] = field(default=(), metadata=_described("All (or all selected) source columns but these."))
    rename: dict[str, str] = field(
        default=Factory(dict),
        metadata=_described("New names for source columns, by their source names; used as they are written."),
    )
    columns: ColumnsConfig = field(
        default=ColumnsConfig(), metadata=_described("How the names of the other source columns are cleaned.")
    )
    hash_ids: tuple[HashIdConfig, ...] = field(
        default=(), metadata=_described("Columns that identify a row by a hash of others.")
    )
    constants: tuple[ConstantConfig, ...] = field(
        default=(), metadata=_described("Columns with the same value in every row.")
    )
    timestamps: tuple[TimestampConfig, ...] = field(
        default=(), metadata=_described("Columns with the moment of the run.")
    )
