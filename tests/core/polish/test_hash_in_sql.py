"""The query in the documentation gives the very hashes that hygge gives."""

# ruff: noqa: DTZ001 - moments without a zone are part of what is tested
from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest

from hygge_core.polish import Polish
from hygge_core.polish.config import HashIdConfig, PolishConfig


DOCUMENT = Path(__file__).parents[3] / "docs" / "polish.md"
COLUMNS = (
    "a_integer",
    "a_decimal",
    "a_boolean",
    "a_string",
    "a_binary",
    "a_date",
    "a_time",
    "a_datetime",
    "an_instant",
)


@pytest.fixture
def frame():
    return pl.DataFrame(
        {
            "a_integer": pl.Series([1, -(2**63), 2**63 - 1, 0, None], dtype=pl.Int64),
            "a_decimal": pl.Series(
                [Decimal("-0.05"), Decimal("1.50"), Decimal(10) ** 35, Decimal(0), None], dtype=pl.Decimal(38, 2)
            ),
            "a_boolean": [True, False, True, False, None],
            "a_string": ["straße;null", "", "😀\n'", "null", None],
            "a_binary": [b"\x00\xff", b"", b";", b"null", None],
            "a_date": [date(1, 1, 1), date(9999, 12, 31), date(2024, 2, 29), date(1969, 12, 31), None],
            "a_time": [time(0), time(23, 59, 59, 999999), time(1, 2, 3), time(1, 2, 3, 100000), None],
            "a_datetime": [
                datetime(1, 1, 1),
                datetime(9999, 12, 31, 23, 59, 59, 999999),
                datetime(2024, 2, 29, 12, 0, 0, 5),
                datetime(1969, 12, 31, 23, 59, 59, 999000),
                None,
            ],
            "an_instant": pl.Series(
                [
                    datetime(2024, 7, 1, 12),
                    datetime(1850, 1, 1, 0, 0, 0, 7),
                    datetime(2038, 1, 19, 3, 14, 8),
                    datetime(1969, 12, 31, 23, 59, 59, 999999),
                    None,
                ]
            )
            .dt.replace_time_zone("UTC")
            .dt.convert_time_zone("Europe/Berlin"),
        }
    )


def _query():
    section = DOCUMENT.read_text(encoding="utf-8").split("### The same in DuckDB")[1]
    return re.search(r"```sql\n(.*?)```", section, re.DOTALL)[1]


def test_the_documented_duckdb_query_gives_the_same_hashes(tmp_path, frame):
    path = tmp_path / "table.parquet"
    frame.write_parquet(path)
    hashed = HashIdConfig(name="hash_id", from_columns=COLUMNS)
    polish = Polish.compile(PolishConfig(hash_ids=(hashed,)), frame.schema, now=datetime.now(UTC))

    theirs = [row[0] for row in duckdb.connect().execute(_query(), {"path": str(path)}).fetchall()]

    assert theirs[:1] == ["15afe6a25eab5044d2366582f399cdca6339881f6f9c7eee5c07fcf131480da1"]
    assert theirs == polish.apply(frame)["hash_id"].to_list()
    assert len(set(theirs)) == 5
