"""What the source of a package imports, read without importing it, and which of it is not public."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from attrs import frozen

from hygge_core.public import is_public


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


@frozen(kw_only=True)
class Import:
    """One absolute import: ``name`` of ``module``, or the whole module without a name.

    ``where`` is ``file:line``, the file seen from the folder of the package.  ``for_types`` says that it
    stands under ``if TYPE_CHECKING`` and never runs.
    """

    where: str
    module: str
    name: str = ""
    for_types: bool = False


def imports_of(package: Path) -> tuple[Import, ...]:
    """List every absolute import in the modules of a package, or in a single module, those inside functions too."""
    files = [package] if package.is_file() else sorted(package.rglob("*.py"))
    return tuple(each for file in files for each in _of_file(file, file.relative_to(package.parent).as_posix()))


def private_imports(package: Path) -> list[str]:
    """Say which names of hygge_core the package imports that are not public: ``file:line: what``."""
    ours = (each for each in imports_of(package) if each.module.split(".")[0] == "hygge_core")
    return [f"{each.where}: {_import(each)}" for each in ours if not _is_allowed(each)]


def _is_allowed(each: Import) -> bool:
    return is_public(each.module, "" if each.name == "*" else each.name)


def _import(each: Import) -> str:
    return f"from {each.module} import {each.name}" if each.name else f"import {each.module}"


def _of_file(file: Path, shown: str) -> Iterator[Import]:
    tree = ast.parse(file.read_bytes(), filename=shown)
    for node, for_types in _walk(tree.body, for_types=False):
        for module, name in _imported(node):
            yield Import(where=f"{shown}:{node.lineno}", module=module, name=name, for_types=for_types)


def _imported(node: ast.AST) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Import):
        yield from ((alias.name, "") for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield from ((node.module, alias.name) for alias in node.names)


def _walk(nodes: Iterable[ast.AST], *, for_types: bool) -> Iterator[tuple[ast.stmt, bool]]:
    """Yield every statement, and whether it stands under ``if TYPE_CHECKING``."""
    for node in nodes:
        if isinstance(node, ast.stmt):
            yield node, for_types
        if isinstance(node, ast.If) and _is_type_checking(node.test):
            yield from _walk(node.body, for_types=True)
            yield from _walk(node.orelse, for_types=for_types)
        else:
            yield from _walk(ast.iter_child_nodes(node), for_types=for_types)


def _is_type_checking(test: ast.expr) -> bool:
    return (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING") or (
        isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING"
    )
