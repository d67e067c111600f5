"""Projects that publish CSV files into a landing zone, and the command line that is pointed at them."""

from __future__ import annotations

import json

import polars as pl
from click.testing import CliRunner

from hygge_store_openmirroring.commands.mirror import mirror


def write(folder, text, **tables):
    """Write a hygge.toml, and a CSV file for each table."""
    (folder / "hygge.toml").write_text(text, "utf-8")
    (folder / "in").mkdir(exist_ok=True)
    for name, columns in tables.items():
        pl.DataFrame(columns).write_csv(folder / "in" / f"{name}.csv")


def flow(store, *, name="sales", entities='["Order"]', more=""):
    """One flow from the folder ``in`` into a store."""
    return f"""
[flows.{name}]
home = {{ type = "csv", path = "in/{{entity}}.csv" }}
store = {{ type = "open_mirroring", {store} }}
entities = {entities}
{more}
"""


def hygge_mirror(*words, **environ):
    """Run ``hygge mirror`` in this process; errors are raised as the command raises them."""
    return CliRunner().invoke(mirror, [str(word) for word in words], catch_exceptions=False, env=environ)


def data_of(done):
    """What a command said as JSON, one pair of kind and data for each line."""
    return [(said["kind"], said["data"]) for said in map(json.loads, done.stdout.splitlines())]
