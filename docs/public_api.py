"""Write docs/reference/public-api.txt: every public name of hygge-core with its signature.

python docs/public_api.py            # a test fails when this would change something
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import griffe
from surface import fields, is_protocol, load, resolved

from hygge_core.public import GROUPS, is_public, public_names


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "public-api.txt"
HEAD = """\
# Every public name of hygge-core, written by `python docs/public_api.py`; stability.md says what it promises.
# A default is written as `...`: that there is one is public, what it is may change.
"""


def main() -> None:
    """Write the list anew."""
    PAGE.write_text(page(), "utf-8", newline="\n")


def page() -> str:
    """Return the list as it should be."""
    package = load(ROOT / "hygge-core" / "src")
    return HEAD + "".join(f"\n# For {title}\n\n{section(package, modules)}" for title, modules in GROUPS.items())


def section(package: griffe.Module, modules: Mapping[str, object]) -> str:
    """List the names of some modules."""
    names = ((module, name) for module in modules for name in sorted(public_names(module)))
    return "".join(f"{line}\n" for module, name in names for line in lines(package, module, name))


def lines(package: griffe.Module, module: str, name: str) -> Iterator[str]:
    """Describe one name; one that another public module defines is only pointed to."""
    path = f"{module}.{name}"
    found = resolved(package, path)
    if found is None:
        yield path  # what is given on demand, by ``__getattr__``
        return
    home, _, own = found.path.rpartition(".")
    if found.path != path and is_public(home, own):
        yield f"{path} = {found.path}"
    else:
        yield from described(path, found)


def described(path: str, found: griffe.Object) -> Iterator[str]:
    """Describe an object, and what is public inside of a class."""
    if isinstance(found, griffe.Class):
        kind = "protocol" if is_protocol(found) else "class"
        yield f"{kind} {signature(found, path) or path + bases(found)}"
        told = {field.name for field in fields(found)}  # by the signature
        for name, member in found.members.items():
            if not name.startswith("_") and name not in told:
                yield from described(f"{path}.{name}", member)
    elif isinstance(found, griffe.Function):
        yield signature(found, path)
    elif isinstance(found, griffe.Attribute):
        yield path + typed(found)


def signature(found: griffe.Class | griffe.Function, path: str) -> str:
    """Write the path with parameters and result; nothing for a class that takes none of its own."""
    for parameter in found.parameters:
        parameter.default = "..." if parameter.default else None
    text = found.signature(name=path) or ""
    return text.replace("(self, ", "(").replace("(self)", "()").replace("(cls, ", "(").replace(" = ...", "=...")


def bases(found: griffe.Class) -> str:
    """Write what a class derives from."""
    named = ", ".join(map(str, found.bases))
    return f"({named})" if named else ""


def typed(found: griffe.Attribute) -> str:
    """Write the type of an attribute, or what a name for a type stands for; the values of constants stay open."""
    if found.annotation:
        return f": {found.annotation}"
    return "" if found.name.isupper() or found.name.startswith("_") else f" = {found.value}"


if __name__ == "__main__":
    main()
