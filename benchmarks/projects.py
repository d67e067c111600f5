"""The hygge projects that get measured, and the engine without the command line around it.

    python projects.py FOLDER

Runs the project of the folder in this process and prints ``{"work": seconds}``.
"""

from __future__ import annotations

import json
import os
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


STRAIGHT = 'file_size = "100MiB"'
"""A little under the default: the files of the source are too large to pass through and are written anew."""

PAGES = 'verify = "pages"'
"""Files that pass through are looked at page by page."""

HASH = (
    'polish = { columns = { case = "snake" }, hash_ids = '
    '[{ name = "id", from_columns = ["l_orderkey", "l_linenumber", "l_comment"] }] }'
)


def single(folder: Path, source: Path, *, store: str = "", flow: str = "") -> None:
    """Write a project that moves the whole folder as one table into ``tables/lineitem``."""
    write(
        folder,
        f"""
        name = "bench"
        [flows.bench]
        home = {{ type = "parquet", path = "{source.as_posix()}" }}
        store = {{ type = "parquet", path = "tables/{{entity}}"{", " * bool(store)}{store} }}
        entities = ["lineitem"]
        {flow}
        """,
    )


def many(folder: Path, source: Path) -> None:
    """Write a project that moves each file of the folder as a table of its own."""
    names = sorted(file.stem for file in source.glob("*.parquet"))
    write(
        folder,
        f"""
        name = "bench"
        [flows.bench]
        home = {{ type = "parquet", path = "{source.as_posix()}/{{entity}}.parquet" }}
        store = {{ type = "parquet", path = "tables/{{entity}}", {STRAIGHT} }}
        entities = {json.dumps(names)}
        """,
    )


def following(folder: Path, database: str, names: Sequence[str]) -> None:
    """Write a project that follows tables of a SQLite database by their column ``changed``."""
    write(
        folder,
        f"""
        name = "bench"
        [flows.bench]
        run_type = "incremental"
        home = {{ type = "sqlite", path = "{database}" }}
        store = {{ type = "parquet", path = "tables/{{entity}}" }}
        watermark = {{ column = "changed", key = ["id"] }}
        entities = {json.dumps(names)}
        """,
    )


def write(folder: Path, text: str) -> None:
    """Make the project's folder with its hygge.toml."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "hygge.toml").write_text(text, "utf-8")


def runner(folder: Path) -> Callable[[], int]:
    """Return what runs the project in this process, journal and all, with the heavy imports done."""
    import polars as pl

    from hygge_core.config import load_project
    from hygge_core.engine import Stop, run
    from hygge_core.journal.opening import open_journal
    from hygge_core.plugins import Plugins

    pl.select(1)
    plugins = Plugins.load()
    project = load_project(folder / "hygge.toml", plugins=plugins, environ=os.environ)
    journal = partial(open_journal, project, tell=print, redact=str)
    return lambda: run(project, plugins, project.entities, emit=lambda _: None, stop=Stop(), journal=journal).exit_code


def main(folder: Path) -> int:
    """Run the project in this process and time it."""
    run = runner(folder)
    started = time.perf_counter()
    code = run()
    print(json.dumps({"work": time.perf_counter() - started}))
    return code


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
