"""A release is held against the one before it: what was public stays, or was deprecated in time."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest


DOCS = Path(__file__).parents[2] / "docs"

HOME = """
from typing import Protocol
from attrs import field, frozen
from hygge_core.inner import Inner

ANSWER = 42

class Home(Protocol):
    def read(self, table: str, rows: int = 10) -> int: ...

    def close(self) -> None: ...

@frozen(kw_only=True)
class Part:
    name: str
    size: int = 0

def find(name: str, *, deep: bool = False) -> str: ...

def _private(name: str) -> None: ...
"""
INNER = "class Inner:\n    def turn(self, once: bool) -> None: ...\n"
SPECS = "class CommitSpecs:\n    def hygge_after_commit(self, run: str, receipt: str) -> None: ...\n"
UNLISTED = "def tell(name: str) -> None: ...\n"
LISTING = """\
# A comment.
hygge_core.home.ANSWER
protocol hygge_core.home.Home(Protocol)
hygge_core.home.Home.read(table: str, rows: int=...) -> int
hygge_core.home.Home.close() -> None
class hygge_core.home.Inner
hygge_core.home.Inner.turn(once: bool) -> None
class hygge_core.home.Part(*, name: str, size: int=...)
hygge_core.home.find(name: str, *, deep: bool=...) -> str
class hygge_core.hookspecs.CommitSpecs
hygge_core.hookspecs.CommitSpecs.hygge_after_commit(run: str, receipt: str) -> None
"""


@pytest.fixture
def breakages(program):
    return program("breakages")


@pytest.fixture
def releases(program):
    return program("releases")


SOURCES = {"home": HOME, "inner": INNER, "hookspecs": SPECS, "unlisted": UNLISTED}


def write(root, version="0.2.0", more="", **sources):
    package = root / "hygge-core" / "src" / "hygge_core"
    files = {
        package / "__init__.py": '"""The core."""\n',
        **{package / f"{name}.py": text for name, text in {**SOURCES, **sources}.items()},
        root / "hygge-core" / "pyproject.toml": f'[project]\nname = "hygge-core"\nversion = "{version}"\n',
        root / "docs" / "reference" / "public-api.txt": LISTING,
    }
    files[package / "home.py"] += more
    for file, text in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def compare(breakages, tmp_path):
    """Hold changed sources against the release; return what is said."""

    def compare_with(*change, before="", version="0.2.0", **changes):
        home = HOME.replace(*change) if change else HOME
        assert home != HOME or changes, change
        old = write(tmp_path / "old", more=before, version="0.1.0")
        return breakages.broken(old, write(tmp_path / "new", version=version, **({"home": home} | changes)))

    return compare_with


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("def find(", "def seek("), "hygge_core.home.find was public, and is gone without a deprecation"),
        (("class Part", "class Piece"), "hygge_core.home.Part was public, and is gone without a deprecation"),
        (("from hygge_core.inner import Inner\n", ""), "hygge_core.home.Inner was public, and is gone"),
        (("    def close(self) -> None: ...\n", ""), "hygge_core.home.Home.close was public, and is gone"),
        (("name: str, *, deep", "name: str, kind: str, *, deep"), "hygge_core.home.find: "),
        (("deep: bool = False", "shallow: bool = False"), "hygge_core.home.find: "),
        (("deep: bool = False", "deep: bool"), "hygge_core.home.find: "),
        (("    size: int = 0\n", "    size: int = 0\n    colour: str\n"), "hygge_core.home.Part: "),
        (("    size: int = 0\n", ""), "hygge_core.home.Part: "),
        (("    size: int = 0\n", "    size: int = field(metadata={})\n"), "hygge_core.home.Part: "),
        (("table: str, rows: int = 10", "rows: int, table: str"), "hygge_core.home.Home.read: "),
        (
            ("    def close(self)", "    def open(self) -> None: ...\n\n    def close(self)"),
            "hygge_core.home.Home.open is asked of every implementation of the protocol, and none has it",
        ),
    ],
)
def test_what_breaks_others_is_told(compare, change, said):
    (told, *_) = compare(*change)
    assert told.startswith(said), told


@pytest.mark.parametrize(
    "changes",
    [
        {"home": HOME.replace("deep: bool = False", "deep: bool = True, wide: bool = False")},
        {"home": HOME.replace("ANSWER = 42", "ANSWER = 43")},
        {"home": HOME.replace("size: int = 0", 'size: int = field(default=1, metadata={"doc": "Bytes."})')},
        {"home": HOME.replace("size: int = 0", "size: int = 0\n    colour: str = field(factory=str)")},
        {"home": HOME.replace("_private(name: str)", "_private()")},
        {"home": HOME + "\ndef more() -> None: ...\n"},
        {"unlisted": "def tell() -> None: ...\n"},
        {"hookspecs": SPECS.replace("run: str, receipt", "run: str, last: int, receipt")},
        {"inner": "from hygge_core.deeper import Inner\n", "unlisted": UNLISTED},
    ],
)
def test_what_breaks_nobody_passes(compare, changes, tmp_path):
    deeper = tmp_path / "new" / "hygge-core" / "src" / "hygge_core" / "deeper.py"
    deeper.parent.mkdir(parents=True)
    deeper.write_text(INNER, encoding="utf-8")
    assert compare(**changes) == []


def test_an_argument_that_a_hook_loses_is_told(compare):
    (told,) = compare(hookspecs=SPECS.replace(", receipt: str", ""))
    assert told.startswith("hygge_core.hookspecs.CommitSpecs.hygge_after_commit: ")


def test_what_is_public_by_another_name_is_told_by_that_name(compare):
    (told,) = compare(inner=INNER.replace("once: bool", "twice: bool"))[:1]
    assert told.startswith("hygge_core.home.Inner.turn: ")


def deprecation(until):
    return f'\nGOING = Deprecation(what="hygge_core.home.find()", since="0.1", until="{until}", instead="use seek")\n'


@pytest.mark.parametrize(
    ("until", "version", "passes"),
    [("0.2", "0.2.0", True), ("0.2", "0.3.1", True), ("0.3", "0.2.9", False), ("0.10", "0.9", False)],
)
def test_what_was_deprecated_may_go_when_it_was_said_to(compare, until, version, passes):
    told = compare("def find(", "def seek(", before=deprecation(until), version=version)
    assert (told == []) == passes


def test_what_still_answers_by_its_old_name_passes(compare):
    assert compare(home=HOME.replace("def find(", "def seek(") + deprecation("0.4")) == []


def test_a_deprecation_of_something_else_helps_nothing(compare):
    other = deprecation("0.2").replace("home.find()", "home.finding()")
    assert len(compare("def find(", "def seek(", before=other)) == 1


def test_what_is_overdue_is_told(breakages, tmp_path):
    root = write(tmp_path, more=deprecation("0.2"), version="0.2.0")
    (told,) = breakages.late(root)
    assert "goes with 0.2: use seek, and this is hygge-core 0.2.0" in told
    assert list(breakages.late(write(tmp_path, more=deprecation("0.3"), version="0.2.0"))) == []


@pytest.fixture
def repository(tmp_path):
    def git(*words):
        author = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *author, *words], cwd=tmp_path, check=True, capture_output=True)

    git("init", "-q")
    write(tmp_path)
    git("add", "hygge-core", "docs")
    git("commit", "-q", "-m", "First")
    return git


def test_before_the_first_release_there_is_nothing_to_compare_with(releases, repository, tmp_path):
    repository("tag", "hygge-home-files-9.0")
    repository("tag", "hygge-core-draft")
    repository("tag", "hygge-core-0.1.0rc1")
    assert releases.newest_release(tmp_path) == ""


def test_the_newest_release_is_the_highest_version(releases, repository, tmp_path):
    for version in ("0.9.0", "0.10.0", "0.2.0", "0.11.0.dev1"):
        repository("tag", f"hygge-core-{version}")
    assert releases.newest_release(tmp_path) == "hygge-core-0.10.0"


def test_a_release_is_compared_as_it_was_tagged(releases, breakages, repository, tmp_path):
    repository("tag", "hygge-core-0.1.0")
    write(tmp_path, home=HOME.replace("def find(", "def seek("))
    then = tmp_path / "then"
    releases.extract(tmp_path, "hygge-core-0.1.0", then, breakages.SOURCE, breakages.LISTING)
    (told,) = breakages.broken(then, tmp_path)
    assert told == "hygge_core.home.find was public, and is gone without a deprecation"


@pytest.mark.slow
def test_our_own_names_are_what_they_are(breakages, capsys):
    assert breakages.main([str(DOCS.parent)]) == 0
    assert capsys.readouterr().out == ""


def test_nothing_of_ours_is_overdue(breakages):
    assert list(breakages.late(DOCS.parent)) == []
