"""A shop with two tables that follow a watermark, for the tests of `hygge journal`."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import NamedTuple

from hygge_core.cli import main

from .conftest import clean_environment


CONFIG = """\
name = "shop"
[flows.sales]
run_type = "incremental"
home = { type = "csv", path = "in/{entity}.csv" }
store = { type = "parquet", path = "out/{entity}" }
watermark = { column = "changed", key = ["id"] }
entities = ["teas", "cups"]
"""
ROWS = "id,changed\n1,2026-11-01\n2,2026-11-02\n3,2026-11-03\n"


class Said(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def events(self):
        return [json.loads(line) for line in self.out.splitlines()]


def build(folder, config=CONFIG, **tables):
    """Write the project and its CSV files."""
    (folder / "in").mkdir(parents=True, exist_ok=True)
    (folder / "hygge.toml").write_text(config, encoding="utf-8")
    for name, text in {"teas": ROWS, "cups": ROWS, **tables}.items():
        (folder / "in" / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def go(folder, *args, code=0):
    """Move tables, in a process of its own, as people do."""
    done = subprocess.run(
        [sys.executable, "-m", "hygge_core", "go", *args],
        cwd=folder,
        env=clean_environment(),
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done


def journal(folder, capsys, *args):
    """Call `hygge journal` on the project, in this process."""
    capsys.readouterr()
    try:
        main(["journal", *map(str, args), "--project", str(folder)])
    except SystemExit as left:
        return Said(left.code, *capsys.readouterr())
    raise AssertionError("main always leaves")
