"""The first example of the documentation does what the page says, from TOML to Parquet."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from pathlib import Path

import polars as pl


DOCUMENT = Path(__file__).parents[3] / "docs" / "polish.md"
PROJECT = """
name = "documented"

[flows.erp]
home = { type = "csv", path = "customers.csv" }
store = { type = "parquet", path = "out" }

"""


def test_the_documented_example_runs_as_it_is(tmp_path):
    example = re.search(r"```toml\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)[1]
    (tmp_path / "hygge.toml").write_text(PROJECT + example, encoding="utf-8")
    (tmp_path / "customers.csv").write_text("CustNo,CompanyId,First.Name,InternalNote\n7,1,Åsa,x\n", encoding="utf-8")

    subprocess.run([sys.executable, "-m", "hygge_core", "go"], cwd=tmp_path, check=True, capture_output=True)
    table = pl.read_parquet(next((tmp_path / "out").rglob("*.parquet")))

    assert table.columns == [
        "customer_key",
        "customer_number",
        "company_id",
        "first_name",
        "source_system",
        "loaded_at",
    ]
    assert table.drop("loaded_at").row(0) == (hashlib.sha256(b"1;7").hexdigest(), 7, 1, "Åsa", "erp")
    assert table.schema["loaded_at"] == pl.Datetime("us", "UTC")
