"""How far a table has come: one exact value of one column, as plain data.

A database, a file and a commit record each have their own idea of a timestamp.  Between
them a value travels as text beside its dtype, so that it comes back as it was, down to
the last nanosecond and the last digit.  `hygge_core.watermark` turns it into Polars values.
"""

from __future__ import annotations

from attrs import frozen


@frozen(kw_only=True)
class Mark:
    """One value of a column that can be a watermark.

    ``dtype`` is in the text form of `hygge_core.schema`, ``text`` the value's canonical
    form: digits of an integer or decimal, ISO 8601 for dates and times with as many digits
    as the dtype's unit has, hex digits of binary, a string as it is.
    """

    dtype: str
    text: str


@frozen(kw_only=True)
class Watermark:
    """How far a table has come with one commit, and what that was measured by.

    ``column`` and ``key`` are names in the home.  ``mark`` is the highest value whose rows
    are all in the store, None when no row had any; the next run starts from it.
    """

    column: str
    key: tuple[str, ...] = ()
    mark: Mark | None = None


@frozen(kw_only=True)
class Range:
    """The rows that a reading should keep to: both bounds belong to it, None is unbounded.

    ``nulls`` says whether rows without a value in ``column`` are wanted as well.  A home
    may yield rows outside of the range, the engine leaves them out; it must not miss one inside.
    """

    column: str
    low: Mark | None = None
    high: Mark | None = None
    nulls: bool = False
