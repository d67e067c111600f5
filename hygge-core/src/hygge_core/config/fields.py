"""Reading a table into an attrs class, whose attributes are the keys.

The validators of each attribute run on their own, so that all bad keys are reported at
once; what a class checks across its attributes is reported at the table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import attrs

from hygge_core.config.formerly import with_present_names
from hygge_core.config.mask import from_environment, mask
from hygge_core.config.node import Problems
from hygge_core.config.suggest import did_you_mean
from hygge_core.errors import HyggeError, PluginError


if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from hygge_core.config.node import Node
    from hygge_core.errors import Problem

    Read = Callable[[Node, Any], Any]
    Attribute = attrs.Attribute[Any]


_REFUSALS = (ValueError, TypeError, HyggeError)
"""What validators raise to refuse a value; anything else is a fault of theirs and shows as one."""


def read_class(node: Node, wanted: type, read: Read, secrets: Collection[str]) -> Any:
    """Read a table into the class.

    ``secrets`` stay out of what its validators say.  Raises `Invalid` with every problem in the table.
    """
    attributes = {key_of(attribute): attribute for attribute in attributes_of(wanted)}
    problems, values = Problems(), {}
    node = with_present_names(node, attributes, problems)
    table = node.table
    problems.add(*unknown_keys(node, attributes))
    for key, attribute in attributes.items():
        if key in table:
            with problems:
                values[key] = _read_attribute(table[key], attribute, read, secrets)
        elif attribute.default is attrs.NOTHING:
            problems.add(node.place.under(key).problem("required key is missing"))
    problems.settle()
    try:
        return wanted(**values)
    except _REFUSALS as error:
        raise node.place.invalid(_reason(error, {*secrets, *from_environment(node)})) from error


def attributes_of(wanted: type) -> tuple[Attribute, ...]:
    """List what a table may set, with types resolved. Raises `PluginError` if they cannot be."""
    try:
        resolved = attrs.resolve_types(wanted)
    except NameError as error:
        raise PluginError(
            f"the types of {wanted.__qualname__} cannot be resolved: {error}",
            where=wanted.__module__,
            fix="import what its annotations name outside of TYPE_CHECKING",
        ) from error
    return tuple(attribute for attribute in attrs.fields(resolved) if attribute.init)


def key_of(attribute: Attribute) -> str:
    """Return the key that sets an attribute: its name, without a leading underscore."""
    return attribute.alias or attribute.name


def unknown_keys(node: Node, known: Iterable[str]) -> Iterator[Problem]:
    """Find keys that mean nothing, each with the nearest that does, or all that do."""
    known = sorted(known)
    for key, inner in node.table.items():
        if key not in known:
            near = did_you_mean(key, (name for name in known if name not in node.table))
            yield inner.place.problem(
                "unknown key", near or (f"known are {', '.join(known)}" if known else "nothing can be set here")
            )


def _read_attribute(node: Node, attribute: Attribute, read: Read, secrets: Collection[str]) -> Any:
    value = read(node, Any if attribute.type is None else attribute.type)
    if attribute.validator is None or attribute.converter is not None:
        return value
    try:
        attribute.validator(_Unmade(), attribute, value)
    except _NeedsOthersError:
        return value  # it looks at other attributes, and runs again when the object is made
    except _REFUSALS as error:
        hidden = {*secrets, *from_environment(node), *([str(value)] if node.variables else [])}
        raise node.place.invalid(_without_name(_reason(error, hidden), attribute.name)) from error
    return value


def _reason(error: Exception, hidden: Collection[str]) -> str:
    """Take the message out of an exception; attrs puts the attribute and more beside it."""
    return mask(str(error.args[0]) if error.args else type(error).__name__, hidden)


def _without_name(reason: str, name: str) -> str:
    """Leave out the attribute's name at the start: the key already says it."""
    return reason.removeprefix(f"'{name}' ").removeprefix(f"{name} ").removeprefix(f"{name}: ")


class _NeedsOthersError(Exception):
    """A validator asked for an attribute of the object, which is not made yet."""


class _Unmade:
    """Stands for the object while its attributes are still being read."""

    def __getattr__(self, _: str) -> NoReturn:
        raise _NeedsOthersError
