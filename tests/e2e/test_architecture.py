"""Who may import whom, and what each module must have, read from the source itself."""

from __future__ import annotations

import ast
import re
import runpy
import tomllib
from pathlib import Path

import pytest


ROOT = Path(__file__).parents[2]
PACKAGES = {file.parent.name.replace("-", "_"): file.parent for file in ROOT.glob("hygge-*/pyproject.toml")}
MODULES = sorted(file for folder in PACKAGES.values() for file in (folder / "src").rglob("*.py"))
PLUGIN_TYPES = {"mssql", "parquet", "csv", "ndjson", "sqlite", "adls", "onelake", "open_mirroring"}
NAMES_ITS_SAMPLES_PACKAGES = "hygge_core/cli/init.py"
LONGEST = 300


def named(file):
    return file.relative_to(ROOT).as_posix()


def tree_of(file):
    return ast.parse(file.read_text("utf-8"))


def imports(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def siblings(file):
    """Return the packages that the one of this file does not say it needs."""
    own = file.relative_to(ROOT).parts[0].replace("-", "_")
    project = tomllib.loads((PACKAGES[own] / "pyproject.toml").read_text("utf-8"))["project"]
    needed = {re.split(r"[^A-Za-z0-9_-]", word)[0].replace("-", "_") for word in project["dependencies"]}
    return PACKAGES.keys() - {own} - needed


def compared_texts(tree):
    """Yield the constants of every comparison, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            yield node.lineno, {leaf.value for leaf in ast.walk(node) if isinstance(leaf, ast.Constant)}


def test_there_are_modules_to_look_at():
    assert {"hygge_core", "hygge_home_files", "hygge_home_sqlite", "hygge_store_parquet"} <= PACKAGES.keys()
    assert {"hygge_home_mssql", "hygge_store_adls", "hygge_store_openmirroring"} <= PACKAGES.keys()
    assert not any(name in siblings(file) for file in MODULES for name in ["hygge_core"])
    core = next(file for file in MODULES if "hygge_core" in file.parts)
    assert siblings(core) == PACKAGES.keys() - {"hygge_core"}
    assert len(MODULES) > 100


def test_no_package_imports_a_sibling_and_core_imports_no_plugin():
    wrong = [(named(f), n) for f in MODULES for n in imports(tree_of(f)) if n.split(".")[0] in siblings(f)]
    assert not wrong, "only what a package depends on"


def test_plugins_use_only_public_names_of_core():
    plugins = [file for file in MODULES if "hygge-core" not in file.parts]
    names = [(named(f), n) for f in plugins for n in imports(tree_of(f)) if n.startswith("hygge_core")]
    assert names
    assert not [(file, name) for file, name in names if re.search(r"\._", name)]


def test_nothing_in_core_imports_the_command_line_or_the_kit_except_themselves():
    def outside(file):
        themselves = ("/hygge_core/cli/", "/commands/", "/testing/", "/conformance", "/__main__.py")
        return not any(part in named(file) for part in themselves)

    wrong = re.compile(r"hygge_core\.(cli|testing)")
    assert not [(named(f), n) for f in MODULES if outside(f) for n in imports(tree_of(f)) if wrong.match(n)]


def test_only_the_plugin_line_knows_pluggy():
    knows = {named(file) for file in MODULES if any(name.split(".")[0] == "pluggy" for name in imports(tree_of(file)))}
    assert knows, "the guard sees nothing"
    assert all("/hygge_core/plugins/" in file or file.endswith("/hygge_core/hookspecs.py") for file in knows)


def test_core_decides_nothing_by_the_name_of_a_plugin():
    core = [
        file for file in MODULES if "hygge-core" in file.parts and not named(file).endswith(NAMES_ITS_SAMPLES_PACKAGES)
    ]
    wrong = [f"{named(f)}:{line}" for f in core for line, texts in compared_texts(tree_of(f)) if texts & PLUGIN_TYPES]
    assert not wrong


def test_every_module_says_what_it_is():
    assert not [named(file) for file in MODULES if not ast.get_docstring(tree_of(file))]


def test_every_module_is_short():
    assert not [named(file) for file in MODULES if len(file.read_text("utf-8").splitlines()) > LONGEST]


def test_every_module_postpones_its_annotations():
    longer = [file for file in MODULES if len(tree_of(file).body) > 1]
    assert not [named(f) for f in longer if "from __future__ import annotations" not in f.read_text("utf-8")]


@pytest.mark.parametrize("name", ["utils", "helpers", "base", "manager", "common", "misc"])
def test_no_module_is_named_after_nothing(name):
    assert not [named(file) for file in MODULES if file.stem == name]


def test_the_guards_see_each_way_of_importing_and_comparing():
    tree = ast.parse("import a.b\nfrom c.d import e\nfrom . import f\ndef g(x):\n    import h\n    return x in {'csv'}")
    assert sorted(imports(tree)) == ["a.b", "c.d", "h"]
    assert list(compared_texts(tree)) == [(6, {"csv"})]


def test_the_architecture_names_every_module_as_it_names_itself():
    page = runpy.run_path(str(ROOT / "docs" / "modules.py"))["page"]()
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    assert text == page, "run `python docs/modules.py` and commit ARCHITECTURE.md"
    assert all(f"`{file.name}`" in text for file in MODULES if not file.name.startswith("__"))


def test_what_the_architecture_points_at_is_there():
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8").partition("<!-- modules -->")[0]
    core = PACKAGES["hygge_core"] / "src" / "hygge_core"
    names = set(re.findall(r"`((?:[a-z_]+/)?[a-z_]+\.py|[a-z_]+/)`", text))
    assert len(names) > 10
    for name in names - {"_hygge/"}:
        assert (core / name).exists() or (ROOT / name).exists(), f"ARCHITECTURE.md speaks of {name}"
