"""The ``polish`` table of a flow, as plain settings: what they mean together is found by `Polish.compile`."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Literal

from attrs import Factory, frozen


Case = Literal["snake", "pascal", "camel", "keep"]
OnCollision = Literal["fail", "suffix"]
ConstantValue = str | int | float | bool | datetime | date | time


@frozen(kw_only=True)
class ColumnsConfig:
    """How the names of source columns are cleaned.

    ``case`` joins the words of a name anew.  ``remove_special`` takes out all but letters,
    digits, underscores and spaces, ``remove_spaces`` the spaces.  ``on_collision`` decides
    when two names come out equal, upper and lower case being alike.
    """

    case: Case = "keep"
    remove_special: bool = False
    remove_spaces: bool = False
    on_collision: OnCollision = "fail"


@frozen(kw_only=True)
class HashIdConfig:
    """A column that identifies a row by a hash of others, named as in the source.

    ``hex`` gives 64 lower-case hexadecimal digits; without it the column is binary, 32 bytes.
    """

    name: str
    from_columns: tuple[str, ...]
    algo: Literal["sha256"] = "sha256"
    hex: bool = True


@frozen(kw_only=True)
class ConstantConfig:
    """A column with the same value in every row; ``type`` is a dtype as text, such as ``int32``."""

    name: str
    value: ConstantValue
    type: str | None = None


@frozen(kw_only=True)
class TimestampConfig:
    """A column with the moment of the run, equal in every row and table of it.

    ``format`` is for ``type = "string"`` and takes the codes of `datetime.strftime`;
    without it the text is ISO 8601 with microseconds.
    """

    name: str
    source: Literal["now_utc", "now_local"] = "now_utc"
    type: Literal["datetime", "string"] = "datetime"
    format: str | None = None


@frozen(kw_only=True)
class PolishConfig:
    """What to do with the columns of a table on their way.

    ``select`` and ``exclude`` choose source columns, ``rename`` gives some of them a name
    of your own; ``columns`` cleans the other names.  ``hash_ids``, ``constants`` and
    ``timestamps`` add columns.
    """

    select: tuple[str, ...] | None = None
    exclude: tuple[str, ...] = ()
    rename: dict[str, str] = Factory(dict)
    columns: ColumnsConfig = ColumnsConfig()
    hash_ids: tuple[HashIdConfig, ...] = ()
    constants: tuple[ConstantConfig, ...] = ()
    timestamps: tuple[TimestampConfig, ...] = ()
