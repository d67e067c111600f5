"""The deprecations in a package's source, and those whose time has come."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from attrs import fields_dict, frozen
from packaging.version import Version

from hygge_core.deprecation import Deprecation


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


_make = Deprecation
"""By another name, or the call of it here would be taken for a deprecation."""


@frozen(kw_only=True)
class Declared:
    """A `Deprecation` that is made at ``where``, which is ``file:line``."""

    where: str
    deprecation: Deprecation


def deprecations_in(package: Path) -> tuple[Declared, ...]:
    """List the deprecations that a package declares.

    Raises `ValueError` for one that is not made of plain texts, for nobody could see when it is overdue.
    """
    files = [package] if package.is_file() else sorted(package.rglob("*.py"))
    return tuple(each for file in files for each in _in_file(file, file.relative_to(package.parent).as_posix()))


def overdue(package: Path, versions: Mapping[str, str]) -> list[str]:
    """Say which deprecated things should be gone: ``file:line: what``. ``versions`` are by distribution."""
    return [
        f"{each.where}: {each.deprecation}, and this is {each.deprecation.of} {versions[each.deprecation.of]}"
        for each in deprecations_in(package)
        if each.deprecation.of in versions and Version(versions[each.deprecation.of]) >= Version(each.deprecation.until)
    ]


def _in_file(file: Path, shown: str) -> Iterator[Declared]:
    nodes = ast.walk(ast.parse(file.read_bytes(), filename=shown))
    calls = [node for node in nodes if isinstance(node, ast.Call) and _called(node) == Deprecation.__name__]
    for call in sorted(calls, key=lambda node: node.lineno):
        where = f"{shown}:{call.lineno}"
        yield Declared(where=where, deprecation=_deprecation(call, where))


def _called(node: ast.Call) -> str:
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _deprecation(node: ast.Call, where: str) -> Deprecation:
    known = fields_dict(Deprecation)
    constants = {each.arg: each.value for each in node.keywords if each.arg and isinstance(each.value, ast.Constant)}
    texts: dict[str, Any] = {key: constant.value for key, constant in constants.items()}
    try:
        return _make(**{key: text for key, text in texts.items() if key in known})
    except TypeError as error:
        raise ValueError(f"{where}: write each part of a Deprecation as a plain text: {error}") from error
