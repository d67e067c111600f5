"""Big results from few bytes: blocks of rows that are encoded once and sent again and again."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from attrs import frozen

from tds.contract import TICKS_PER_SECOND, Column, SqlType
from tds.rows import encode


if TYPE_CHECKING:
    from collections.abc import Iterator

    from tds.contract import Encoded

ROWS_OF_A_BLOCK = 1000
DAYS_TO_1992 = 727_197
MONEY = SqlType("decimal", precision=15, scale=2)
WIDE = (
    Column("l_orderkey", SqlType("bigint"), nullable=False),
    Column("l_partkey", SqlType("int"), nullable=False),
    Column("l_suppkey", SqlType("int"), nullable=False),
    Column("l_linenumber", SqlType("tinyint"), nullable=False),
    Column("l_quantity", MONEY),
    Column("l_extendedprice", MONEY),
    Column("l_discount", MONEY),
    Column("l_tax", MONEY),
    Column("l_returnflag", SqlType("char", 1)),
    Column("l_linestatus", SqlType("char", 1)),
    Column("l_shipdate", SqlType("date")),
    Column("l_commitdate", SqlType("date")),
    Column("l_receiptdate", SqlType("datetime2", scale=3)),
    Column("l_shipinstruct", SqlType("nvarchar", 25)),
    Column("l_shipmode", SqlType("varchar", 10)),
    Column("l_comment", SqlType("nvarchar", 44)),
)


@frozen
class Repeated:
    """A block sent again and again, and a rest; each pass over it begins anew."""

    block: Encoded
    rest: Encoded
    times: int

    def __iter__(self) -> Iterator[Encoded]:
        for _ in range(self.times):
            yield self.block
        if self.rest.rows:
            yield self.rest


def repeated(columns: tuple[Column, ...], rows: list[tuple[Any, ...]], times: int, more: int = 0) -> Repeated:
    """Return the rows so many times over, and the first few of them once more."""
    return Repeated(encode(columns, rows), encode(columns, rows[:more]), times)


def wide(total: int) -> tuple[tuple[Column, ...], Repeated]:
    """Return the columns and rows of a table with the sixteen columns of TPC-H's lineitem, always the same."""
    dice = random.Random(7)  # noqa: S311 - test data
    return WIDE, repeated(
        WIDE, [_line(dice, number) for number in range(ROWS_OF_A_BLOCK)], *divmod(total, ROWS_OF_A_BLOCK)
    )


def _line(dice: random.Random, number: int) -> tuple[Any, ...]:
    def money(most: int) -> Decimal:
        return Decimal(dice.randrange(most)).scaleb(-2)

    day = DAYS_TO_1992 + dice.randrange(2500)
    return (
        *(number, dice.randrange(200_000), dice.randrange(10_000), number % 7 + 1),
        *(money(5000), money(10_000_000), money(10), money(8), dice.choice("ANR"), dice.choice("OF")),
        *(day, day + dice.randrange(60), (day * 86_400 + dice.randrange(86_400)) * TICKS_PER_SECOND),
        *(dice.choice(("DELIVER IN PERSON", "TAKE BACK RETURN")), dice.choice(("AIR", "RAIL", "SHIP"))),
        "".join(dice.choice("abcdefg hijklmn ") for _ in range(dice.randrange(10, 43))),
    )
