"""The list of public names is true, and our own packages keep to it."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from hygge_core import public
from hygge_core.public import ALL, GROUPS, PUBLIC, is_public, public_names
from hygge_core.testing.imports import private_imports


ROOT = Path(__file__).parents[2]
PACKAGES = sorted(ROOT.glob("hygge-[hs]*/src/*"))


@pytest.mark.parametrize("module", PUBLIC)
def test_every_listed_module_has_every_listed_name(module):
    imported = import_module(module)
    assert public_names(module)
    if PUBLIC[module] != ALL:  # the others are read from the source, those for type checkers too
        assert not [name for name in PUBLIC[module] if not hasattr(imported, name)]


def test_no_module_is_listed_twice():
    assert len(PUBLIC) == sum(len(group) for group in GROUPS.values())


def test_what_a_module_imports_or_begins_with_an_underscore_is_not_its_own_name():
    names = public_names("hygge_core.plugin")
    assert {"Command", "Context", "HomeType"} <= names
    assert not names & {"field", "frozen", "re", "Home", "_one_line", "annotations"}


def test_a_package_says_in_all_what_is_its_own():
    assert public_names("hygge_core.config") == {*import_module("hygge_core.config").__all__}


def test_only_the_listed_names_of_a_module_are_public():
    assert PUBLIC["hygge_core.cli.session"] == ("Session",)
    assert is_public("hygge_core.cli.session", "Session")
    assert not is_public("hygge_core.cli.session", "Output")
    assert not is_public("hygge_core.cli.session")
    assert not is_public("hygge_core.cli", "session")


def test_a_whole_module_may_be_imported_when_all_of_it_is_public():
    assert PUBLIC["hygge_core.schema"] == ALL
    assert is_public("hygge_core.schema")
    assert is_public("hygge_core", "schema")
    assert not is_public("hygge_core", "engine")
    assert not is_public("hygge_core.engine")


def test_a_listed_module_that_does_not_exist_is_an_error(monkeypatch):
    monkeypatch.setitem(PUBLIC, "hygge_core.nowhere", ALL)
    with pytest.raises(LookupError, match=r"lists the module 'hygge_core\.nowhere'"):
        public_names("hygge_core.nowhere")


def test_a_name_that_leaves_is_public_until_it_is_gone(tmp_path, monkeypatch):
    source = '__getattr__ = departing(__name__, {"Old": (GOING, lambda: New)})\n\nclass New: ...\nclass _Own: ...\n'
    (tmp_path / "leaving.py").write_text(source, encoding="utf-8")
    monkeypatch.setattr(public, "__file__", str(tmp_path / "public.py"))
    monkeypatch.setitem(PUBLIC, "hygge_core.leaving", ALL)
    assert public_names("hygge_core.leaving") == {"Old", "New"}


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_our_own_packages_use_only_public_names(package):
    assert private_imports(package) == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("from hygge_core.engine.go import go", "from hygge_core.engine.go import go"),
        ("from hygge_core.home import _secret", "from hygge_core.home import _secret"),
        ("from hygge_core.home import Any", "from hygge_core.home import Any"),
        ("from hygge_core import engine", "from hygge_core import engine"),
        ("from hygge_core.engine import *", "from hygge_core.engine import *"),
        ("from hygge_core.cli.session import *", "from hygge_core.cli.session import *"),
        ("import hygge_core.engine.go as go", "import hygge_core.engine.go"),
        ("if TYPE_CHECKING:\n    import hygge_core.engine", "import hygge_core.engine"),
        (
            "def late():\n    try:\n        import hygge_core.engine\n    except ImportError: ...",
            "import hygge_core.engine",
        ),
        ("from hygge_core.home import Home, Home", None),
        ("from hygge_core.sql import *", None),
        ("import hygge_core.schema", None),
        ("from . import hygge_core_engine", None),
        ("from .hygge_core import engine", None),
        ("import hygge_core_of_others.engine", None),
    ],
)
def test_a_private_import_is_found_wherever_it_stands(tmp_path, line, found):
    package = tmp_path / "acme"
    (package / "inner").mkdir(parents=True)
    (package / "inner" / "module.py").write_text(f"# first line\n{line}\n", encoding="utf-8")
    where = f"acme/inner/module.py:{_line(line)}"
    assert private_imports(package) == ([f"{where}: {found}"] if found else [])


def _line(text):
    return 2 + next(number for number, part in enumerate(text.splitlines()) if "import " in part)
