"""Projects of many shapes, each with the files and the report that come of it."""

from __future__ import annotations

import pytest

from hygge_core.config import load_project
from hygge_core.errors import ConfigError
from hygge_core.migrate.checking import write
from hygge_core.migrate.project import read_project
from hygge_core.migrate.reading import leaves

from .outcomes import NAMES, PROJECTS, SAMPLES, outcome


OPEN = {
    "incremental_without_watermark",
    "misspelt_and_odd",
    "onelake",
    "open_mirroring_questions",
    "own_connections",
    "stores_to_come",
}
"""Projects that leave decisions to their owner."""


def texts(folder):
    return {
        file.relative_to(folder).as_posix(): file.read_text("utf-8") for file in folder.rglob("*") if file.is_file()
    }


def test_there_are_projects_enough():
    assert len(NAMES) >= 15
    assert set(NAMES) > OPEN


@pytest.mark.parametrize("name", NAMES)
def test_a_project_becomes_what_is_expected(name, tmp_path, plugins):
    _, _, told = outcome(name, tmp_path, plugins)
    assert told == texts(PROJECTS / name / "expected")


@pytest.mark.parametrize("name", NAMES)
def test_each_key_is_in_the_report_exactly_once(name, tmp_path, plugins):
    migration, _, told = outcome(name, tmp_path, plugins)
    project = read_project(tmp_path / name)
    written = [leaf.place for node in (*project.nodes, *project.shadowed) for leaf in leaves(node) if leaf.place.key]
    said = [(remark.file, remark.line, remark.key) for remark in migration.remarks]
    assert sorted(said) == sorted((place.file, place.line, place.key) for place in written)
    assert f"{len(said)} keys: " in told["report.txt"]


@pytest.mark.parametrize("name", sorted(set(NAMES) - OPEN))
def test_a_project_without_open_decisions_loads(name, tmp_path, plugins):
    migration, verdict, _ = outcome(name, tmp_path, plugins)
    assert not migration.decisions
    assert not verdict.problems
    assert set(verdict.unset) <= SAMPLES.keys()
    write(migration.files, tmp_path / "new")
    project = load_project(tmp_path / "new" / "hygge.toml", plugins=plugins, environ=SAMPLES)
    assert project.entities
    assert project.name == migration.files["hygge.toml"].split('name = "')[1].split('"')[0]


@pytest.mark.parametrize("name", sorted(OPEN))
def test_a_project_with_open_decisions_is_refused_until_they_are_taken(name, tmp_path, plugins):
    migration, _, told = outcome(name, tmp_path, plugins)
    assert migration.decisions
    write(migration.files, tmp_path / "new")
    with pytest.raises(ConfigError) as refused:
        load_project(tmp_path / "new" / "hygge.toml", plugins=plugins, environ=SAMPLES)
    files = "\n".join(text for file, text in told.items() if file.endswith(".toml"))
    for decision in migration.decisions:
        assert f"# TODO: {decision}" in files
    scopes = {about.partition(".")[0] for decision in migration.decisions for about in decision.about}
    places = "\n".join(f"{problem.file} {problem.key}" for problem in refused.value.problems)
    assert all(scope.replace("connections", "") in places for scope in scopes), places


@pytest.mark.parametrize(
    "name", ["readme_quick_start", "readme_one_file", "readme_sql_server", "readme_open_mirroring"]
)
def test_the_examples_of_the_readme_need_no_decision(name, tmp_path, plugins):
    migration, verdict, _ = outcome(name, tmp_path, plugins)
    assert not migration.decisions
    assert not verdict.problems
    assert not [remark for remark in migration.remarks if remark.kind == "unknown"]
