"""A package as texts: the templates of its kind with its own names, author and bounds in them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from importlib.metadata import requires
from importlib.resources import files
from typing import TYPE_CHECKING

from packaging.requirements import Requirement
from packaging.version import Version

from hygge_core import __version__
from hygge_core.errors import UsageError


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from importlib.resources.abc import Traversable

    from hygge_core.scaffold.naming import Naming


_SUFFIX = ".txt"
"""How the names of templates end, so that no tool takes them for modules of hygge-core."""

_PLACES = re.compile(r"(?P<dashed>(?<=-)acme)|(?P<word>acme)|(?P<classes>Acme)|@(?P<value>\w+)@")


def render(naming: Naming, author: str) -> Mapping[str, str]:
    """Return the texts of a new package by their paths, which use ``/``, in alphabetical order.

    ``author`` goes into the metadata and the licence.  The package is bound to the hygge-core that renders it.
    Raises `UsageError` for an author whose name could not stand in these files.
    """
    if not author.strip() or not author.isprintable() or set(author) & set('"\\'):
        raise UsageError(f"{author!r} cannot be put into pyproject.toml", where="--author", fix="use a plain name")
    values = _values(naming, author)
    templates = files("hygge_core.scaffold").joinpath("templates")
    found = {**_texts(templates.joinpath("shared")), **_texts(templates.joinpath(naming.kind))}
    return {_filled(path, values): _filled(text, values) for path, text in sorted(found.items())}


def core_bounds(version: str = __version__) -> str:
    """Return the bounds of a package that is made for this version of hygge-core: ``>=0.1,<0.2``, or ``>=1.4,<2``."""
    release = Version(version)
    above = f"0.{release.minor + 1}" if release.major == 0 else str(release.major + 1)
    return f">={release.major}.{release.minor},<{above}"


def _values(naming: Naming, author: str) -> Mapping[str, str]:
    wanted = [Requirement(text) for text in requires("hygge-core") or ()]
    bounds = {each.name: f"{each.name}{each.specifier}" for each in wanted if each.marker is None}
    return {
        "dashed": naming.word.replace("_", "-"),
        "word": naming.word,
        "classes": naming.classes,
        "kind": naming.kind,
        "summary": f"{naming.kind.capitalize()} {naming.word} for hygge",
        "author": author,
        "year": f"{datetime.now(UTC):%Y}",
        "core": core_bounds(),
        "attrs": bounds["attrs"],
        "polars": bounds["polars"],
    }


def _filled(text: str, values: Mapping[str, str]) -> str:
    """Put the values in their places, in one pass, so that what an author types is never taken for a place."""
    return _PLACES.sub(lambda place: values[place["value"] or place.lastgroup or ""], text)


def _texts(folder: Traversable, path: str = "") -> dict[str, str]:
    return dict(_walked(folder, path))


def _walked(folder: Traversable, path: str) -> Iterator[tuple[str, str]]:
    for found in folder.iterdir():
        below = f"{path}{found.name.replace('dot-', '.')}"
        if found.is_dir():
            yield from _walked(found, f"{below}/")
        else:
            yield below.removesuffix(_SUFFIX), found.read_text(encoding="utf-8")
