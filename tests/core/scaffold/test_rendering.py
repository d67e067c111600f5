"""The texts of a new package are code, settings and words, with its own names in them."""

from __future__ import annotations

import ast
import importlib.util
import tomllib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import Requirement

from hygge_core import UsageError, __version__
from hygge_core.public import is_public
from hygge_core.scaffold.naming import named
from hygge_core.scaffold.rendering import core_bounds, render
from new_package import made, started


KINDS = ["store", "home", "lake"]
SHARED = {".github/workflows/check.yml", ".gitignore", "CHANGELOG.md", "LICENSE", "README.md", "pyproject.toml"}
NAMES = ["acme", "q", "zeta-cloud-data-platform"]


def rendered(kind, name="zeta-cloud", author="Ada Lovelace"):
    return render(named(kind, name), author)


def project_of(texts):
    return tomllib.loads(texts["pyproject.toml"])["project"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_package_is_whole(kind):
    files = rendered(kind).keys()
    module = f"src/hygge_{kind}_zeta_cloud"
    modules = {f"{module}/{name}" for name in ("__init__.py", "plugin.py", "config.py", "conformance.py", "py.typed")}
    assert files >= SHARED | modules | {"tests/test_conformance.py", f"tests/test_{kind}.py"}
    assert list(files) == sorted(files)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_the_template_is_left(kind):
    for path, text in rendered(kind).items():
        assert "acme" not in f"{path}{text}".lower().replace("${acme_", ""), path
        assert not {"@kind@", "@author@", "@core@"} & set(text.split()), path
        assert not path.endswith(".txt")
        assert "dot-" not in path


@pytest.mark.parametrize("kind", KINDS)
def test_every_module_is_code_that_says_what_it_is(kind):
    modules = {path: text for path, text in rendered(kind).items() if path.endswith(".py")}
    for path, text in modules.items():
        assert ast.get_docstring(ast.parse(text, path)), path
        assert len(text.splitlines()) <= 200, path


@pytest.mark.parametrize("kind", KINDS)
def test_only_public_names_of_core_are_used(kind):
    found = [
        (node.module, alias.name)
        for path, text in rendered(kind).items()
        if path.endswith(".py")
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom) and node.module.split(".")[0] == "hygge_core"
        for alias in node.names
    ]
    assert len(found) > 10
    assert not [name for name in found if not is_public(*name)]


@pytest.mark.parametrize("kind", KINDS)
def test_the_project_is_bound_to_this_core_and_found_by_it(kind):
    project = project_of(rendered(kind))
    assert project["name"] == f"hygge-{kind}-zeta-cloud"
    assert project["authors"] == [{"name": "Ada Lovelace"}]
    assert project["entry-points"] == {
        "hygge": {"zeta_cloud": f"hygge_{kind}_zeta_cloud.plugin"},
        "hygge.conformance": {"zeta_cloud": f"hygge_{kind}_zeta_cloud.conformance"},
    }
    core, *others = map(Requirement, project["dependencies"])
    assert core.name == "hygge-core"
    assert core.specifier.contains(__version__)
    assert {spec.operator for spec in core.specifier} == {">=", "<"}
    assert [each.name for each in others] == ["attrs", "polars"]
    assert all(each.specifier for each in others)


@pytest.mark.parametrize(
    ("version", "bounds"),
    [("0.1.0", ">=0.1,<0.2"), ("0.12.7", ">=0.12,<0.13"), ("1.4.2", ">=1.4,<2"), ("2.0.0rc1", ">=2.0,<3")],
)
def test_bounds_follow_the_version_of_core(version, bounds):
    assert core_bounds(version) == bounds


@given(st.text(max_size=30))
def test_any_author_is_named_as_typed_or_refused(author):
    try:
        texts = rendered("home", author=author)
    except UsageError:
        return
    assert project_of(texts)["authors"] == [{"name": author}]
    assert f"Copyright (c) {datetime.now(UTC):%Y} {author}" in texts["LICENSE"]


@pytest.mark.parametrize("author", ["", " ", 'the "best"', "back\\slash", "two\nlines"])
def test_an_author_that_toml_could_not_hold_is_refused(author):
    with pytest.raises(UsageError, match=r"--author: .* cannot be put into"):
        rendered("store", author=author)


@pytest.mark.parametrize("author", ["Acme Ltd", "hygge-store-acme", "@core@", "the acme people"])
def test_an_author_that_looks_like_a_place_of_the_template_stays_as_it_is(author):
    texts = rendered("lake", author=author)
    assert project_of(texts)["authors"] == [{"name": author}]
    assert author in texts["LICENSE"]


@pytest.mark.skipif(importlib.util.find_spec("ruff") is None, reason="ruff is not installed")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", NAMES)
def test_it_is_clean_by_its_own_settings_whatever_its_name(kind, name, tmp_path):
    package = made(tmp_path, kind, name)
    for words in (["check", "--no-cache"], ["format", "--check", "--no-cache"]):
        done = started(package, tmp_path, "ruff", *words)
        assert done.returncode == 0, done.stdout
