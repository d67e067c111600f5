"""Turning nodes into typed values, and everything that does not fit into problems.

cattrs finds the hook for each type; the hooks themselves are strict, go on after a
mistake, and know file, line and key of each, which cattrs' own hooks do not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import Enum
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

import attrs
from cattrs import Converter
from cattrs.errors import StructureHandlerNotFoundError

from hygge_core.config.fields import read_class
from hygge_core.config.node import Invalid, Problems
from hygge_core.config.scalars import READERS, read_size
from hygge_core.config.sizes import BYTES
from hygge_core.config.suggest import did_you_mean
from hygge_core.errors import PluginError
from hygge_core.secret import Secret


if TYPE_CHECKING:
    from collections.abc import Callable

    from hygge_core.config.node import Node


class Structure:
    """Reads nodes into types for one project.

    ``secrets`` gathers the texts of all `Secret` values met on the way.  More types can be
    taught with `teach`; the last one that fits wins.
    """

    def __init__(self) -> None:
        self.secrets: set[str] = set()
        self._converter = Converter()
        self._teach_all()

    def read(self, node: Node, wanted: Any) -> Any:
        """Read one node into a type. Raises `Invalid` with every problem in it."""
        if not node.known:
            raise Invalid
        try:
            return self._converter.structure(node, wanted)
        except StructureHandlerNotFoundError as error:
            what = f"TOML cannot hold a value of the type {wanted!r}, which a configuration class asks for"
            raise PluginError(what, where=node.place.key, fix="report it to the plugin's authors") from error

    def teach(self, fits: Callable[[Any], bool], read: Callable[[Node, Any], Any]) -> None:
        """Say how the types that fit are read."""
        self._converter.register_structure_hook_factory(fits, lambda wanted: lambda node, _: read(node, wanted))

    def _teach_all(self) -> None:
        for scalar in READERS:
            self._converter.register_structure_hook(scalar, self._scalar)
        self.teach(lambda wanted: wanted is Any, lambda node, _: node.plain())
        self.teach(_is_annotated, lambda node, wanted: self.read(node, wanted.__origin__))
        self.teach(_is_size, lambda node, _: read_size(node))
        self.teach(lambda wanted: get_origin(wanted) is Literal, lambda node, wanted: _choice(node, get_args(wanted)))
        self.teach(_is_enum, _member)
        self.teach(lambda wanted: _collection(wanted) is not None, self._collection)
        self.teach(_is_fixed_tuple, self._fixed_tuple)
        self.teach(_is_mapping, self._mapping)
        self.teach(lambda wanted: get_origin(wanted) in (Union, UnionType), self._union)
        self.teach(_is_attrs_class, lambda node, wanted: read_class(node, wanted, self.read, self.secrets))

    def _scalar(self, node: Node, wanted: Any) -> Any:
        if _is_enum(wanted):  # cattrs takes an enum that is also an int or a str for one of those
            return _member(node, wanted)
        value = READERS[wanted](node)
        if isinstance(value, Secret):
            self.secrets.add(value.reveal())
        return value

    def _collection(self, node: Node, wanted: Any) -> Any:
        make = _collection(wanted)
        element = next(iter(get_args(wanted)), Any)
        return make(self._each(node, [element] * len(node.items))) if make else None

    def _fixed_tuple(self, node: Node, wanted: Any) -> tuple[Any, ...]:
        elements = get_args(wanted)
        if len(node.items) != len(elements):
            raise node.place.invalid(f"must hold exactly {len(elements)} values, not {len(node.items)}")
        return tuple(self._each(node, elements))

    def _each(self, node: Node, wanted: Sequence[Any]) -> list[Any]:
        problems, values = Problems(), []
        for item, kind in zip(node.items, wanted, strict=True):
            with problems:
                values.append(self.read(item, kind))
        problems.settle()
        return values

    def _mapping(self, node: Node, wanted: Any) -> dict[str, Any]:
        _, inner = get_args(wanted) or (str, Any)
        problems, values = Problems(), {}
        for key, item in node.table.items():
            with problems:
                values[key] = self.read(item, inner)
        problems.settle()
        return values

    def _union(self, node: Node, wanted: Any) -> Any:
        """Take the first member that fits; if none does, tell what is wrong inside of one, or what would fit."""
        members = [member for member in get_args(wanted) if member is not NoneType]
        failures: list[Invalid] = []
        for member in members:
            try:
                return self.read(node, member)
            except Invalid as error:
                failures.append(error)
        raise _closest(node, failures)


_COLLECTIONS: dict[Any, type] = {list: list, Sequence: tuple, set: set, frozenset: frozenset, AbstractSet: frozenset}


def _closest(node: Node, failures: Sequence[Invalid]) -> Invalid:
    """Choose what to tell of a value that fits no member of a union: a fault inside of it, or all that would fit."""
    for error in failures:
        if not error.problems or any(problem.key != node.place.key for problem in error.problems):
            return error
    wanted = [error.wanted for error in failures if error.wanted]
    return node.mismatch(" or ".join(wanted)) if len(wanted) == len(failures) > 1 else failures[-1]


def _collection(wanted: Any) -> type | None:
    origin, arguments = get_origin(wanted) or wanted, get_args(wanted)
    if origin is tuple:
        return tuple if not arguments or arguments[-1] is Ellipsis else None
    return _COLLECTIONS.get(origin)


def _is_fixed_tuple(wanted: Any) -> bool:
    return get_origin(wanted) is tuple and _collection(wanted) is None


def _is_mapping(wanted: Any) -> bool:
    origin = get_origin(wanted) or wanted
    return origin in (dict, Mapping)


def _is_annotated(wanted: Any) -> bool:
    return get_origin(wanted) is Annotated


def _is_size(wanted: Any) -> bool:
    return _is_annotated(wanted) and BYTES in wanted.__metadata__


def _is_enum(wanted: Any) -> bool:
    return isinstance(wanted, type) and issubclass(wanted, Enum)


def _is_attrs_class(wanted: Any) -> bool:
    return isinstance(wanted, type) and attrs.has(wanted) and wanted is not Secret


def _member(node: Node, wanted: Any) -> Any:
    return wanted(_choice(node, [member.value for member in wanted]))


def _choice(node: Node, choices: Sequence[Any]) -> Any:
    """Read one of the given values: the same value and the same type, so that 1 is not true."""
    for choice in choices:
        if node.value == choice and isinstance(node.value, bool) == isinstance(choice, bool):
            return choice
    *others, last = (f'"{choice}"' if isinstance(choice, str) else str(choice).lower() for choice in choices)
    wanted = f"{', '.join(others)} or {last}" if others else last
    raise node.mismatch(wanted, "" if node.variables else did_you_mean(node.value, choices))
