"""The public API: which names of hygge-core others may import, and what counts as a name of a module.

A name that is listed here stays, or is deprecated before it goes; see docs/reference/stability.md.  Everything
else may change with any release, whatever its name looks like.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


ALL = ("*",)
"""Every name that the module defines or names in ``__all__``, but for those that begin with an underscore."""

_PLUGINS: Mapping[str, tuple[str, ...]] = {
    "hygge_core": ALL,
    "hygge_core.commit": ALL,
    "hygge_core.config": ALL,
    "hygge_core.config.suggest": ALL,
    "hygge_core.connection": ALL,
    "hygge_core.deprecation": ALL,
    "hygge_core.errors": ALL,
    "hygge_core.home": ALL,
    "hygge_core.hookspecs": ALL,
    "hygge_core.lake": ALL,
    "hygge_core.lakes.local": ALL,
    "hygge_core.mark": ALL,
    "hygge_core.plugin": ALL,
    "hygge_core.plugins": ALL,
    "hygge_core.public": ALL,
    "hygge_core.schema": ALL,
    "hygge_core.secret": ALL,
    "hygge_core.store": ALL,
    "hygge_core.template": ALL,
}
_HOMES: Mapping[str, tuple[str, ...]] = {
    "hygge_core.parquet.footer": ("Footer", "read_footer", "read_rows"),
    "hygge_core.parquet.schema": ("Declared", "read_schema"),
    "hygge_core.parquet.statistics": ("Extent", "extent_of"),
    "hygge_core.sql": ALL,
    "hygge_core.texts": ALL,
    "hygge_core.watermark.kinds": ("kind_of",),
    "hygge_core.watermark.marks": ("mark_of", "value_of"),
}
_STORES: Mapping[str, tuple[str, ...]] = {
    "hygge_core.polish.column": ALL,
    "hygge_core.records": ("dump", "load"),
    "hygge_core.staging.check": ("Checksum", "demand", "is_there"),
    "hygge_core.staging.history": ("History",),
    "hygge_core.staging.keys": ("leaving_keys",),
    "hygge_core.staging.layout": ALL,
    "hygge_core.staging.options": ALL,
    "hygge_core.staging.place": ("Place",),
    "hygge_core.staging.rows": ("scan",),
    "hygge_core.staging.stage": ("FileStage",),
    "hygge_core.staging.store": ("FileStore",),
    "hygge_core.staging.writer": ("PartWriter",),
}
_COMMANDS: Mapping[str, tuple[str, ...]] = {
    "hygge_core.cli.columns": ("aligned",),
    "hygge_core.cli.loading": ("open_project",),
    "hygge_core.cli.logs": ("configure_logs",),
    "hygge_core.cli.moving": ("move",),
    "hygge_core.cli.options": ("opening", "speaking", "volume"),
    "hygge_core.cli.selection": ("select",),
    "hygge_core.cli.session": ("Session",),
    "hygge_core.config.model": ALL,
    "hygge_core.engine.opened": ("Opened",),
}
_TESTS: Mapping[str, tuple[str, ...]] = {
    "hygge_core.testing": ALL,
    "hygge_core.testing.crash": ALL,
    "hygge_core.testing.judgement": ALL,
    "hygge_core.testing.plan": ALL,
    "hygge_core.testing.process": ALL,
    "hygge_core.testing.readings": ALL,
    "hygge_core.testing.shim": ALL,
    "hygge_core.testing.trial": ALL,
}

GROUPS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "every plugin": _PLUGINS,
    "homes": _HOMES,
    "stores of files": _STORES,
    "commands": _COMMANDS,
    "tests": _TESTS,
}
"""The public modules by who needs them, each with its public names."""

PUBLIC: Mapping[str, tuple[str, ...]] = {module: names for group in GROUPS.values() for module, names in group.items()}
"""The public modules, each with its public names or `ALL`."""


@cache
def public_names(module: str) -> frozenset[str]:
    """Return the public names of a module, none for a module that is not public.

    They are read from its source, so that nothing is imported to know them.  Raises `LookupError` for a
    listed module that does not exist.
    """
    listed = PUBLIC.get(module, ())
    return frozenset(_names_in(_source(module))) if listed == ALL else frozenset(listed)


def is_public(module: str, name: str = "") -> bool:
    """Tell whether others may import the name from the module, or without a name the module as a whole.

    Of a module with only some public names, those are imported by name.
    """
    whole = f"{module}.{name}" if name else module
    return PUBLIC.get(whole) == ALL or name in public_names(module)


def _source(module: str) -> ast.Module:
    path = Path(__file__).parent.joinpath(*module.split(".")[1:])
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    if not file.is_file():
        raise LookupError(f"hygge_core.public lists the module {module!r}, and there is no such module")
    return ast.parse(file.read_text(encoding="utf-8"))


def _names_in(tree: ast.Module) -> Iterator[str]:
    """Yield ``__all__`` where a module has one; else what it defines, not what it imports.

    Names that are about to leave (see `hygge_core.deprecation.departing`) are still there.
    """
    defined = {name: node for node in _statements(tree.body) for name in _defined_by(node)}
    chosen = defined.get("__all__")
    if isinstance(chosen, ast.Assign):
        yield from ast.literal_eval(chosen.value)
        return
    yield from (name for name in defined if not name.startswith("_"))


def _statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a module, those under ``if TYPE_CHECKING`` and the like too."""
    for node in body:
        if isinstance(node, ast.If):
            yield from _statements([*node.body, *node.orelse])
        else:
            yield node


def _defined_by(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Assign(
            targets=[ast.Name(id="__getattr__")],
            value=ast.Call(func=ast.Name(id="departing"), args=[_, ast.Dict(keys=keys)]),
        ):
            yield from (key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str))
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name
        case ast.Assign(targets=targets):
            yield from (target.id for target in targets if isinstance(target, ast.Name))
