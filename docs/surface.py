"""The public surface of hygge-core, as griffe reads it from the source."""

from __future__ import annotations

from typing import TYPE_CHECKING

import griffe


if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


CORE = "hygge_core"


def load(source: Path) -> griffe.Module:
    """Read hygge_core below a folder ``src``; classes made with attrs get the ``__init__`` that attrs gives them."""
    package = griffe.load(CORE, search_paths=[source], allow_inspection=False)
    for each in list(classes(package)):
        if is_attrs(each):
            each.set_member("__init__", constructor(each))
    return package


def resolved(package: griffe.Module, path: str) -> griffe.Object | None:
    """Find what a path leads to, through the names that only point elsewhere; None where it leads nowhere.

    A function that is called like the module it comes from hides that module.
    """
    found: griffe.Object = package
    for part in path.split(".")[1:]:
        if part not in found.members:
            return None
        member = found.members[part]
        found = member.final_target if isinstance(member, griffe.Alias) else member
    if isinstance(found, griffe.Module) and found.name in found.members:
        return resolved(package, f"{found.path}.{found.name}")
    return found


def classes(inside: griffe.Object) -> Iterator[griffe.Class]:
    """Yield every class, those inside of others too."""
    for member in inside.members.values():
        if not member.is_alias and isinstance(member, griffe.Class | griffe.Module):
            if isinstance(member, griffe.Class):
                yield member
            yield from classes(member)


def is_attrs(each: griffe.Class) -> bool:
    """Whether a decorator of attrs makes it."""
    return any(str(decorator.value).split("(")[0] in {"frozen", "define"} for decorator in each.decorators)


def is_protocol(each: griffe.Class) -> bool:
    """Whether others implement it."""
    return any(str(base).split("[")[0] == "Protocol" for base in each.bases)


def constructor(each: griffe.Class) -> griffe.Function:
    """Make the ``__init__`` of a class of attrs, its fields as keywords. What a default is, is left open."""
    found = {field.name: field for owner in (*reversed(each.mro()), each) for field in fields(owner)}
    keyword = griffe.ParameterKind.keyword_only
    parameters = [
        griffe.Parameter(name.lstrip("_"), annotation=field.annotation, kind=keyword, default=default_of(field))
        for name, field in found.items()
    ]
    first = griffe.Parameter("self", kind=griffe.ParameterKind.positional_or_keyword)
    return griffe.Function("__init__", parameters=griffe.Parameters(first, *parameters), returns="None")


def fields(owner: griffe.Class) -> Iterator[griffe.Attribute]:
    """Yield the attributes of a class of attrs that its constructor takes."""
    for each in owner.attributes.values() if is_attrs(owner) else ():
        taken = each.annotation and "ClassVar" not in str(each.annotation) and "init=False" not in str(each.value)
        if taken and "property" not in each.labels:
            yield each


def default_of(field: griffe.Attribute) -> str | None:
    """Return ``...`` for a field that may be left out."""
    value = str(field.value or "")
    if value.startswith("field(") and not any(word in value for word in ("default=", "factory=")):
        return None
    return "..." if value else None
