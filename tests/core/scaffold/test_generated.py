"""A package that `hygge new` made passes its tests as it is; `nox -s new` builds and installs it for real."""

from __future__ import annotations

import re

import polars as pl
import pytest

from new_package import installed, made, started


QUICK = {
    "store": "test_store or imports or settings or staged or commit or abort",
    "home": "test_home or imports or settings or every_row or missing or columns_come",
    "lake": "test_lake or imports or settings or TestLake and (put or rename or taken)",
}
"""Enough of each kit to see that the generated code is held to it; `nox -s new` runs all of it."""

BREAKS = [
    ("folder.py", '_STAGE = "_stage-"', '_STAGE = "0000-append-"', "test_staged_rows_are_invisible"),
    ("folder.py", "_retire()\n", "_names()\n", "test_a_table_is_its_last_replacement_and_what_was_appended_since"),
    ("stage.py", "if found != part:", "if found == 0:", "test_sealing_refuses_a_part_that_is_not_as_written"),
    ("stage.py", "self._folder.lake.delete_directory(self._place)", "...", "test_abort_leaves_nothing"),
    ("writer.py", "self._batches.clear()", "...", "test_a_writer_begins_a_new_file_when_one_is_full"),
    ("store.py", "polars as pl\n", "polars as pl\nimport hygge_core.cli\n", "test_it_imports_only_public_names"),
]
"""What an author may break by accident, and a case that says so."""

EXAMPLE = re.compile(r"```(csv|toml|python|console)\n(.*?)```", re.DOTALL)
TABLES = {"store": "tables/shop/teas", "home": "lake/teas", "lake": "lake/teas"}
FILES = {"csv": "teas.csv", "toml": "hygge.toml"}


def tried(package, tmp_path, chosen):
    site = installed(package, tmp_path / "site")
    return started(package, site, "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "-k", chosen)


@pytest.mark.parametrize("kind", QUICK)
def test_it_keeps_its_promises_as_it_is(kind, tmp_path):
    slow = "killed or process or harm or last or large or huge or sequence"
    done = tried(made(tmp_path, kind, "zeta-cloud"), tmp_path, f"({QUICK[kind]}) and not ({slow})")
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) >= 15, done.stdout


@pytest.mark.parametrize(
    ("kind", "table"), [("store", "tables/shop/teas"), ("home", "lake/teas"), ("lake", "lake/teas")]
)
def test_the_example_of_its_readme_runs(kind, table, tmp_path):
    package = made(tmp_path, kind, "zeta-cloud")
    site = installed(package, tmp_path / "site")
    project = tmp_path / "warehouse"
    project.mkdir()
    for language, text in EXAMPLE.findall((package / "README.md").read_text("utf-8").partition("## Make it yours")[0]):
        (project / FILES.get(language, "step.py")).write_text(text, "utf-8")
        words = {"python": ["step"], "console": ["hygge_core", "go"]}.get(language)
        if words and "pip install" not in text:
            done = started(project, site, *words)
            assert done.returncode == 0, done.stdout + done.stderr
    assert pl.read_parquet(project / table / "**/*.parquet", hive_partitioning=False).height == 2


@pytest.mark.slow
@pytest.mark.parametrize(("path", "right", "wrong", "case"), BREAKS, ids=[case for *_, case in BREAKS])
def test_its_tests_catch_what_an_author_breaks(path, right, wrong, case, tmp_path):
    package = made(tmp_path, "store")
    module = package / "src" / "hygge_store_acme" / path
    text = module.read_text("utf-8")
    assert right in text
    module.write_text(text.replace(right, wrong), "utf-8")
    done = tried(package, tmp_path, case)
    assert done.returncode == 1, done.stdout
    assert f"::{case}" in done.stdout
