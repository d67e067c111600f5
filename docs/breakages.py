"""Hold the public names of hygge-core against the last release: nothing goes or changes that was not deprecated.

python docs/breakages.py             # against the newest tag hygge-core-*
python docs/breakages.py FOLDER      # against the sources of a release in a folder
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import griffe
from packaging.version import Version
from releases import TAG, extract, newest_release
from surface import CORE, is_protocol, load, resolved

from hygge_core.testing.deprecations import deprecations_in, overdue


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hygge_core.deprecation import Deprecation


ROOT = Path(__file__).resolve().parent.parent
LISTING = Path("docs", "reference", "public-api.txt")
SOURCE = Path("hygge-core", "src")
OPEN = {griffe.BreakageKind.ATTRIBUTE_CHANGED_VALUE, griffe.BreakageKind.PARAMETER_CHANGED_DEFAULT}
"""What the list leaves open: values of constants, and what a default is."""
BY_NAME = {griffe.BreakageKind.PARAMETER_ADDED_REQUIRED, griffe.BreakageKind.PARAMETER_MOVED}
"""What breaks no hook: pluggy hands over by name what an implementation asks for."""


def main(arguments: list[str]) -> int:
    """Say what is wrong, one line each; 1 when anything is."""
    found = list(late(ROOT))
    if arguments:
        found += broken(Path(arguments[0]), ROOT)
    elif tag := newest_release(ROOT):
        with TemporaryDirectory() as folder:
            extract(ROOT, tag, Path(folder), SOURCE, LISTING)
            found += broken(Path(folder), ROOT)
    else:
        print(f"there is no tag {TAG}* yet, so there is no release to compare with")  # noqa: T201 - a program
    for line in found:
        print(line)  # noqa: T201 - a program
    return 1 if found else 0


def late(root: Path) -> Iterator[str]:
    """Say which deprecated things should be gone by now, in every package."""
    versions = {folder.name: version_in(folder / "pyproject.toml") for folder in sorted(root.glob("hygge-*"))}
    for name in versions:
        yield from overdue(root / name / "src" / name.replace("-", "_"), versions)


def version_in(pyproject: Path) -> str:
    """Read the version of a package."""
    (version,) = re.findall(r'^version = "(.*)"$', pyproject.read_text("utf-8"), re.MULTILINE)
    return str(version)


def broken(old: Path, new: Path) -> list[str]:
    """Say what a release made public and the sources of now no longer keep, unless its deprecation is over."""
    before, now = load(old / SOURCE), load(new / SOURCE)
    version = Version(version_in(new / "hygge-core" / "pyproject.toml"))
    announced = [each.deprecation for each in deprecations_in(old / SOURCE / CORE)]
    over = [each for each in announced if Version(each.until) <= version]
    answering = [each.deprecation for each in deprecations_in(new / SOURCE / CORE)]
    found = {**dict(removed(old, now)), **dict(changed(old, before, now))}
    return [text for path, text in sorted(found.items()) if not any(map(names(path), [*over, *answering]))]


def names(path: str) -> Callable[[Deprecation], bool]:
    """Make the question whether a deprecation is about this name, or about what it is inside of."""

    def is_meant(deprecation: Deprecation) -> bool:
        what = deprecation.what.removesuffix("()")
        return path == what or path.startswith(f"{what}.")

    return is_meant


def listed(old: Path) -> Iterator[str]:
    """Yield the public paths of a release, those inside of classes too."""
    for line in (old / LISTING).read_text("utf-8").splitlines():
        if found := re.match(r"(?:class |protocol )?(hygge_core[\w.]*)", line):
            yield found[1]


def removed(old: Path, now: griffe.Module) -> Iterator[tuple[str, str]]:
    """Yield the public paths that lead nowhere now."""
    for path in listed(old):
        if resolved(now, path) is None:
            yield path, f"{path} was public, and is gone without a deprecation"


def changed(old: Path, before: griffe.Module, now: griffe.Module) -> Iterator[tuple[str, str]]:
    """Yield the public paths whose use would have to change."""
    public = {found.path: path for path in listed(old) if (found := resolved(before, path))}
    for breakage in griffe.find_breaking_changes(before, now):
        path = public.get(breakage.obj.path.removesuffix(".__init__"))
        ignored = OPEN | {griffe.BreakageKind.OBJECT_REMOVED} | (BY_NAME if "hookspecs" in breakage.obj.path else set())
        if path and breakage.kind not in ignored:
            yield path, f"{path}: {breakage.explain(griffe.ExplanationStyle.ONE_LINE)}"
    for path, name in demanded(public, before, now):
        yield f"{path}.{name}", f"{path}.{name} is asked of every implementation of the protocol, and none has it"


def demanded(public: dict[str, str], before: griffe.Module, now: griffe.Module) -> Iterator[tuple[str, str]]:
    """Yield what protocols ask for now and did not: whoever implements them is left without it."""
    for own, path in public.items():
        was, is_now = resolved(before, own), resolved(now, own)
        if isinstance(was, griffe.Class) and isinstance(is_now, griffe.Class) and is_protocol(was):
            yield from ((path, name) for name in is_now.members.keys() - was.members.keys() if name[0] != "_")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
