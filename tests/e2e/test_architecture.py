"""Who may import whom, and what each module must have, read from the source itself."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest


ROOT = Path(__file__).parents[2]
PACKAGES = {file.parent.name.replace("-", "_"): file.parent for file in ROOT.glob("hygge-*/pyproject.toml")}
MODULES = sorted(file for folder in PACKAGES.values() for file in (folder / "src").rglob("*.py"))
LONGEST = 300


def named(file):
    return file.relative_to(ROOT).as_posix()


def imports(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def tree_of(file):
    return ast.parse(file.read_text("utf-8"))


def siblings(file):
    own = file.relative_to(ROOT).parts[0].replace("-", "_")
    return {other for other in PACKAGES if other not in {own, "hygge_core"}}


def test_there_are_modules_to_look_at():
    assert {"hygge_core", "hygge_home_files", "hygge_store_parquet"} <= PACKAGES.keys()
    assert len(MODULES) > 10


@pytest.mark.parametrize("file", MODULES, ids=named)
def test_no_package_imports_a_sibling_and_core_imports_no_plugin(file):
    wrong = {name for name in imports(tree_of(file)) if name.split(".")[0] in siblings(file)}
    assert not wrong, f"{named(file)} imports {sorted(wrong)}; only hygge_core may be shared"


@pytest.mark.parametrize("file", MODULES, ids=named)
def test_core_is_imported_without_its_private_names(file):
    if "hygge-core" in file.parts:
        pytest.skip("core may know itself")
    names = [name for name in imports(tree_of(file)) if name.startswith("hygge_core")]
    assert not [name for name in names if any(part.startswith("_") for part in name.split("."))]


@pytest.mark.parametrize("file", MODULES, ids=named)
def test_every_module_says_what_it_is_and_is_short(file):
    tree = tree_of(file)
    assert ast.get_docstring(tree), f"{named(file)} has no docstring"
    lines = len(file.read_text("utf-8").splitlines())
    assert lines <= LONGEST, f"{named(file)} has {lines} lines; one idea per module"


@pytest.mark.parametrize("file", MODULES, ids=named)
def test_only_the_plugin_line_knows_pluggy(file):
    allowed = "/hygge_core/plugins/" in named(file) or named(file).endswith("/hygge_core/hookspecs.py")
    uses = any(name.split(".")[0] == "pluggy" for name in imports(tree_of(file)))
    assert allowed or not uses, f"{named(file)} imports pluggy; use hygge_core.plugins"


@pytest.mark.parametrize("file", [f for f in MODULES if "hygge-core" in f.parts], ids=named)
def test_core_decides_nothing_by_the_name_of_a_plugin(file):
    names = {"mssql", "parquet", "csv", "ndjson", "sqlite", "adls", "onelake", "open_mirroring"}
    for node in ast.walk(tree_of(file)):
        if isinstance(node, ast.Compare):
            texts = {leaf.value for leaf in ast.walk(node) if isinstance(leaf, ast.Constant)}
            assert not texts & names, f"{named(file)}:{node.lineno} compares with the name of a plugin"


def test_the_guard_sees_each_way_of_importing():
    text = "import a.b\nfrom c.d import e\nfrom . import f\ndef g():\n    import h"
    assert sorted(imports(ast.parse(text))) == ["a.b", "c.d", "h"]


@pytest.mark.parametrize("name", PACKAGES)
def test_the_architecture_names_every_module_and_package_of_modules(name):
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    source = PACKAGES[name] / "src" / name
    for file in sorted(source.rglob("*.py")):
        words = file.relative_to(source).with_suffix("").parts
        if words[-1] == "__init__" and len(words) == 1:
            continue
        shown = "/".join(words[:-1]) + "/" if words[-1] == "__init__" else words[-1] + ".py"
        assert re.search(rf"(?<![\w/]){re.escape(shown)}", text), f"ARCHITECTURE.md does not name {shown} of {name}"
